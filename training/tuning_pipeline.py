"""From a general encoder and a handbook's wordings to the shipped encoder, in one screen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize
from tokenizers import Tokenizer

from training.batches import Features, draw_batches, tokenise_pairs
from training.context_embedding import ContextEmbedding, narrowed
from training.evaluate import Encode, load_encoder
from training.first_vectors import Vectors
from training.handbook_texts import LabelledTexts, handbook_texts, held_out
from training.neighbours import section_hits
from training.pairs import read_pair_sets
from training.save import save_model
from training.settings import Recipe, TransformerRecipe, TuningRecipe
from training.token_lists import tokenise
from training.train import make_repeatable
from training.tune import tune, tune_vectors
from training.words import build_word_cutter

Report = Callable[[str], None]


def tune_model(data: Path, base: Path, handbook: Path, folder: Path, recipe: TuningRecipe, report: Report) -> None:
    """Tune an encoder on a handbook and write its folder.

    Args:
        data: The training data folder, for the batches that keep general knowledge up.
        base: The model to start from, as `build_model` writes it.
        handbook: A handbook folder with similar questions.
        folder: Where the tuned model goes; one that is there already is replaced at the end, at once.
        recipe: Every number. Equal data, base and recipe give equal bytes.
        report: Called with one line of progress after each step.

    Raises:
        FileNotFoundError: If a data file is missing.
    """
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    split = _split(handbook, recipe, report)
    longest = Recipe().longest_text_tokens
    texts = tokenise(tokenizer, list(split.learned.texts), longest), split.learned.labels
    general = _general(data, tokenizer, recipe, longest, report)
    vectors = tune_vectors(tokenizer, load_vectors(base), texts, general, recipe, _told(report))
    save_model(folder, tokenizer, vectors)
    split.report({"base": load_encoder(base), "tuned": load_encoder(folder)}, report)


def tune_transformer(
    data: Path, base: Path, handbook: Path, folder: Path, recipe: TransformerRecipe, report: Report
) -> None:
    """Train a small transformer over the base model's tokens as `tune_model` tunes the model itself, and write it."""
    make_repeatable(recipe.threads, recipe.seed)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    split = _split(handbook, recipe, report)
    module = ContextEmbedding(
        tokenizer,
        narrowed(torch.from_numpy(load_vectors(base)), recipe.width),
        layers=recipe.layers,
        heads=recipe.heads,
        feed_forward=recipe.feed_forward,
        longest_tokens=recipe.longest_text_tokens,
    )
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    layers = [weights for name, weights in module.named_parameters() if not name.startswith("embedding.")]
    groups = [
        {"params": [module.embedding.weight], "lr": recipe.learning_rate},
        {"params": layers, "lr": recipe.layer_learning_rate},
    ]
    texts = tokenise(tokenizer, list(split.learned.texts), recipe.longest_text_tokens), split.learned.labels
    general = _general(data, tokenizer, recipe, recipe.longest_text_tokens, report)
    tune(model, groups, texts, general, recipe, _told(report))
    folder.mkdir(parents=True, exist_ok=True)
    module.save(str(folder))
    split.report({"base": load_encoder(base), "transformer": load_encoder(folder)}, report)


@dataclass(frozen=True)
class _Split:
    """A handbook's texts: what is learned, and the wordings that were kept aside."""

    learned: LabelledTexts
    asked: LabelledTexts

    def report(self, encoders: dict[str, Encode], report: Report) -> None:
        """Say how well each encoder finds the sections of what was kept aside; nothing when nothing was."""
        for name, encode in encoders.items() if self.asked.texts else ():
            hits = section_hits(encode, self.learned, self.asked)
            report(f"held out, {name}: hit@1 {hits.hit_at_1:.4f}, hit@3 {hits.hit_at_3:.4f}")


def _split(handbook: Path, recipe: TuningRecipe, report: Report) -> _Split:
    texts = handbook_texts(handbook)
    is_held_out = held_out(texts, recipe.held_out_percent)
    report(f"handbook: {int((~is_held_out).sum())} texts, {int(is_held_out.sum())} wordings held out")
    return _Split(texts.without(is_held_out), texts.without(~is_held_out))


def _general(
    data: Path, tokenizer: Tokenizer, recipe: TuningRecipe, longest_tokens: int, report: Report
) -> Iterator[tuple[Features, Features]]:
    pairs = Recipe()
    sets = [tokenise_pairs(tokenizer, one, longest_tokens) for one in read_pair_sets(data, pairs, build_word_cutter())]
    report(f"pairs: {sum(len(one.sides) for one in sets)} from other texts")
    return draw_batches(sets, np.random.default_rng(recipe.seed), recipe.general_batch_pairs, pairs.token_dropout)


def _told(report: Report) -> Callable[[int, float], None]:
    return lambda step, loss: report(f"step {step}: loss {loss:.4f}")


def load_vectors(folder: Path) -> Vectors:
    """Return the token vectors of a model folder, float32, shape (tokens, dimension)."""
    tensors = load_file(folder / "model.safetensors")
    return np.asarray(tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None], dtype=np.float32)

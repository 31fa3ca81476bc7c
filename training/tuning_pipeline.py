"""From a general encoder and a handbook's wordings to the shipped encoder, in one screen."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from training.batches import draw_batches, tokenise_pairs
from training.evaluate import load_encoder
from training.first_vectors import Vectors
from training.handbook_texts import handbook_texts, held_out
from training.neighbours import section_hits
from training.pairs import read_pair_sets
from training.save import save_model
from training.settings import Recipe, TuningRecipe
from training.token_lists import tokenise
from training.tune import tune_vectors
from training.words import build_word_cutter


def tune_model(
    data: Path, base: Path, handbook: Path, folder: Path, recipe: TuningRecipe, report: Callable[[str], None]
) -> None:
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
    all_texts = handbook_texts(handbook)
    is_held_out = held_out(all_texts, recipe.held_out_percent)
    texts = all_texts.without(is_held_out)
    report(f"handbook: {len(texts.texts)} texts, {int(is_held_out.sum())} wordings held out")
    pairs = Recipe()
    sets = [
        tokenise_pairs(tokenizer, one, pairs.longest_text_tokens)
        for one in read_pair_sets(data, pairs, build_word_cutter())
    ]
    report(f"pairs: {sum(len(one.sides) for one in sets)} from other texts")
    general = draw_batches(sets, np.random.default_rng(recipe.seed), recipe.general_batch_pairs, pairs.token_dropout)
    vectors = tune_vectors(
        tokenizer,
        load_vectors(base),
        (tokenise(tokenizer, list(texts.texts), pairs.longest_text_tokens), texts.labels),
        general,
        recipe,
        lambda step, loss: report(f"step {step}: loss {loss:.4f}"),
    )
    save_model(folder, tokenizer, vectors)
    if is_held_out.any():
        asked = all_texts.without(~is_held_out)
        for name, model in (("base", base), ("tuned", folder)):
            hits = section_hits(load_encoder(model), texts, asked)
            report(f"held out, {name}: hit@1 {hits.hit_at_1:.4f}, hit@3 {hits.hit_at_3:.4f}")


def load_vectors(folder: Path) -> Vectors:
    """Return the token vectors of a model folder, float32, shape (tokens, dimension)."""
    tensors = load_file(folder / "model.safetensors")
    return np.asarray(tensors["embeddings"].astype(np.float32) * tensors["weights"][:, None], dtype=np.float32)

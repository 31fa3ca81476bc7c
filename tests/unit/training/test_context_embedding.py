"""The transformer beside the static encoder: untrained it is that encoder, trained it hears the order of words."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from training.batches import Features, features
from training.context_embedding import ContextEmbedding, narrowed, padded
from training.evaluate import load_encoder
from training.settings import TransformerRecipe
from training.token_lists import tokenise
from training.tokenizer import build_tokenizer
from training.tune import tune

TEXTS = ["工会交会费", "会费交工会", "年假", "", "会费怎么交年假几天"]
RECIPE = TransformerRecipe(steps=200, warmup_steps=10, learning_rate=0.003, batch_texts=8, token_dropout=0.0)


@pytest.fixture
def tokenizer() -> Tokenizer:
    return build_tokenizer(Counter({"会费": 3, "工会": 2, "年假": 2}), 7_000, 4)


@pytest.fixture
def module(tokenizer: Tokenizer) -> ContextEmbedding:
    torch.manual_seed(0)
    vectors = torch.randn(tokenizer.get_vocab_size(), 16)
    vectors[0] = 0.0
    return ContextEmbedding(tokenizer, vectors, layers=2, heads=2, feed_forward=32, longest_tokens=12)


def encode(module: torch.nn.Module, texts: list[str]) -> np.ndarray:
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    model.eval()
    return np.asarray(model.encode(texts, show_progress_bar=False))


def test_untrained_it_is_the_static_encoder(tokenizer: Tokenizer, module: ContextEmbedding) -> None:
    static = StaticEmbedding(tokenizer, embedding_weights=module.embedding.weight.detach().numpy())
    module.positions.data.zero_()
    assert encode(module, TEXTS) == pytest.approx(encode(static, TEXTS), abs=1e-5)


def test_a_text_is_the_same_alone_and_among_longer_ones(module: ContextEmbedding) -> None:
    trained_somewhat(module)
    together = encode(module, TEXTS * 50)
    assert together[:5] == pytest.approx(np.concatenate([encode(module, [text]) for text in TEXTS]), abs=1e-5)
    assert together[3] == pytest.approx(np.zeros(16), abs=1e-6)


def test_what_is_saved_is_what_is_loaded(module: ContextEmbedding, tmp_path: Path) -> None:
    trained_somewhat(module)
    module.save(str(tmp_path))
    assert load_encoder(tmp_path)(TEXTS) == pytest.approx(encode(module, TEXTS), abs=1e-6)


def test_training_draws_a_section_together_through_the_layers(tokenizer: Tokenizer, module: ContextEmbedding) -> None:
    texts = ["会费怎么交", "工会收多少", "年假几天", "怎么休"]
    lists = tokenise(tokenizer, texts, 12)
    labels = np.array([0, 0, 1, 1])

    def general() -> Iterator[tuple[Features, Features]]:
        chance = np.random.default_rng(0)
        while True:
            yield tuple(features(*lists.take(np.array(texts)), chance, 0.0) for texts in ([0, 2], [1, 3]))  # type: ignore[misc]

    told: list[float] = []
    model = SentenceTransformer(modules=[module, Normalize()], device="cpu")
    # The token vectors stay as they are: what is learned, the layers have learned.
    groups = [{"params": list(module.context.parameters()), "lr": RECIPE.learning_rate}]
    before = encode(module, texts)
    tune(model, groups, (lists, labels), general(), RECIPE, lambda _step, loss: told.append(loss))
    vectors = encode(module, texts)
    assert told[-1] < told[0]
    for one, other, stranger in ((0, 1, 2), (2, 3, 0)):
        assert vectors[one] @ vectors[other] > max(vectors[one] @ vectors[stranger], before[one] @ before[other])


def test_tokens_are_put_into_rows_and_cut() -> None:
    ids, is_there = padded(torch.tensor([5, 6, 7, 8]), torch.tensor([0, 3, 3]), torch.tensor([2, 0, 1]))
    assert ids.tolist() == [[5, 6], [0, 0], [8, 0]]
    assert is_there.tolist() == [[True, True], [False, False], [True, False]]


def test_fewer_directions_keep_what_differs_most() -> None:
    vectors = torch.tensor([[3.0, 0.0, 0.1], [0.0, 2.0, 0.0], [-3.0, 1.0, 0.0]])
    kept = narrowed(vectors, 2)
    assert kept.shape == (3, 2)
    assert (kept @ kept.T).numpy() == pytest.approx((vectors @ vectors.T).numpy(), abs=0.02)
    assert narrowed(vectors, 3) is vectors


def trained_somewhat(module: ContextEmbedding) -> None:
    """Give the layers something to say."""
    torch.manual_seed(1)
    for weights in module.context.parameters():
        weights.data += 0.1 * torch.randn_like(weights)

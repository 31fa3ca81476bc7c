from collections import Counter

import numpy as np
import pytest

from training.batches import TokenPairs, draw_batches, tokenise_pairs
from training.pairs import PairSet
from training.token_lists import TokenLists
from training.tokenizer import build_tokenizer


def token_pairs() -> TokenPairs:
    """Pairs of texts 0-5; text n holds n + 1 tokens, all n; texts 0 and 3 stand in two pairs each."""
    lengths = np.arange(1, 7)
    texts = TokenLists(np.repeat(np.arange(6), lengths), np.concatenate([[0], np.cumsum(lengths)]))
    return TokenPairs(1.0, texts, np.array([[0, 3], [1, 3], [2, 4], [0, 5]]))


def texts_of(features: dict) -> list[int]:
    ids, starts = features["input_ids"].numpy(), features["offsets"].numpy()
    ends = [*starts[1:], len(ids)]
    return [int(ids[start]) for start, end in zip(starts, ends, strict=True) if end > start]


def test_no_text_comes_twice_on_its_side_and_pairs_stay_pairs() -> None:
    chance = np.random.default_rng(0)
    pairs = {(0, 3), (1, 3), (2, 4), (0, 5)}
    batches = draw_batches([token_pairs()], chance, batch_pairs=16, token_dropout=0.0)
    for _ in range(20):
        first, second = (texts_of(side) for side in next(batches))
        assert len(set(first)) == len(first) == len(set(second)) == len(second)
        assert set(zip(first, second, strict=True)) <= pairs


def test_dropout_leaves_out_about_its_share_and_keeps_empty_texts() -> None:
    texts = TokenLists(np.zeros(20_000, dtype=np.int64), np.arange(0, 20_001, 10))
    sides = np.stack([np.arange(1000), np.arange(1000, 2000)], axis=1)
    batches = draw_batches([TokenPairs(1.0, texts, sides)], np.random.default_rng(1), 5000, 0.9)
    first, _ = next(batches)
    assert len(first["offsets"]) > 900
    assert len(first["input_ids"]) / (10 * len(first["offsets"])) == pytest.approx(0.1, abs=0.02)
    assert (np.diff(first["offsets"].numpy()) == 0).any()


def test_sets_are_drawn_by_their_shares() -> None:
    one = token_pairs()
    texts = TokenLists(np.array([9, 9]), np.array([0, 1, 2]))
    rare = TokenPairs(0.25, texts, np.array([[0, 1]]))
    batches = draw_batches([one, rare], np.random.default_rng(2), 4, 0.0)
    from_rare = sum(texts_of(next(batches)[0]) == [9] for _ in range(400))
    assert 50 < from_rare < 115


def test_equal_seeds_give_equal_batches() -> None:
    runs = [draw_batches([token_pairs()], np.random.default_rng(3), 4, 0.5) for _ in range(2)]
    for _ in range(10):
        one, other = (next(run) for run in runs)
        assert all(
            a["input_ids"].equal(b["input_ids"]) and a["offsets"].equal(b["offsets"])
            for a, b in zip(one, other, strict=True)
        )


def test_each_distinct_text_is_tokenised_once() -> None:
    tokenizer = build_tokenizer(Counter({"工会": 2, "职工": 1}), 7_000, 4)
    found = tokenise_pairs(tokenizer, PairSet("any", 2.0, (("工会", "职工"), ("职工", "工会"))), 8)
    assert found.sides.tolist() == [[0, 1], [1, 0]]
    assert len(found.texts) == 2
    assert found.share == 2.0

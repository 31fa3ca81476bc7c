"""Tuning on a handbook: the loss by visible arithmetic, and wordings that were kept aside."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from training.batches import Features, features
from training.handbook_texts import NEGATIVE, LabelledTexts, handbook_texts, held_out
from training.neighbours import section_hits
from training.settings import TuningRecipe
from training.token_lists import tokenise
from training.tokenizer import build_tokenizer
from training.tune import soft_nearest_neighbour_loss, tune_vectors

RECIPE = TuningRecipe(steps=60, warmup_steps=2, learning_rate=0.05, batch_texts=8, token_dropout=0.0)
TEXTS = ("会费怎么交", "会费交多少", "年假几天", "年假怎么休", "月亮多远")
LABELS = np.array([0, 0, 1, 1, NEGATIVE])


def unit(*rows: tuple[float, ...]) -> torch.Tensor:
    return torch.nn.functional.normalize(torch.tensor(rows), dim=1)


def test_the_loss_is_the_share_of_ones_own_section_among_all_others() -> None:
    vectors = unit((1.0, 0.0), (0.6, 0.8), (0.0, 1.0))
    loss = soft_nearest_neighbour_loss(vectors, torch.tensor([0, 0, 1]), 2.0)
    near, first_far, second_far = math.exp(2 * 0.6), math.exp(2 * 0.0), math.exp(2 * 0.8)
    expected = (-math.log(near / (near + first_far)) - math.log(near / (near + second_far))) / 2
    assert loss.item() == pytest.approx(expected, abs=1e-5)  # the third has no other text of its section


def test_negative_questions_are_pushed_away_and_nobodys_kind() -> None:
    vectors = unit((1.0, 0.0), (0.6, 0.8), (0.0, 1.0), (0.1, 1.0))
    of_negatives = soft_nearest_neighbour_loss(vectors, torch.tensor([0, 0, NEGATIVE, NEGATIVE]), 2.0)
    of_a_section = soft_nearest_neighbour_loss(vectors, torch.tensor([0, 0, 1, 1]), 2.0)
    assert of_negatives.item() > 0
    assert of_negatives.item() != pytest.approx(of_a_section.item())


def test_tuning_draws_the_wordings_of_a_section_together_and_repeats() -> None:
    tokenizer = build_tokenizer(Counter({"会费": 2, "年假": 2}), 7_000, 4)
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    texts = tokenise(tokenizer, list(TEXTS), 20)

    def general() -> Iterator[tuple[Features, Features]]:
        chance = np.random.default_rng(0)
        while True:
            yield (
                features(*texts.take(np.array([0, 2])), chance, 0.0),
                features(*texts.take(np.array([1, 3])), chance, 0.0),
            )

    told: list[int] = []
    tuned = [
        tune_vectors(tokenizer, vectors, (texts, LABELS), general(), RECIPE, lambda step, _: told.append(step))
        for _ in range(2)
    ]
    assert np.array_equal(tuned[0], tuned[1])
    assert not tuned[0][0].any()

    def similarity(table: np.ndarray, first: str, second: str) -> float:
        a, b = (table[tokenizer.encode(text).ids].mean(axis=0) for text in (first, second))
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert similarity(tuned[0], TEXTS[0], TEXTS[1]) > similarity(vectors, TEXTS[0], TEXTS[1])
    assert similarity(tuned[0], TEXTS[0], TEXTS[2]) < similarity(tuned[0], TEXTS[0], TEXTS[1])


def test_the_texts_of_a_handbook_carry_their_section(
    tmp_path: Path, write_handbook: Callable[[Path, dict[str, str]], Path]
) -> None:
    folder = write_handbook(tmp_path / "leave", {"年休假有几天？": "年休假5天。", "会费怎么交？": "按月交到工会。"})
    (folder / "similar_questions.jsonl").write_text('{"n": 2, "q": "会费咋交"}\n', encoding="utf-8")
    (folder / "negative_questions.jsonl").write_text('{"q": "食堂在哪"}\n', encoding="utf-8")
    texts = handbook_texts(folder)
    by_label = {
        label: [t for t, one in zip(texts.texts, texts.labels, strict=True) if one == label] for label in (0, 1)
    }
    assert any("年休假5天" in text for text in by_label[0])
    assert any("会费咋交" in text for text in by_label[1])
    assert texts.labels[-1] == NEGATIVE
    assert texts.is_wording.tolist() == [False, False, True, True, True, True]


def test_wordings_are_kept_aside_by_their_own_words_alone() -> None:
    texts = LabelledTexts(tuple(map(str, range(400))), np.arange(400) % 3 - 1, np.arange(400) >= 100)
    kept_aside = held_out(texts, 20)
    assert 30 < kept_aside.sum() < 60
    assert not kept_aside[:100].any()
    assert not kept_aside[texts.labels == NEGATIVE].any()
    assert np.array_equal(held_out(texts.without(~kept_aside), 20), np.ones(kept_aside.sum(), dtype=bool))
    assert not held_out(texts, 0).any()


def test_hits_are_counted_by_the_nearest_texts_of_each_section() -> None:
    vectors = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (-1.0, 0.0), "d": (0.0, -1.0), "x": (0.9, 0.1), "y": (0.8, 0.6)}
    known = LabelledTexts(("a", "b", "c", "d", "x"), np.array([0, 1, 2, 3, NEGATIVE]), np.ones(5, dtype=bool))
    asked = LabelledTexts(("x", "y"), np.array([0, 1]), np.ones(2, dtype=bool))
    hits = section_hits(lambda texts: np.array([vectors[text] for text in texts], dtype=np.float32), known, asked)
    assert hits == (0.5, 1.0)

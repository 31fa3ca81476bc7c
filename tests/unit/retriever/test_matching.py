"""A question held against all texts of a space at once says the same as looking the texts up."""

import math

import numpy as np
import pytest

from retriever.artifact import Similarities
from retriever.encoder import Encoder
from retriever.hit import RowRange
from retriever.matching import Match, comparable_values, highest_of_each, rows_of
from retriever.pipeline import Retriever
from retriever.query import make_query

BACKGROUND = Similarities(mean=0.1, standard_deviation=0.2)
QUESTIONS = ["农民工怎么提升学历", "工匠学院在哪", "asdf", "！"]


def test_the_highest_of_each_stretch_come_highest_first() -> None:
    values = np.array([3, 9, 5, 4, 7, 7, 1, -2], dtype=np.float32)
    highest = highest_of_each(values, [4, 0, 3, 1], 3)
    assert highest[0].tolist() == [9, 5, 4]
    assert all(map(math.isnan, highest[1]))
    assert highest[2].tolist() == [7, 7, 1]
    assert highest[3, 0] == -2
    assert all(map(math.isnan, highest[3, 1:]))


@pytest.mark.parametrize("lengths", [[], [0], [0, 0]])
def test_without_values_nothing_is_highest(lengths: list[int]) -> None:
    highest = highest_of_each(np.zeros(0, dtype=np.float32), lengths, 2)
    assert highest.shape == (len(lengths), 2)
    assert np.isnan(highest).all()


def test_rows_of_ranges_stand_behind_each_other() -> None:
    assert rows_of([RowRange(4, 6), RowRange(0, 1), RowRange(3, 3)]).tolist() == [4, 5, 0]
    assert rows_of([]).tolist() == []


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("handbook_ids", [None, frozenset({"industrial-workers-50"}), frozenset({"no-such-handbook"})])
def test_comparing_everything_finds_what_searching_finds(
    retriever: Retriever, encoder: Encoder, question: str, handbook_ids: frozenset[str] | None
) -> None:
    query = make_query(question, encoder)
    for space in (retriever.index.passage_space, retriever.index.wording_space):
        assert space.dense.is_flat
        match, within = Match(query, space, BACKGROUND), space.within(handbook_ids)
        by_words = [hit.row for hit in space.lexical.search(query.terms, 5, within)]
        by_meaning = [hit.row for hit in space.dense.search(query.vector, 5, within)] if query.vector.any() else []
        assert match.best_rows(5, handbook_ids) == by_words + by_meaning
        if handbook_ids is not None and "industrial-workers-50" not in handbook_ids:
            assert not by_words + by_meaning
        rows = np.array([7, 3, 3, 0])
        for ours, looked_up in zip(match.values(rows), comparable_values(query, space, rows, BACKGROUND), strict=True):
            assert ours == pytest.approx(looked_up, abs=1e-5)

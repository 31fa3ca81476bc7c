import math
import random
from pathlib import Path

import numpy as np
import pytest
from bm25s import BM25

from corpus.errors import IndexDamaged
from retriever.hit import RowRange
from retriever.lexical import Bm25LexicalIndex
from retriever.postings import K1, B
from retriever.term_counts import TermCounts

ROWS = [["工会", "入会"], ["工会", "工资", "工资"], ["学历"], ["工会", "学历", "培训", "入会"]]
MEAN_LENGTH = (2 + 3 + 1 + 4) / 4


def bm25(term: str, row: list[str]) -> float:
    """The formula of the class docstring, term by term."""
    containing = sum(term in other for other in ROWS)
    idf = math.log(1 + (len(ROWS) - containing + 0.5) / (containing + 0.5))
    frequency = row.count(term)
    return idf * frequency / (frequency + K1 * (1 - B + B * len(row) / MEAN_LENGTH))


@pytest.fixture
def index() -> Bm25LexicalIndex:
    return Bm25LexicalIndex.build(ROWS)


def test_scores_follow_the_formula(index: Bm25LexicalIndex) -> None:
    query = ["工会", "工资", "入会"]
    expected = [sum(bm25(term, row) for term in query) for row in ROWS]
    assert index.bm25_scores(query, range(4)).tolist() == pytest.approx(expected, abs=1e-6)


def test_hits_come_best_first_and_rows_without_a_common_term_do_not(index: Bm25LexicalIndex) -> None:
    hits = index.search(["工会", "工资"], limit=10)
    scores = {row: sum(bm25(term, ROWS[row]) for term in ("工会", "工资")) for row in (0, 1, 3)}
    assert [hit.row for hit in hits] == sorted(scores, key=lambda row: -scores[row])


def test_ties_are_cut_by_row() -> None:
    index = Bm25LexicalIndex.build([["甲"]] * 50)
    assert [hit.row for hit in index.search(["甲"], limit=7)] == list(range(7))


@pytest.mark.parametrize("limit", [1, 3, 40])
def test_leaving_out_hopeless_rows_changes_no_hit(limit: int) -> None:
    chance = random.Random(limit)
    index = Bm25LexicalIndex.build(
        [[chance.choice("甲乙丙丁戊己庚辛") for _ in range(5)] for _ in range(300)] + [["癸"]] * 2
    )
    for query in (["癸", "甲", "乙"], ["甲"], ["丙", "丙", "丁", "没见过"]):
        scores = index.bm25_scores(query)
        expected = sorted((row for row in range(302) if scores[row] > 0), key=lambda row: (-scores[row], row))[:limit]
        assert [hit.row for hit in index.search(query, limit)] == expected


def test_only_rows_within_the_ranges_are_found(index: Bm25LexicalIndex) -> None:
    assert [hit.row for hit in index.search(["工会"], 10, within=[RowRange(1, 2), RowRange(3, 4)])] == [1, 3]
    assert index.search(["工会"], 10, within=[]) == []


@pytest.mark.parametrize("terms", [[], ["没见过"]])
def test_a_query_without_known_terms_finds_nothing(index: Bm25LexicalIndex, terms: list[str]) -> None:
    assert index.search(terms, 10) == []
    assert index.bm25_scores(terms, [0, 1]).tolist() == [0, 0]


def test_information_counts_unknown_terms_as_the_rarest(index: Bm25LexicalIndex) -> None:
    known = math.log(1 + (4 - 3 + 0.5) / (3 + 0.5))
    unknown = math.log(1 + (4 + 0.5) / 0.5)
    assert index.information(["工会", "没见过"]) == pytest.approx(known + unknown)
    assert index.information([]) == 0


def test_no_score_exceeds_the_information(index: Bm25LexicalIndex) -> None:
    query = ["工会", "工资", "学历"]
    assert max(index.bm25_scores(query, range(4))) < index.information(query)


def test_the_rows_of_a_term_rise_and_an_unknown_one_has_none(index: Bm25LexicalIndex) -> None:
    assert index.rows_with("工会").tolist() == [0, 1, 3]
    assert index.rows_with("年假").tolist() == []


def test_a_saved_index_gives_the_same_hits(index: Bm25LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "terms")
    assert Bm25LexicalIndex.load(tmp_path / "terms").search(["工会", "学历"], 10) == index.search(["工会", "学历"], 10)


def test_a_missing_index_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Bm25LexicalIndex.load(tmp_path)


def test_an_index_needs_terms() -> None:
    with pytest.raises(ValueError, match="at least one term"):
        Bm25LexicalIndex.build([[], []])


def test_blocks_give_the_index_that_the_library_itself_builds() -> None:
    chance = random.Random(5)
    vocabulary = [f"词{number}" for number in range(300)]
    lists = [
        [chance.choice(vocabulary[: chance.randint(1, 300)]) for _ in range(chance.randint(0, 60))] for _ in range(900)
    ]
    numbers: dict[str, int] = {}
    numbered = [[numbers.setdefault(term, len(numbers)) for term in terms] for terms in lists]
    theirs = BM25(method="lucene", k1=K1, b=B)
    theirs.index((numbered, numbers), create_empty_token=False, show_progress=False)
    ours = Bm25LexicalIndex.build_from_counts([TermCounts.of(lists[:400]), TermCounts.of(lists[400:])])
    for theirs_name, array in zip(("data", "indices", "indptr"), ours.postings, strict=True):
        assert np.array_equal(theirs.scores[theirs_name], array)
    query = chance.choices(vocabulary, k=20)
    expected = theirs.get_scores_from_ids([numbers[term] for term in query if term in numbers])
    assert np.array_equal(ours.bm25_scores(query, range(900)), expected)
    assert np.array_equal(ours.bm25_scores(query, [7, 3, 7]), expected[[7, 3, 7]])  # looked up row by row

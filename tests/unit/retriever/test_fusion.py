import math

import pytest

from retriever.fusion import fuse, merge_rankings
from retriever.signals import NO_SIGNALS, Candidate

WEIGHTS = NO_SIGNALS._replace(passage_similarity=1, wording_similarity=2, passage_coverage=10)


def candidate(section_id: str, **signals: float) -> Candidate:
    return Candidate(("h", section_id), NO_SIGNALS._replace(**signals))


def test_the_fused_score_is_the_weighted_sum() -> None:
    (ranked,) = fuse([candidate("q1", passage_similarity=3, wording_similarity=0.5, passage_coverage=0.2)], WEIGHTS)
    assert ranked.fused_score == pytest.approx(1 * 3 + 2 * 0.5 + 10 * 0.2)
    assert ranked.share == 1.0


def test_shares_are_the_softmax_of_the_scores() -> None:
    ranked = fuse([candidate("q1", passage_similarity=1), candidate("q2", passage_similarity=3)], WEIGHTS)
    assert [section.key[1] for section in ranked] == ["q2", "q1"]
    assert ranked[0].share == pytest.approx(math.exp(3) / (math.exp(3) + math.exp(1)))
    assert sum(section.share for section in ranked) == pytest.approx(1)


def test_equal_scores_are_ordered_by_key_whatever_the_order_of_the_candidates() -> None:
    candidates = [candidate(name, passage_similarity=1) for name in ("q3", "q1", "q2")]
    assert fuse(candidates, WEIGHTS) == fuse(candidates[::-1], WEIGHTS)
    assert [section.key[1] for section in fuse(candidates, WEIGHTS)] == ["q1", "q2", "q3"]


def test_no_candidate_gives_an_empty_ranking() -> None:
    assert fuse([], WEIGHTS) == ()


def test_very_large_scores_do_not_overflow() -> None:
    ranked = fuse([candidate("q1", passage_similarity=5000), candidate("q2", passage_similarity=-5000)], WEIGHTS)
    assert [section.share for section in ranked] == [1.0, 0.0]


def test_rankings_of_two_kinds_are_merged_by_the_chance_that_each_section_answers() -> None:
    sure = fuse([candidate("q1", passage_similarity=2), candidate("q2", passage_similarity=0)], WEIGHTS)
    unsure = fuse([candidate("q3", passage_similarity=900)], WEIGHTS)
    merged = merge_rankings([(sure, 0.9), (unsure, 0.3)])
    assert [section.key[1] for section in merged] == ["q1", "q3", "q2"]
    chances = [0.9 * sure[0].share, 0.3, 0.9 * sure[1].share]
    assert [section.share for section in merged] == pytest.approx([chance / sum(chances) for chance in chances])
    exponentials = [math.exp(section.fused_score) for section in merged]
    assert [value / sum(exponentials) for value in exponentials] == pytest.approx([one.share for one in merged])


def test_a_ranking_without_any_chance_stands_behind() -> None:
    first, second = (fuse([candidate(name, passage_similarity=1)], WEIGHTS) for name in ("q1", "q2"))
    merged = merge_rankings([(first, 0.0), (second, 0.2)])
    assert [section.key[1] for section in merged] == ["q2", "q1"]
    assert merged[1].share == pytest.approx(0)

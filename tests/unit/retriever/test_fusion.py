import math

import pytest

from retriever.fusion import fuse
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

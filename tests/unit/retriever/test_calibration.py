import math
from dataclasses import replace

import pytest

from retriever.calibration import MAX_MARGIN, answer_features, answer_probability, status
from retriever.fusion import RankedSection, fuse
from retriever.parameters import AnswerWeights, Parameters
from retriever.signals import NO_SIGNALS, Candidate, Signals

NO_WEIGHTS = AnswerWeights(intercept=0.0, fused_score=0.0, margin=0.0, share=0.0, signals=NO_SIGNALS)
PARAMETERS = Parameters(
    fusion=NO_SIGNALS, answer=NO_WEIGHTS, answer_threshold=0.8, clarify_threshold=0.4, fitted_on="nothing"
)


def ranking(*scores: float) -> tuple[RankedSection, ...]:
    weights = Signals(1, *[0] * (len(Signals._fields) - 1))
    return fuse(
        [
            Candidate(("h", f"q{number}"), NO_SIGNALS._replace(passage_similarity=score))
            for number, score in enumerate(scores)
        ],
        weights,
    )


def test_the_probability_is_the_logistic_of_the_weighted_features() -> None:
    signals = NO_SIGNALS._replace(passage_similarity=0.25)
    weights = replace(NO_WEIGHTS, intercept=-1.0, margin=0.5, signals=signals)
    expected = -1.0 + 0.5 * (4.0 - 3.0) + 0.25 * 4.0
    assert answer_probability(ranking(4.0, 3.0), weights) == pytest.approx(1 / (1 + math.exp(-expected)))


def test_an_empty_ranking_has_probability_zero() -> None:
    assert answer_probability((), NO_WEIGHTS) == 0.0


def test_the_margin_is_cut_and_full_when_there_is_no_second() -> None:
    assert answer_features(ranking(9.0, 1.0)).margin == MAX_MARGIN
    assert answer_features(ranking(9.0)).margin == MAX_MARGIN
    assert answer_features(ranking(3.0, 1.0)).margin == pytest.approx(2.0)


def test_extreme_logits_stay_in_the_unit_interval() -> None:
    assert answer_probability(ranking(1.0), replace(NO_WEIGHTS, intercept=1e6)) <= 1.0
    assert answer_probability(ranking(1.0), replace(NO_WEIGHTS, intercept=-1e6)) >= 0.0


@pytest.mark.parametrize(
    ("probability", "outcome"),
    [
        (1.0, "answered"),
        (0.8, "answered"),
        (0.79, "clarify"),
        (0.4, "clarify"),
        (0.39, "abstained"),
        (0.0, "abstained"),
    ],
)
def test_a_threshold_itself_counts_as_reached(probability: float, outcome: str) -> None:
    assert status(probability, PARAMETERS) == outcome

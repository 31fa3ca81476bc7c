from dataclasses import replace

import numpy as np
import pytest

from eval.dataset import LabelledQuestion
from eval.fit_answer import Targets, TrainingRows, cross_validated_probabilities, fit_answer, fit_thresholds
from eval.fit_fusion import fit_fusion
from eval.observations import Observation
from retriever.answer import Answer
from retriever.fusion import RankedSection
from retriever.signals import NO_SIGNALS

FEATURE_COUNT = 6 + len(NO_SIGNALS)


def observation(right_coverage: float, wrong_similarity: float) -> Observation:
    """A row whose right section has the higher coverage, and whose wrong one has the higher similarity."""
    signals = {
        "q1": NO_SIGNALS._replace(wording_coverage=right_coverage),
        "q2": NO_SIGNALS._replace(wording_similarity=wrong_similarity),
    }
    ranking = tuple(
        RankedSection(key=("h", name), fused_score=0.0, share=0.5, signals=found) for name, found in signals.items()
    )
    return Observation(
        row=LabelledQuestion(row_id="w", category="fact", question="?", handbook_id="h", relevance={"q1": 2}),
        answer=Answer(
            status="answered",
            answer_probability=0.5,
            understood_as=None,
            citations=(),
            suggestions=(),
            matched_by="content",
            index_version="v",
            ranking=ranking,
            features=None,
        ),
    )


def test_the_signal_that_tells_right_from_wrong_gets_the_weight() -> None:
    generator = np.random.default_rng(1)
    rows = tuple(observation(0.2 + generator.random(), generator.random()) for _ in range(100))
    weights = fit_fusion(rows)
    assert weights.wording_coverage > 1
    assert weights.wording_similarity == 0  # it speaks against the right one, but nothing may count against a section
    assert weights.passage_similarity == pytest.approx(0, abs=0.01)


def test_fusion_needs_an_answerable_row() -> None:
    with pytest.raises(ValueError, match="no answerable row"):
        fit_fusion(())


def separable(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that are right exactly where the first feature is above one half."""
    features = np.random.default_rng(2).random((count, FEATURE_COUNT))
    return features, features[:, 0] > 0.5


def test_the_telling_feature_gets_the_weight() -> None:
    features, is_right = separable(400)
    weights = fit_answer(features, is_right)
    first, *others = weights.features.flat()
    assert first > 5 * max(map(abs, others))


def test_held_out_rows_are_predicted_too() -> None:
    features, is_right = separable(400)
    probabilities = cross_validated_probabilities(features, is_right)
    assert ((probabilities > 0.5) == is_right).mean() > 0.9


def rows(is_right: list[bool], is_answerable: list[bool], is_near: list[bool]) -> TrainingRows:
    return TrainingRows(
        features=np.zeros((len(is_right), FEATURE_COUNT)),
        is_right=np.array(is_right),
        is_answerable=np.array(is_answerable),
        is_near=np.array(is_near),
        is_guess=np.zeros(len(is_right), dtype=bool),
    )


def test_thresholds_are_the_lowest_that_keep_the_targets() -> None:
    probabilities = np.repeat([0.95, 0.85, 0.75, 0.65, 0.9, 0.5, 0.3, 0.1], 10)
    judged = rows([True] * 30 + [False] * 50, [True] * 40 + [False] * 40, [False] * 40 + [True] * 20 + [False] * 20)
    # Wilson's lower end is 0.72 for 10 of 10 right, 0.89 for 30 of 30, and 0.60 for 30 of 40.
    strict = Targets(
        max_false_answers_near=0.0,
        max_false_answers_other=0.0,
        min_precision=0.7,
        enough_answered=1.1,  # never
        max_false_clarifications=0.5,
    )
    # Only above 0.90 is no near row answered; half of the unanswerable rows lie above 0.30.
    assert fit_thresholds(probabilities, judged, strict) == (0.91, 0.31)
    # Half of the near rows may be answered; then the rows of 0.65, which are wrong, are what must stay out.
    assert fit_thresholds(probabilities, judged, replace(strict, max_false_answers_near=0.5))[0] == 0.66
    # And without demands on precision, the other unanswerable rows.
    lenient = replace(strict, max_false_answers_near=1.0, min_precision=0.0)
    assert fit_thresholds(probabilities, judged, lenient) == (0.31, 0.31)


def test_where_more_than_enough_is_answered_only_the_surest_are() -> None:
    probabilities = np.repeat([0.95, 0.85, 0.75, 0.65, 0.1], 10)
    judged = rows([True] * 40 + [False] * 10, [True] * 40 + [False] * 10, [False] * 50)
    targets = Targets(min_precision=0.5, enough_answered=0.5)
    assert fit_thresholds(probabilities, judged, targets)[0] == 0.85  # answers 20 of 40
    assert fit_thresholds(probabilities, judged, replace(targets, enough_answered=0.51))[0] == 0.75
    # No limit lets so many be answered: then as many as the limits allow.
    probabilities[40:] = 0.8
    assert fit_thresholds(probabilities, judged, replace(targets, enough_answered=0.9))[0] == 0.81


def test_a_row_that_is_never_answered_keeps_no_other_from_it() -> None:
    probabilities = np.array([0.9] * 20 + [0.95])
    judged = rows([True] * 20 + [False], [True] * 20 + [False], [False] * 21)
    targets = Targets(min_precision=0.5, enough_answered=1.1)
    assert fit_thresholds(probabilities, judged, targets)[0] == 0.96
    is_guess = np.array([False] * 20 + [True])
    answer, clarify = fit_thresholds(probabilities, replace(judged, is_guess=is_guess), targets)
    assert answer < 0.9
    assert clarify == answer  # it may still be asked back, which counts against that


def test_targets_that_cannot_be_kept_answer_nothing() -> None:
    judged = rows([False, False], [True, True], [False, False])
    assert fit_thresholds(np.array([0.99, 0.99]), judged, Targets())[0] == 1.0

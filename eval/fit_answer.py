"""Weights of the answer probability and the two thresholds, fitted on answerable and unanswerable rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.fit_fusion import SMALLEST_SCALE
from eval.observations import Observation
from retriever.calibration import answer_features
from retriever.parameters import AnswerWeights
from retriever.signals import Signals

PENALTY = 0.002
DECIMALS = 4
FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the thresholds are chosen for; each is a share in [0, 1] on the rows they are fitted on.

    Attributes:
        max_false_answers: Of unanswerable rows, at most this share is answered.
        min_precision: Of answered rows, at least this share has the right section first.
        max_false_clarifications: Of unanswerable rows, at most this share is answered or asked back.
    """

    max_false_answers: float = 0.04
    min_precision: float = 0.95
    max_false_clarifications: float = 0.2


def training_rows(
    observations: tuple[Observation, ...],
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return features, whether the best section is right, and whether the row is answerable.

    Shapes (rows, features), (rows,), (rows,). Rows asked for by number, refused, or without any candidate are left out:
    their outcome does not depend on the probability.
    """
    searched = [
        observation
        for observation in observations
        if observation.answer is not None and observation.answer.matched_by == "content" and observation.answer.ranking
    ]
    features = np.array([answer_features(one.answer.ranking).flat() for one in searched if one.answer])
    is_right = np.array([one.is_best_right for one in searched])
    return features, is_right, np.array([one.row.is_answerable for one in searched])


def fit_answer(features: NDArray[np.float64], is_right: NDArray[np.bool_]) -> AnswerWeights:
    """Return the weights of a penalised logistic regression of `is_right` on the features."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale < SMALLEST_SCALE] = 1.0
    standardised = np.column_stack([np.ones(len(features)), (features - mean) / scale])
    fitted = minimize(
        _loss, np.zeros(standardised.shape[1]), args=(standardised, is_right), jac=True, method="L-BFGS-B"
    )
    weights = fitted.x[1:] / scale
    intercept = float(fitted.x[0] - weights @ mean)
    fused_score, margin, share, *signals = (round(float(weight), DECIMALS) for weight in weights)
    return AnswerWeights(
        intercept=round(intercept, DECIMALS),
        fused_score=fused_score,
        margin=margin,
        share=share,
        signals=Signals(*signals),
    )


def cross_validated_probabilities(features: NDArray[np.float64], is_right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the answer probability of each row from weights fitted without it, shape (rows,), in [0, 1].

    Row r is in fold r mod 5, so the folds are the same in every run.
    """
    fold = np.arange(len(features)) % FOLDS
    probabilities = np.zeros(len(features))
    for held_out in range(FOLDS):
        weights = fit_answer(features[fold != held_out], is_right[fold != held_out])
        row = [weights.fused_score, weights.margin, weights.share, *weights.signals]
        logits = weights.intercept + features[fold == held_out] @ np.array(row)
        probabilities[fold == held_out] = 1.0 / (1.0 + np.exp(-logits))
    return probabilities


def fit_thresholds(
    probabilities: NDArray[np.float64],
    is_right: NDArray[np.bool_],
    is_answerable: NDArray[np.bool_],
    targets: Targets,
) -> tuple[float, float]:
    """Return (answer threshold, clarify threshold): the lowest that keep the targets, so that most rows are answered.

    The clarify threshold is never above the answer threshold. Where no threshold keeps a target, 1.0 is returned.
    """
    candidates = np.round(np.arange(0.02, 1.0, 0.01), 2)
    unanswerable = probabilities[~is_answerable]

    def keeps_answer_targets(threshold: float) -> bool:
        answered = probabilities >= threshold
        false_answers = float((unanswerable >= threshold).mean()) if len(unanswerable) else 0.0
        precision = float(is_right[answered].mean()) if answered.any() else 1.0
        return false_answers <= targets.max_false_answers and precision >= targets.min_precision

    answer = next((float(threshold) for threshold in candidates if keeps_answer_targets(threshold)), 1.0)
    clarify = next(
        (
            float(threshold)
            for threshold in candidates
            if not len(unanswerable) or float((unanswerable >= threshold).mean()) <= targets.max_false_clarifications
        ),
        1.0,
    )
    return answer, min(answer, clarify)


def _loss(
    weights: NDArray[np.float64], features: NDArray[np.float64], is_right: NDArray[np.bool_]
) -> tuple[float, NDArray[np.float64]]:
    logits = features @ weights
    signs = np.where(is_right, 1.0, -1.0)
    loss = np.logaddexp(0.0, -signs * logits).mean()
    gradient = -(signs / (1.0 + np.exp(signs * logits))) @ features / len(features)
    pull = np.concatenate([[0.0], weights[1:]])
    return float(loss + PENALTY * pull @ pull), gradient + 2 * PENALTY * pull

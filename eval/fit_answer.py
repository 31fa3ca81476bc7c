"""Weights of the answer probability and the two thresholds, fitted on answerable and unanswerable rows."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.estimates import wilson_interval
from eval.fit_fusion import SMALLEST_SCALE
from eval.observations import Observation
from retriever.answer_features import AnswerFeatures
from retriever.parameters import AnswerWeights

PENALTY = 0.002
DECIMALS = 4
FOLDS = 5
NEAR = "near"


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the thresholds are chosen for; each is a share in [0, 1] on the rows they are fitted on.

    Attributes:
        max_false_answers_near: Of unanswerable rows near the handbook's subject, at most this share is answered.
        max_false_answers_other: Of all other unanswerable rows.
        min_precision: Of answered answerable rows, at least this share has the right section first, by the lower end of
            its 95 % Wilson interval: a wrong citation is worse than none.
        enough_answered: Where this share of the answerable rows can be answered within the limits, no more are: being
            right counts for more than answering all.
        max_false_clarifications: Of unanswerable rows, at most this share is answered or asked back.
    """

    max_false_answers_near: float = 0.07
    max_false_answers_other: float = 0.005
    min_precision: float = 0.94
    enough_answered: float = 0.85
    max_false_clarifications: float = 0.2


# Of a handbook without similar questions far fewer rows are sure, so the interval is wider at equal precision.
PLAIN_TARGETS: Final = Targets(min_precision=0.92)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRows:
    """Rows whose outcome depends on the probability.

    Attributes:
        features: Shape (rows, features).
        is_right: Whether the best section answers, shape (rows,).
        is_answerable: Whether any section does, shape (rows,).
        is_near: Whether the row is unanswerable and near the subject, shape (rows,).
        is_guess: Whether the row is never answered, since it holds no Chinese character, shape (rows,).
    """

    features: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    is_answerable: NDArray[np.bool_]
    is_near: NDArray[np.bool_]
    is_guess: NDArray[np.bool_]


def training_rows(observations: tuple[Observation, ...]) -> TrainingRows:
    """Return the rows to fit on; those asked for by number, refused, or without any candidate are left out."""
    searched = [
        (one, one.answer.features) for one in observations if one.answer is not None and one.answer.features is not None
    ]
    return TrainingRows(
        features=np.array([features.flat() for _, features in searched]),
        is_right=np.array([one.is_best_right for one, _ in searched]),
        is_answerable=np.array([one.row.is_answerable for one, _ in searched]),
        is_near=np.array([one.row.category == NEAR for one, _ in searched]),
        is_guess=np.array([features.han_share == 0 for _, features in searched]),
    )


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
    return AnswerWeights(
        intercept=round(intercept, DECIMALS),
        features=AnswerFeatures.from_flat([round(float(weight), DECIMALS) for weight in weights]),
    )


def cross_validated_probabilities(features: NDArray[np.float64], is_right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the answer probability of each row from weights fitted without it, shape (rows,), in [0, 1].

    Row r is in fold r mod 5, so the folds are the same in every run.
    """
    fold = np.arange(len(features)) % FOLDS
    probabilities = np.zeros(len(features))
    for held_out in range(FOLDS):
        weights = fit_answer(features[fold != held_out], is_right[fold != held_out])
        logits = weights.intercept + features[fold == held_out] @ np.array(weights.features.flat())
        probabilities[fold == held_out] = 1.0 / (1.0 + np.exp(-logits))
    return probabilities


def fit_thresholds(probabilities: NDArray[np.float64], rows: TrainingRows, targets: Targets) -> tuple[float, float]:
    """Return (answer threshold, clarify threshold): the lowest that keep the targets, so that most rows are answered.

    Where that answers more than enough, the answer threshold is the highest that still answers enough.

    The clarify threshold is never above the answer threshold. Where no threshold keeps a target, 1.0 is returned.

    Args:
        probabilities: Of each row, fitted without it, shape (rows,).
        rows: The rows.
        targets: What is to be kept.
    """
    candidates = np.round(np.arange(0.02, 1.0, 0.01), 2)
    is_other = ~rows.is_answerable & ~rows.is_near & ~rows.is_guess

    def share(threshold: float, of: NDArray[np.bool_]) -> float:
        return float((probabilities[of] >= threshold).mean()) if of.any() else 0.0

    def keeps_answer_targets(threshold: float) -> bool:
        answered = rows.is_answerable & (probabilities >= threshold)
        right, total = int(rows.is_right[answered].sum()), int(answered.sum())
        precision = wilson_interval(right / total, total)[0] if total else 1.0
        return (
            share(threshold, rows.is_near) <= targets.max_false_answers_near
            and share(threshold, is_other) <= targets.max_false_answers_other
            and precision >= targets.min_precision
        )

    def keeps_clarify_target(threshold: float) -> bool:
        return share(threshold, ~rows.is_answerable) <= targets.max_false_clarifications

    kept = [float(threshold) for threshold in candidates if keeps_answer_targets(threshold)] or [1.0]
    enough = [one for one in kept if share(one, rows.is_answerable) >= targets.enough_answered]
    answer = enough[-1] if enough else kept[0]
    clarify = next((float(threshold) for threshold in candidates if keeps_clarify_target(threshold)), 1.0)
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

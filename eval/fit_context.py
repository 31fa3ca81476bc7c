"""Weights of the choice whether a question is meant together with an earlier one."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.dataset import LabelledQuestion
from eval.fit_fusion import SMALLEST_SCALE
from eval.topic_changes import after_another
from retriever.context_choice import ContextFeatures, ContextWeights
from retriever.pipeline import Retriever

PENALTY = 0.01
# Made-up changes of topic are many; a question that somebody really asked after another counts as much as five.
WRITTEN_WEIGHT = 5.0
DECIMALS = 4


class Choice(NamedTuple):
    """The readings of a row.

    Attributes:
        features: Of each reading together with an earlier question, shape (contexts, features), float64.
        is_right: Whether each reading is the meant one, shape (1 + contexts,), by itself first.
        weight: How much the row counts.
    """

    features: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    weight: float


def context_choices(rows: tuple[LabelledQuestion, ...], retriever: Retriever) -> list[Choice]:
    """Return the readings of the rows with earlier questions, and of made-up changes of topic.

    Of an answerable row those readings together with an earlier question are right that find an answer first, or the
    one by itself where only that does; of any other, and after a change of topic, the one by itself. Rows that no
    reading answers are left out.
    """
    written = [row for row in rows if row.history]
    changed = after_another(rows)
    choices = [
        *(_choice(row, retriever, WRITTEN_WEIGHT, stands_alone=row.category == "topic_change") for row in written),
        *(_choice(row, retriever, 1.0, stands_alone=True) for row in changed),
    ]
    return [choice for choice in choices if choice is not None]


def _choice(row: LabelledQuestion, retriever: Retriever, weight: float, *, stands_alone: bool) -> Choice | None:
    ways = retriever.ways(row.question, row.history, row.handbook_id)
    if len(ways) == 1:
        return None
    finds = np.array(
        [way.reading.best_key is not None and way.reading.best_key[1] in row.answering_sections for way in ways]
    )
    is_right = np.zeros(len(ways), dtype=np.bool_)
    if not stands_alone and row.is_answerable and finds[1:].any():
        is_right[1:] = finds[1:]
    elif stands_alone or not row.is_answerable or finds[0]:
        is_right[0] = True
    else:
        return None
    return Choice(np.array([way.features for way in ways[1:]], dtype=np.float64), is_right, weight)


def fit_context(choices: Iterable[Choice]) -> ContextWeights:
    """Return the weights under which the right readings have the largest share.

    Maximises the penalised, weighted likelihood of a conditional logit in which any right reading of a row will do.

    Raises:
        ValueError: If there is no choice.
    """
    choices = list(choices)
    if not choices:
        msg = "no question with earlier ones to fit on"
        raise ValueError(msg)
    every = np.concatenate([choice.features for choice in choices])
    mean, scale = every.mean(axis=0), every.std(axis=0)
    scale[scale < SMALLEST_SCALE] = 1.0
    scaled = [choice._replace(features=_with_one((choice.features - mean) / scale)) for choice in choices]
    fitted = minimize(_loss, np.zeros(every.shape[1] + 1), args=(scaled,), jac=True, method="L-BFGS-B")
    weights = fitted.x[1:] / scale
    return ContextWeights(
        intercept=round(float(fitted.x[0] - weights @ mean), DECIMALS),
        features=ContextFeatures(*(round(float(weight), DECIMALS) for weight in weights)),
    )


def _with_one(features: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.ones(len(features)), features])


def _loss(weights: NDArray[np.float64], choices: list[Choice]) -> tuple[float, NDArray[np.float64]]:
    """Return the mean negative log-likelihood with its penalty, and its gradient."""
    loss, gradient, total_weight = 0.0, np.zeros_like(weights), 0.0
    for features, is_right, weight in choices:
        every = np.vstack([np.zeros(len(weights)), features])
        scores = every @ weights
        exponentials = np.exp(scores - scores.max())
        total, right = exponentials.sum(), exponentials[is_right].sum()
        loss -= weight * np.log(right / total)
        gradient += weight * (exponentials @ every / total - exponentials[is_right] @ every[is_right] / right)
        total_weight += weight
    pull = np.concatenate([[0.0], weights[1:]])
    return float(loss / total_weight + PENALTY * pull @ pull), gradient / total_weight + 2 * PENALTY * pull

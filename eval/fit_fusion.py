"""Weights of the fused score, fitted so that the right section has the largest share."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.observations import Observation
from retriever.signals import Signals

# Strength of the pull towards zero, on signals scaled to one standard deviation.
PENALTY = 0.002
DECIMALS = 4
SMALLEST_SCALE = 1e-6


def fit_fusion(observations: tuple[Observation, ...]) -> Signals:
    """Return one weight a signal, from the answerable rows that were searched by content.

    Maximises the penalised likelihood of a conditional logit, in which any of a row's answering sections is right, over
    weights of at least zero.
    Rows none of whose candidates answers say nothing about the weights and are passed over here; evaluation counts
    them.

    Raises:
        ValueError: If no row is left.
    """
    choices = [choice for observation in observations if (choice := _choice(observation)) is not None]
    if not choices:
        msg = "no answerable row to fit on"
        raise ValueError(msg)
    scale = np.concatenate([signals for signals, _ in choices]).std(axis=0)
    scale[scale < SMALLEST_SCALE] = 1.0  # a signal that never varies tells nothing and keeps the weight zero
    scaled = [(signals / scale, is_right) for signals, is_right in choices]
    # What speaks for a section never counts against it, or a heading without text below it could not be found.
    at_least_zero = [(0.0, None)] * len(scale)
    fitted = minimize(_loss, np.zeros(len(scale)), args=(scaled,), jac=True, method="L-BFGS-B", bounds=at_least_zero)
    return Signals(*(round(float(weight), DECIMALS) for weight in fitted.x / scale))


def _choice(observation: Observation) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    answer = observation.answer
    if answer is None or answer.matched_by != "content" or not observation.row.is_answerable:
        return None
    signals = np.array([ranked.signals for ranked in answer.ranking], dtype=np.float64)
    is_right = np.array([ranked.key[1] in observation.row.answering_sections for ranked in answer.ranking])
    return (signals, is_right) if is_right.any() else None


def _loss(
    weights: NDArray[np.float64], choices: list[tuple[NDArray[np.float64], NDArray[np.bool_]]]
) -> tuple[float, NDArray[np.float64]]:
    """Return the mean negative log-likelihood with its penalty, and its gradient."""
    loss, gradient = 0.0, np.zeros_like(weights)
    for signals, is_right in choices:
        scores = signals @ weights
        exponentials = np.exp(scores - scores.max())
        total, right = exponentials.sum(), exponentials[is_right].sum()
        loss -= np.log(right / total)
        gradient += exponentials @ signals / total - exponentials[is_right] @ signals[is_right] / right
    count = len(choices)
    return loss / count + PENALTY * float(weights @ weights), gradient / count + 2 * PENALTY * weights

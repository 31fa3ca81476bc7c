"""How far a system's probabilities can be trusted: telling apart, calibration, and risk at each coverage."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eval.estimates import Estimate, Weights, percentile_interval, resampling_weights

BINS: Final = 10
CURVE_POINTS: Final = 100
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityBin:
    """Rows whose probability lies in one tenth of [0, 1].

    Attributes:
        low: Lower bound, included.
        high: Upper bound; only the last bin includes it.
        row_count: Rows in it; empty bins are left out.
        mean_probability: What the system said.
        right_share: What came true.
    """

    low: float
    high: float
    row_count: int
    mean_probability: float
    right_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAtCoverage:
    """The share of wrong first answers when only the surest rows are answered."""

    coverage: float
    risk: float
    threshold: float


def auroc(probabilities: Numbers, is_positive: Flags) -> Estimate:
    """Return the chance that a positive row has the higher probability than a negative one, ties counting half.

    The area under the ROC curve (Hanley and McNeil, 1982), with a bootstrap interval over rows; None unless there are
    rows of both kinds.
    """
    total = len(probabilities)
    if not is_positive.any() or is_positive.all():
        return Estimate(value=None, low=0.0, high=1.0, row_count=total)
    value = float(_auroc(np.ones((1, total)), probabilities, is_positive)[0])
    low, high = percentile_interval(_auroc(resampling_weights(total), probabilities, is_positive))
    return Estimate(value=value, low=low, high=high, row_count=total)


def _auroc(weights: Weights, probabilities: Numbers, is_positive: Flags) -> Numbers:
    """Return the area for each row of weights, shape (resamples,); NaN where a resample has one kind only."""
    order = np.argsort(probabilities, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(probabilities[order]) > 0])
    positive = np.add.reduceat((weights * is_positive)[:, order], starts, axis=1)
    negative = np.add.reduceat((weights * ~is_positive)[:, order], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    wins = (positive * (below + negative / 2)).sum(axis=1)
    areas: Numbers = np.divide(wins, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    return areas


def calibration_error(probabilities: Numbers, is_right: Flags) -> Estimate:
    """Return the expected calibration error over ten bins of equal width, with a bootstrap interval over rows.

    The mean, over rows, of the gap between what a bin's probabilities promise and what came true. Resampling adds gaps
    of its own, so the interval errs upwards.
    Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017.
    """
    total = len(probabilities)
    if not total:
        return Estimate(value=None, low=0.0, high=1.0, row_count=0)
    gaps = np.zeros((total, BINS))
    gaps[np.arange(total), _bin(probabilities)] = is_right - probabilities
    value = float(np.abs(gaps.sum(axis=0)).sum() / total)
    low, high = percentile_interval(np.abs(resampling_weights(total) @ gaps).sum(axis=1) / total)
    return Estimate(value=value, low=min(low, value), high=high, row_count=total)


def reliability(probabilities: Numbers, is_right: Flags) -> tuple[ReliabilityBin, ...]:
    """Return the bins of the reliability diagram that hold a row, lowest first."""
    bins = _bin(probabilities)
    return tuple(
        ReliabilityBin(
            low=number / BINS,
            high=(number + 1) / BINS,
            row_count=int(inside.sum()),
            mean_probability=float(probabilities[inside].mean()),
            right_share=float(is_right[inside].mean()),
        )
        for number in range(BINS)
        if (inside := bins == number).any()
    )


def risk_coverage(probabilities: Numbers, is_right: Flags) -> tuple[RiskAtCoverage, ...]:
    """Return the curve from the surest row to all of them, at most CURVE_POINTS + 1 points.

    Rows of equal probability are answered together.
    Source: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", 2010.
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked, wrong = probabilities[order], np.cumsum(~is_right[order])
    last_of_equals = np.flatnonzero(np.r_[np.diff(ranked) < 0, True]) if len(ranked) else np.zeros(0, dtype=int)
    step = max(1, -(-len(last_of_equals) // CURVE_POINTS))
    chosen = dict.fromkeys([*last_of_equals[::step].tolist(), *last_of_equals[-1:].tolist()])
    return tuple(
        RiskAtCoverage(
            coverage=(place + 1) / len(ranked),
            risk=float(wrong[place] / (place + 1)),
            threshold=float(ranked[place]),
        )
        for place in chosen
    )


def _bin(probabilities: Numbers) -> NDArray[np.int64]:
    return np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)

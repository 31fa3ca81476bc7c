"""Means of rows, each with the interval in which the true one lies 95 times in 100."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# The 97.5 % point of the normal distribution.
Z_95: Final = 1.959964
RESAMPLES: Final = 2000
SEED: Final = 20221
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its uncertainty.

    Attributes:
        value: The mean; None of no rows at all.
        low: Lower end of the 95 % interval.
        high: Upper end.
        row_count: Rows it rests on; none that it concerns is ever left out.
    """

    value: float | None
    low: float
    high: float
    row_count: int


def mean_estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of values in [0, 1] with its interval; the interval of no rows is (0, 1).

    Yes-or-no values get the Wilson score interval, all others the percentile bootstrap over rows.
    """
    if not values:
        return Estimate(value=None, low=0.0, high=1.0, row_count=0)
    numbers = np.asarray(values, dtype=np.float64)
    mean = float(numbers.mean())
    if set(values) <= {0.0, 1.0}:
        low, high = wilson_interval(mean, len(values))
    else:
        low, high = percentile_interval(resampling_weights(len(values)) @ numbers / len(values))
    return Estimate(value=mean, low=low, high=high, row_count=len(values))


def wilson_interval(share: float, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share of `total` rows, at least one.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    denominator = 1 + Z_95**2 / total
    centre = (share + Z_95**2 / (2 * total)) / denominator
    half_width = Z_95 * math.sqrt(share * (1 - share) / total + Z_95**2 / (4 * total**2)) / denominator
    return max(0.0, centre - half_width), min(1.0, centre + half_width)


def resampling_weights(row_count: int) -> Weights:
    """Return how often each row is drawn in each bootstrap resample, shape (RESAMPLES, rows); the same every time."""
    draws = np.random.default_rng(SEED).multinomial(row_count, np.full(row_count, 1 / row_count), size=RESAMPLES)
    return draws.astype(np.float64)


def percentile_interval(resampled: NDArray[np.float64]) -> tuple[float, float]:
    """Return the middle 95 % of resampled figures, those that are not a number left out.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return float(low), float(high)

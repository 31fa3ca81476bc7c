import numpy as np
import pytest

from eval.estimates import RESAMPLES, mean_estimate, resampling_weights


def test_yes_and_no_have_the_wilson_interval() -> None:
    # Wilson's interval for 9 of 10: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.96.
    z, n, p = 1.959964, 10, 0.9
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    estimate = mean_estimate([1.0] * 9 + [0.0])
    assert (estimate.low, estimate.high) == pytest.approx(
        ((centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n))
    )
    assert (estimate.low, estimate.high) == pytest.approx((0.596, 0.982), abs=0.001)
    assert (estimate.value, estimate.row_count) == (0.9, 10)


def test_the_interval_of_certainty_is_not_a_point() -> None:
    estimate = mean_estimate([1.0] * 10)
    assert estimate.value == 1
    assert estimate.high == pytest.approx(1)
    assert estimate.low == pytest.approx(10 / (10 + 1.959964**2))


def test_other_values_have_a_bootstrap_interval_near_the_normal_one() -> None:
    values = [0.2, 0.4, 0.5, 0.9] * 50
    standard_error = float(np.std(values)) / 200**0.5
    estimate = mean_estimate(values)
    assert estimate.value == pytest.approx(0.5)
    assert estimate.low == pytest.approx(0.5 - 1.96 * standard_error, abs=0.005)
    assert estimate.high == pytest.approx(0.5 + 1.96 * standard_error, abs=0.005)


def test_of_no_rows_nothing_is_known() -> None:
    estimate = mean_estimate([])
    assert (estimate.value, estimate.low, estimate.high, estimate.row_count) == (None, 0.0, 1.0, 0)


def test_a_resample_draws_as_many_rows_as_there_are_and_the_same_ones_every_time() -> None:
    weights = resampling_weights(7)
    assert weights.shape == (RESAMPLES, 7)
    assert set(weights.sum(axis=1)) == {7.0}
    assert np.array_equal(weights, resampling_weights(7))

import numpy as np
import pytest

from eval.probabilities import auroc, calibration_error, reliability, risk_coverage


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def flags(*values: int) -> np.ndarray:
    return np.array(values, dtype=bool)


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    # Positives 0.9, 0.4; negatives 0.5, 0.4, 0.1. Pairs won: 3 for 0.9; 1 and a half for 0.4.
    estimate = auroc(numbers(0.9, 0.4, 0.5, 0.4, 0.1), flags(1, 1, 0, 0, 0))
    assert estimate.value == pytest.approx(4.5 / 6)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_auroc_of_one_kind_alone_is_unknown() -> None:
    assert auroc(numbers(0.9, 0.1), flags(1, 1)).value is None
    assert auroc(numbers(), flags()).value is None


def test_auroc_of_a_perfect_order_is_certain() -> None:
    estimate = auroc(numbers(0.9, 0.8, 0.2, 0.1), flags(1, 1, 0, 0))
    assert (estimate.value, estimate.low, estimate.high) == (1, 1, 1)


def test_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    # Bin 0.9–1.0: says 0.95, true 1 of 2, gap 0.45 over 2 rows; bin 0.2–0.3: says 0.25, true 0 of 1, gap 0.25.
    estimate = calibration_error(numbers(0.95, 0.95, 0.25), flags(1, 0, 0))
    assert estimate.value == pytest.approx((2 * 0.45 + 1 * 0.25) / 3)


def test_reliability_puts_one_into_the_last_bin_and_leaves_out_empty_ones() -> None:
    bins = reliability(numbers(1.0, 0.9, 0.05), flags(1, 0, 0))
    assert [(one.low, one.high, one.row_count) for one in bins] == [(0.0, 0.1, 1), (0.9, 1.0, 2)]
    assert bins[1].mean_probability == pytest.approx(0.95)
    assert bins[1].right_share == pytest.approx(0.5)


def test_risk_is_the_share_of_wrong_answers_among_the_surest_rows() -> None:
    curve = risk_coverage(numbers(0.9, 0.8, 0.8, 0.1), flags(1, 0, 1, 0))
    # Rows of equal probability are answered together: 1 row, then 3, then 4.
    assert [(one.coverage, one.risk, one.threshold) for one in curve] == [
        (0.25, 0.0, 0.9),
        (0.75, pytest.approx(1 / 3), 0.8),
        (1.0, 0.5, 0.1),
    ]


def test_a_long_curve_is_thinned_and_ends_with_all_rows() -> None:
    curve = risk_coverage(np.linspace(0, 1, 5000), np.ones(5000, dtype=bool))
    assert len(curve) <= 101
    assert curve[-1].coverage == 1


def test_no_row_gives_no_curve() -> None:
    assert risk_coverage(numbers(), flags()) == ()
    assert reliability(numbers(), flags()) == ()
    assert calibration_error(numbers(), flags()).value is None

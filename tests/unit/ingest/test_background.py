import numpy as np
import pytest

from ingest.background import SMALLEST_DEVIATION, unrelated_similarities

ALONG, ACROSS = [1.0, 0.0], [0.0, 1.0]


def test_only_pairs_of_different_sections_count() -> None:
    vectors = np.array([ALONG, ALONG, ACROSS, ACROSS], dtype=np.float32)
    sections = [("h", "q1"), ("h", "q1"), ("h", "q2"), ("h", "q2")]
    # Within a section every similarity is 1, between sections every one is 0.
    spread = unrelated_similarities(vectors, sections, vectors, sections)
    assert spread.mean == 0.0
    assert spread.standard_deviation == SMALLEST_DEVIATION


def test_the_same_question_number_of_another_handbook_is_another_section() -> None:
    vectors = np.array([ALONG, ALONG], dtype=np.float32)
    spread = unrelated_similarities(vectors, [("a", "q1"), ("b", "q1")], vectors, [("a", "q1"), ("b", "q1")])
    assert spread.mean == 1.0


def test_mean_and_deviation_are_those_of_the_pairs() -> None:
    left = np.array([ALONG], dtype=np.float32)
    right = np.array([ALONG, ACROSS], dtype=np.float32)
    spread = unrelated_similarities(left, [("h", "q0")], right, [("h", "q1"), ("h", "q2")])
    # Half the pairs have similarity 1, half 0: mean 0.5 and deviation 0.5, up to the sample of 4,000.
    assert spread.mean == pytest.approx(0.5, abs=0.05)
    assert spread.standard_deviation == pytest.approx(0.5, abs=0.01)


def test_a_single_section_has_no_background() -> None:
    vectors = np.array([ALONG], dtype=np.float32)
    spread = unrelated_similarities(vectors, [("h", "q1")], vectors, [("h", "q1")])
    assert (spread.mean, spread.standard_deviation) == (0.0, 1.0)


def test_the_sample_is_the_same_each_time() -> None:
    generator = np.random.default_rng(3)
    vectors = generator.standard_normal((50, 8)).astype(np.float32)
    sections = [("h", f"q{row}") for row in range(50)]
    assert unrelated_similarities(vectors, sections, vectors, sections) == unrelated_similarities(
        vectors, sections, vectors, sections
    )

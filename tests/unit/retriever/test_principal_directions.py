import numpy as np
import pytest

from retriever.dense import FaissDenseIndex
from retriever.dense_exact import ExactDenseIndex
from retriever.encoder import Vectors
from retriever.principal_directions import KEPT_SHARE, MIN_ROWS, principal_directions

DIMENSION, STRONG = 40, 6


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Unit vectors that differ along six directions, and hardly along the others."""
    chance = np.random.default_rng(5)
    basis = np.linalg.qr(chance.standard_normal((DIMENSION, DIMENSION)))[0]
    strengths = np.where(np.arange(DIMENSION) < STRONG, 1.0, 0.02)
    rows = (chance.standard_normal((MIN_ROWS, DIMENSION)) * strengths) @ basis
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_no_more_directions_are_kept_than_are_needed(vectors: Vectors) -> None:
    directions = principal_directions(vectors)
    assert directions is not None
    assert len(directions) <= STRONG
    shares = [
        float(((vectors @ directions[:count].T) ** 2).sum() / len(vectors)) for count in range(len(directions) + 1)
    ]
    assert shares[-1] >= KEPT_SHARE > shares[-2]
    assert directions @ directions.T == pytest.approx(np.eye(len(directions)), abs=1e-4)


def test_few_rows_and_rows_that_differ_in_all_directions_stay_as_they_are(vectors: Vectors) -> None:
    assert principal_directions(vectors[: MIN_ROWS - 1]) is None
    everywhere = np.random.default_rng(6).standard_normal((MIN_ROWS, DIMENSION)).astype(np.float32)
    assert principal_directions(everywhere) is None


def test_vectors_of_zero_have_no_directions() -> None:
    assert principal_directions(np.zeros((MIN_ROWS, DIMENSION), dtype=np.float32)) is None


def test_every_direction_points_the_way_of_its_largest_number(vectors: Vectors) -> None:
    directions = principal_directions(vectors)
    assert directions is not None
    assert (directions.max(axis=1) >= -directions.min(axis=1)).all()


def test_a_flat_index_along_directions_is_smaller_and_nearly_exact(vectors: Vectors, tmp_path) -> None:
    FaissDenseIndex.build(vectors).save(tmp_path / "index")
    assert (tmp_path / "index").stat().st_size < vectors.nbytes / 4
    index, exact = FaissDenseIndex.load(tmp_path / "index"), ExactDenseIndex(vectors)
    assert (index.row_count, index.dimension, index.is_flat) == (MIN_ROWS, DIMENSION, True)
    query = vectors[7:8]
    assert index.search(query, 1)[0].row == 7
    assert index.cosine_similarities(query) == pytest.approx(exact.cosine_similarities(query), abs=0.15)
    assert index.cosine_similarities(query, [3, 9]).tolist() == pytest.approx(
        index.cosine_similarities(query)[[3, 9]].tolist()
    )

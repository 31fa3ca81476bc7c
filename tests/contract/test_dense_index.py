"""Every dense index gives what the obvious one gives."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexDamaged
from retriever.dense import DenseIndex, FaissDenseIndex
from retriever.dense_exact import ExactDenseIndex
from retriever.encoder import Vectors
from retriever.hit import RowRange

Build = Callable[[Vectors], DenseIndex]
IMPLEMENTATIONS: list[Build] = [FaissDenseIndex.build, ExactDenseIndex]
EVERY_INDEX = pytest.mark.parametrize("build", IMPLEMENTATIONS, ids=["faiss", "exact"])


def unit_vectors(count: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@EVERY_INDEX
@pytest.mark.parametrize("limit", [1, 10, 300, 1000])
def test_hits_are_those_of_the_matrix_product(build: Build, limit: int) -> None:
    vectors, query = unit_vectors(300, 24, seed=1), unit_vectors(1, 24, seed=2)
    products = vectors @ query[0]
    expected = sorted(range(300), key=lambda row: (-products[row], row))[:limit]
    hits = build(vectors).search(query, limit)
    assert [hit.row for hit in hits] == expected
    assert [hit.cosine_similarity for hit in hits] == pytest.approx(sorted(products, reverse=True)[:limit], abs=1e-6)


@EVERY_INDEX
def test_ties_are_ordered_by_row(build: Build) -> None:
    vectors = np.repeat(unit_vectors(1, 8, seed=3), 9, axis=0)
    assert [hit.row for hit in build(vectors).search(vectors[:1], 4)] == [0, 1, 2, 3]


@EVERY_INDEX
def test_a_search_stays_within_its_ranges(build: Build) -> None:
    vectors, query = unit_vectors(60, 8, seed=4), unit_vectors(1, 8, seed=5)
    index = build(vectors)
    assert {hit.row for hit in index.search(query, 60, [RowRange(10, 14)])} == set(range(10, 14))
    two = [RowRange(0, 3), RowRange(50, 52)]
    assert {hit.row for hit in index.search(query, 60, two)} == {0, 1, 2, 50, 51}
    assert index.search(query, 60, []) == []


@EVERY_INDEX
def test_similarities_of_some_rows_come_in_their_order(build: Build) -> None:
    vectors, query = unit_vectors(20, 8, seed=6), unit_vectors(1, 8, seed=7)
    expected = (vectors[[7, 3, 3]] @ query[0]).tolist()
    assert build(vectors).cosine_similarities(query, [7, 3, 3]).tolist() == pytest.approx(expected, abs=1e-6)
    assert build(vectors).cosine_similarities(query, []).tolist() == []


@EVERY_INDEX
def test_counts_and_limits_at_the_edges(build: Build) -> None:
    index = build(unit_vectors(5, 8, seed=8))
    assert (index.row_count, index.dimension) == (5, 8)
    assert index.search(unit_vectors(1, 8, seed=9), 0) == []


@EVERY_INDEX
@pytest.mark.parametrize("shape", [(8,), (2, 8), (1, 7)])
def test_a_query_of_another_shape_is_refused(build: Build, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        build(unit_vectors(5, 8, seed=8)).search(np.ones(shape, dtype=np.float32), 3)


def test_a_saved_index_gives_the_same_hits(tmp_path: Path) -> None:
    vectors, query = unit_vectors(30, 8, seed=10), unit_vectors(1, 8, seed=11)
    FaissDenseIndex.build(vectors).save(tmp_path / "vectors.faiss")
    loaded = FaissDenseIndex.load(tmp_path / "vectors.faiss")
    assert loaded.search(query, 9) == FaissDenseIndex.build(vectors).search(query, 9)


def test_a_file_that_is_no_index_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "vectors.faiss").write_bytes(b"not an index")
    with pytest.raises(IndexDamaged):
        FaissDenseIndex.load(tmp_path / "vectors.faiss")

"""Graphs and cells against the plain matrix product, on vectors with neighbours, as texts have them."""

from pathlib import Path

import numpy as np
import pytest

from retriever.dense import FaissDenseIndex
from retriever.dense_exact import ExactDenseIndex
from retriever.encoder import Vectors
from retriever.hit import RowRange
from retriever.index_kind import FLAT_ROWS, HNSW_ROWS, IndexKind, index_kind

ROWS, DIMENSION, QUERIES = 4_000, 64, 50
APPROXIMATE = pytest.mark.parametrize("kind", ["hnsw", "ivf"])


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    chance = np.random.default_rng(3)
    centres = chance.standard_normal((200, DIMENSION))
    rows = centres[chance.integers(200, size=ROWS)] + 0.6 * chance.standard_normal((ROWS, DIMENSION))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_the_rule() -> None:
    assert [index_kind(rows) for rows in (1, FLAT_ROWS, FLAT_ROWS + 1, HNSW_ROWS, HNSW_ROWS + 1)] == [
        "flat",
        "flat",
        "hnsw",
        "hnsw",
        "ivf",
    ]


@APPROXIMATE
def test_nearly_all_that_an_exact_search_finds_is_found(vectors: Vectors, kind: IndexKind, tmp_path: Path) -> None:
    FaissDenseIndex.build(vectors, kind).save(tmp_path / "index")
    index, exact = FaissDenseIndex.load(tmp_path / "index"), ExactDenseIndex(vectors)
    found = 0
    for row in range(QUERIES):
        query = vectors[row : row + 1]
        found += len({hit.row for hit in index.search(query, 10)} & {hit.row for hit in exact.search(query, 10)})
    assert found >= 0.95 * 10 * QUERIES


@APPROXIMATE
def test_similarities_and_searches_in_few_rows_are_as_good_as_exact(vectors: Vectors, kind: IndexKind) -> None:
    index, exact = FaissDenseIndex.build(vectors, kind), ExactDenseIndex(vectors)
    query, within = vectors[:1], [RowRange(10, 40), RowRange(900, 910)]
    assert index.cosine_similarities(query, [5, 3, 5]) == pytest.approx(
        exact.cosine_similarities(query, [5, 3, 5]), abs=0.01
    )
    assert index.cosine_similarities(query, []).tolist() == []
    assert {hit.row for hit in index.search(query, 5, within)} == {hit.row for hit in exact.search(query, 5, within)}


def test_the_same_vectors_give_the_same_graph(vectors: Vectors, tmp_path: Path) -> None:
    for name in ("one", "two"):
        FaissDenseIndex.build(vectors, "hnsw").save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

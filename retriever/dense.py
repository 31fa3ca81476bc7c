"""Nearest neighbours by cosine similarity in FAISS, exactly or nearly so. The only module that imports faiss.

Which kind of index is built follows from the number of rows alone; see `retriever/index_kind.py`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.encoder import Vectors
from retriever.hit import DenseHit, RowRange, best_rows
from retriever.index_kind import IndexKind, index_kind
from retriever.principal_directions import principal_directions

# Ties at the last place are settled by row, so a few more hits are fetched than asked for.
TIE_MARGIN = 16
# Copying a row costs about as much as this many products with it.
COPY_COST = 8
# So few rows of a larger index are taken out of it and compared one by one.
COMPARED_ROWS = 10_000
GRAPH_NEIGHBOURS = 48
EF_CONSTRUCTION = 200
EF_SEARCH = 384
CELLS_A_ROOT = 4.0
PROBED_SHARE = 0.15
TRAINING_ROWS_A_CELL = 64
ADDED_AT_ONCE = 50_000
# The library without its stubs, which lack what is not used every day.
LIBRARY: Any = faiss
KINDS = (faiss.IndexFlatIP, faiss.IndexPreTransform, faiss.IndexHNSWSQ, faiss.IndexIVFScalarQuantizer)


class DenseIndex(Protocol):
    """Unit vectors by row, searched by cosine similarity. Never changes after it was built or loaded."""

    @property
    def row_count(self) -> int:
        """How many vectors it holds."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def search(self, query: Vectors, limit: int, within: Sequence[RowRange] | None = None) -> list[DenseHit]:
        """Return the rows nearest to one query.

        Args:
            query: Unit vector, float32, shape (1, dimension).
            limit: At most this many hits; more than the index holds is allowed.
            within: Only these rows, or all when None.

        Returns:
            Hits by falling cosine similarity, ties by row.

        Raises:
            ValueError: If the query's shape is not (1, dimension).
        """

    @property
    def is_flat(self) -> bool:
        """Whether a search compares the query with every row, so that all similarities cost no more than the best."""

    def cosine_similarities(
        self, query: Vectors, rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine similarity of one query (as in `search`) to some rows, in their order, or to every row."""


class FaissDenseIndex:
    """Inner product over unit vectors.

    Sources: Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using HNSW graphs", 2018;
    Jégou, Douze and Schmid, "Product quantization for nearest neighbor search", 2011 (the inverted file).
    """

    # The library's stubs know neither its kinds of index nor their parameters, hence Any.
    def __init__(self, index: Any) -> None:  # noqa: ANN401
        self._index: Any = index
        compared: Any = faiss.downcast_index(index.index) if isinstance(index, faiss.IndexPreTransform) else index
        self._is_flat = isinstance(compared, faiss.IndexFlatIP)
        if isinstance(index, faiss.IndexIVF):
            # Where each row lies, to look at single ones.
            index.set_direct_map_type(LIBRARY.DirectMap.Array)
        if self.is_flat:
            # The vectors inside FAISS, not a copy of them.
            held = faiss.rev_swig_ptr(compared.get_xb(), compared.ntotal * compared.d)
            self._vectors: Vectors = held.reshape(compared.ntotal, compared.d)
            self._directions = _directions(index) if compared is not index else None

    @classmethod
    def build(cls, vectors: Vectors, kind: IndexKind | None = None) -> "FaissDenseIndex":
        """Return an index of unit vectors, float32, shape (rows, dimension); the row is the position.

        The same vectors give the same index: a graph is built by one thread, since several would race.

        Args:
            vectors: May lie on disk; they are read block by block.
            kind: None for the one that the number of rows asks for.
        """
        row_count, dimension = vectors.shape
        kind = kind or index_kind(row_count)
        index = _empty_index(kind, dimension, row_count)
        if kind == "flat" and (directions := principal_directions(vectors)) is not None:
            index = _along(directions)
        if not index.is_trained:
            step = max(1, row_count // (index.nlist * TRAINING_ROWS_A_CELL))
            index.train(np.ascontiguousarray(vectors[::step], dtype=np.float32))
        threads = faiss.omp_get_max_threads()
        if isinstance(index, faiss.IndexHNSW):
            faiss.omp_set_num_threads(1)
        try:
            for start in range(0, row_count, ADDED_AT_ONCE):
                index.add(np.ascontiguousarray(vectors[start : start + ADDED_AT_ONCE], dtype=np.float32))
        finally:
            faiss.omp_set_num_threads(threads)
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "FaissDenseIndex":
        """Return the index in a file.

        Raises:
            IndexDamaged: If FAISS cannot read it.
        """
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error
        if not isinstance(index, KINDS):
            raise IndexDamaged(f"索引文件 {path.name} 不是本程序写的，请运行 wengong index 重建。")
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    @property
    def row_count(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def is_flat(self) -> bool:
        """Whether a search compares the query with every row."""
        return self._is_flat

    def search(self, query: Vectors, limit: int, within: Sequence[RowRange] | None = None) -> list[DenseHit]:
        """Return the rows nearest to one query; see `DenseIndex.search`."""
        check_query(query, self.dimension)
        if limit < 1 or self.row_count == 0:
            return []
        if self.is_flat:
            # One product with every row is several times quicker than the library's search for a single query.
            return self._search_rows(query, limit, [RowRange(0, self.row_count)] if within is None else within)
        if within is not None and sum(rows.stop - rows.start for rows in within) <= COMPARED_ROWS:
            return self._search_rows(query, limit, within)
        wanted = min(limit + TIE_MARGIN, self.row_count)
        similarities, rows = self._index.search(query, wanted, params=self._parameters(within))
        found = rows[0] >= 0  # FAISS fills up with -1 when fewer rows are allowed than asked for
        return _hits(similarities[0][found], rows[0][found], limit)

    def _search_rows(self, query: Vectors, limit: int, within: Sequence[RowRange]) -> list[DenseHit]:
        """Return the nearest among few rows, each of them compared: a graph or cells would hardly lead to them."""
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(part.start, part.stop) for part in within)])
        return _hits(self.cosine_similarities(query, rows), rows, limit)

    def _parameters(self, within: Sequence[RowRange] | None) -> Any:  # noqa: ANN401
        selector = None if within is None else _selector(within)
        if isinstance(self._index, faiss.IndexHNSW):
            return LIBRARY.SearchParametersHNSW(sel=selector, efSearch=EF_SEARCH)
        if isinstance(self._index, faiss.IndexIVF):
            return LIBRARY.SearchParametersIVF(sel=selector, nprobe=max(1, int(PROBED_SHARE * self._index.nlist)))
        return None if selector is None else LIBRARY.SearchParameters(sel=selector)

    def cosine_similarities(
        self, query: Vectors, rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine similarity of one query to some rows, in their order, or to every row."""
        check_query(query, self.dimension)
        wanted = np.arange(self.row_count) if rows is None else np.asarray(rows, dtype=np.int64)
        if not self.is_flat:
            if len(wanted) == 0:
                return np.zeros(0, dtype=np.float32)
            storage = faiss.downcast_index(self._index.storage) if hasattr(self._index, "storage") else self._index
            return np.asarray(storage.reconstruct_batch(wanted) @ query[0], dtype=np.float32)
        vector = query[0] if self._directions is None else self._directions @ query[0]
        if rows is None:
            return np.asarray(self._vectors @ vector, dtype=np.float32)
        # One product over everything is cheaper than copying a large part of the rows together first.
        if len(wanted) * COPY_COST > self.row_count:
            return np.asarray((self._vectors @ vector)[wanted], dtype=np.float32)
        return np.asarray(self._vectors[wanted] @ vector, dtype=np.float32)


def _hits(similarities: NDArray[np.float32], rows: NDArray[np.int64], limit: int) -> list[DenseHit]:
    return [
        DenseHit(int(rows[position]), float(similarities[position]))
        for position in best_rows(similarities, limit, rows)
    ]


def _empty_index(kind: IndexKind, dimension: int, row_count: int) -> Any:  # noqa: ANN401
    if kind == "flat":
        return faiss.IndexFlatIP(dimension)
    if kind == "hnsw":
        index: Any = faiss.index_factory(dimension, f"HNSW{GRAPH_NEIGHBOURS}_SQfp16", faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = EF_CONSTRUCTION
        index.is_trained = index.storage.is_trained = True  # half precision has nothing to learn
        return index
    cells = max(1, int(CELLS_A_ROOT * row_count**0.5))
    return faiss.index_factory(dimension, f"IVF{cells},SQ8", faiss.METRIC_INNER_PRODUCT)


def _along(directions: NDArray[np.float32]) -> Any:  # noqa: ANN401
    """Return an empty index that compares rows along some directions only."""
    count, dimension = directions.shape
    transform = LIBRARY.LinearTransform(dimension, count, False)  # noqa: FBT003 - without a bias
    LIBRARY.copy_array_to_vector(directions.ravel(), transform.A)
    transform.is_trained = True
    return LIBRARY.IndexPreTransform(transform, LIBRARY.IndexFlatIP(count))


def _directions(index: Any) -> NDArray[np.float32]:  # noqa: ANN401
    transform: Any = faiss.downcast_VectorTransform(index.chain.at(0))
    return np.asarray(faiss.vector_to_array(transform.A).reshape(transform.d_out, transform.d_in))


def check_query(query: Vectors, dimension: int) -> None:
    """Return when a query has shape (1, dimension); raise ValueError otherwise."""
    if query.shape != (1, dimension):
        msg = f"a query has shape (1, {dimension}), not {query.shape}"
        raise ValueError(msg)


def _selector(within: Sequence[RowRange]) -> faiss.IDSelector:
    if len(within) == 1:
        return faiss.IDSelectorRange(within[0].start, within[0].stop)
    rows = [np.arange(allowed.start, allowed.stop, dtype=np.int64) for allowed in within]
    return faiss.IDSelectorBatch(np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64))

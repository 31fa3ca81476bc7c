"""Nearest neighbours by cosine similarity, exactly, in FAISS. The only module that imports faiss."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.encoder import Vectors
from retriever.hit import DenseHit, RowRange, best_rows

# Ties at the last place are settled by row, so a few more hits are fetched than asked for.
TIE_MARGIN = 16
# Copying a row costs about as much as this many products with it.
COPY_COST = 8


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

    def cosine_similarities(self, query: Vectors, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the cosine similarity of one query (as in `search`) to each of some rows, in their order."""


class FaissDenseIndex:
    """Exact inner product over unit vectors (`faiss.IndexFlatIP`).

    Up to some twenty thousand passages an exact search takes under two milliseconds; beyond that another index type
    belongs behind this same class.
    """

    def __init__(self, index: faiss.IndexFlatIP) -> None:
        self._index = index
        # The vectors inside FAISS, not a copy of them.
        shape = (index.ntotal, index.d)
        self._vectors: Vectors = faiss.rev_swig_ptr(index.get_xb(), shape[0] * shape[1]).reshape(shape)

    @classmethod
    def build(cls, vectors: Vectors) -> "FaissDenseIndex":
        """Return an index of unit vectors, float32, shape (rows, dimension); the row is the position."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
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
        if not isinstance(index, faiss.IndexFlatIP):
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

    def search(self, query: Vectors, limit: int, within: Sequence[RowRange] | None = None) -> list[DenseHit]:
        """Return the rows nearest to one query; see `DenseIndex.search`."""
        check_query(query, self.dimension)
        if limit < 1 or self.row_count == 0:
            return []
        wanted = min(limit + TIE_MARGIN, self.row_count)
        parameters = None if within is None else _parameters(within)
        similarities, rows = self._index.search(query, wanted, params=parameters)
        found = rows[0] >= 0  # FAISS fills up with -1 when fewer rows are allowed than asked for
        similarities, rows = similarities[0][found], rows[0][found]
        return [
            DenseHit(int(rows[position]), float(similarities[position]))
            for position in best_rows(similarities, rows, limit)
        ]

    def cosine_similarities(self, query: Vectors, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the cosine similarity of one query to each of some rows, in their order."""
        check_query(query, self.dimension)
        # One product over everything is cheaper than copying a large part of the rows together first.
        if len(rows) * COPY_COST > self.row_count:
            return np.asarray((self._vectors @ query[0])[list(rows)], dtype=np.float32)
        return np.asarray(self._vectors[list(rows)] @ query[0], dtype=np.float32)


def check_query(query: Vectors, dimension: int) -> None:
    """Return when a query has shape (1, dimension); raise ValueError otherwise."""
    if query.shape != (1, dimension):
        msg = f"a query has shape (1, {dimension}), not {query.shape}"
        raise ValueError(msg)


def _parameters(within: Sequence[RowRange]) -> faiss.SearchParameters:
    if len(within) == 1:
        selector: faiss.IDSelector = faiss.IDSelectorRange(within[0].start, within[0].stop)
    else:
        rows = [np.arange(allowed.start, allowed.stop, dtype=np.int64) for allowed in within]
        selector = faiss.IDSelectorBatch(np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64))
    return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # the stubs leave out the keyword

"""Nearest neighbours by plain matrix product: slow, obvious, and what every other dense index is tested against."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retriever.dense import check_query
from retriever.encoder import Vectors
from retriever.hit import DenseHit, RowRange, best_rows


class ExactDenseIndex:
    """All unit vectors in one array."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    @property
    def row_count(self) -> int:
        """How many vectors it holds."""
        return len(self._vectors)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def search(self, query: Vectors, limit: int, within: Sequence[RowRange] | None = None) -> list[DenseHit]:
        """Return the rows nearest to one query; see `DenseIndex.search`."""
        check_query(query, self.dimension)
        ranges = [RowRange(0, self.row_count)] if within is None else within
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(rows.start, rows.stop) for rows in ranges)])
        similarities = self._vectors[rows] @ query[0]
        return [
            DenseHit(int(rows[position]), float(similarities[position]))
            for position in best_rows(similarities, limit, rows)
        ]

    @property
    def is_flat(self) -> bool:
        """Whether a search compares the query with every row."""
        return True

    def cosine_similarities(
        self, query: Vectors, rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the cosine similarity of one query to some rows, in their order, or to every row."""
        check_query(query, self.dimension)
        vectors = self._vectors if rows is None else self._vectors[list(rows)]
        return np.asarray(vectors @ query[0], dtype=np.float32)

"""One question held against the texts of one space: which match best, and how well any of them do."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retriever.artifact import Similarities
from retriever.hit import RowRange, best_rows
from retriever.index import Space
from retriever.query import Query

SMALLEST_INFORMATION = 1e-9
ALL_BUT_SIGN = np.int32(0x7FFFFFFF)
LOWER_HALF = np.int64(0xFFFFFFFF)
TAKEN = np.iinfo(np.int64).min
Numbers = NDArray[np.float32]


class Match:
    """A question in a space. Where every text is compared anyway, that is done once and kept."""

    def __init__(self, query: Query, space: Space, background: Similarities) -> None:
        self._query = query
        self._space = space
        self._background = background
        self._cosine_similarities = space.dense.cosine_similarities(query.vector) if space.dense.is_flat else None
        self._bm25_scores = space.lexical.bm25_scores(query.terms) if space.dense.is_flat else None

    def best_rows(self, limit: int, handbook_ids: frozenset[str] | None) -> list[int]:
        """Return the rows with the highest BM25 scores above zero and those with the highest cosine similarities.

        Args:
            limit: At most so many of each kind; ties go to the earlier row.
            handbook_ids: Only rows of these handbooks, or of all when None.
        """
        within = self._space.within(handbook_ids)
        has_vector = bool(self._query.vector.any())
        if self._cosine_similarities is None or self._bm25_scores is None:
            found = [hit.row for hit in self._space.lexical.search(self._query.terms, limit, within)]
            nearest = self._space.dense.search(self._query.vector, limit, within) if has_vector else []
            return found + [hit.row for hit in nearest]
        if within is None:
            by_words = best_rows(self._bm25_scores, limit, above=0.0)
            return [*by_words, *(best_rows(self._cosine_similarities, limit) if has_vector else [])]
        allowed = rows_of(within)
        by_words = best_rows(self._bm25_scores[allowed], limit, rows=allowed, above=0.0)
        by_meaning = best_rows(self._cosine_similarities[allowed], limit, rows=allowed) if has_vector else []
        rows: list[int] = allowed[by_words + by_meaning].tolist()
        return rows

    def values(self, rows: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        """Return what speaks for some rows; see `comparable_values`."""
        if self._cosine_similarities is None or self._bm25_scores is None:
            return comparable_values(self._query, self._space, rows, self._background)
        numbers = self._cosine_similarities[rows], self._bm25_scores[rows]
        return _comparable(*numbers, self._query, self._space, self._background)


def comparable_values(
    query: Query, space: Space, rows: Sequence[int] | NDArray[np.int64], background: Similarities
) -> tuple[Numbers, Numbers]:
    """Return what speaks for some rows of a space, in numbers that compare across questions and encoders.

    Returns:
        Similarities in standard deviations above unrelated texts, and coverages, BM25 scores as a share of the
        question's information, in [0, 1]; both float32, shape (rows,), in the order of the rows.
    """
    cosine_similarities = space.dense.cosine_similarities(query.vector, rows)
    return _comparable(cosine_similarities, space.lexical.bm25_scores(query.terms, rows), query, space, background)


def _comparable(
    cosine_similarities: Numbers, bm25_scores: Numbers, query: Query, space: Space, background: Similarities
) -> tuple[Numbers, Numbers]:
    similarities = (cosine_similarities - background.mean) / background.standard_deviation
    return similarities, bm25_scores / max(space.lexical.information(query.terms), SMALLEST_INFORMATION)


def rows_of(ranges: Sequence[RowRange]) -> NDArray[np.int64]:
    """Return the rows of some ranges, one range behind the other."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(part.start, part.stop) for part in ranges)])


def highest_of_each(values: Numbers, lengths: Sequence[int], count: int) -> NDArray[np.float64]:
    """Return the highest values of each stretch of an array.

    Args:
        values: The stretches one behind the other, float32, none of them NaN, shape (sum of lengths,).
        lengths: How long each is; 0 is allowed.
        count: How many of each.

    Returns:
        Shape (stretches, count), highest first; NaN where a stretch is shorter.
    """
    sizes = np.asarray(lengths, dtype=np.int64)
    highest = np.full((len(sizes), count), np.nan)
    held = np.flatnonzero(sizes)
    if len(held) == 0:
        return highest
    starts = np.concatenate([[0], np.cumsum(sizes[held])[:-1]])
    left = _with_places(values)
    for place in range(count):
        best = np.maximum.reduceat(left, starts)
        is_left = best > TAKEN
        found = best[is_left] & LOWER_HALF
        highest[held[is_left], place] = values[found]
        left[found] = TAKEN
    return highest


def _with_places(values: Numbers) -> NDArray[np.int64]:
    """Return whole numbers in the order of the values that hold their places too: one search finds both.

    The bits of IEEE 754 numbers, read as whole numbers, rise with them, once those of negative ones are turned over.
    """
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
    rising = np.where(bits < 0, bits ^ ALL_BUT_SIGN, bits).astype(np.int64)
    return rising << 32 | np.arange(len(values))

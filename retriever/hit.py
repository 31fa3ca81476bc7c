"""What a search gives: rows of an index, best first."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class DenseHit(NamedTuple):
    """A row of a dense index and its cosine similarity to the query, in [-1, 1]."""

    row: int
    cosine_similarity: float


class LexicalHit(NamedTuple):
    """A row of a lexical index and its BM25 score, which compares only with others of the same query and index."""

    row: int
    bm25_score: float


@dataclass(frozen=True, slots=True)
class RowRange:
    """The rows of one handbook in an index: they stand together, `start` included, `stop` not."""

    start: int
    stop: int


def best_rows(scores: NDArray[np.floating], limit: int, rows: Rows | None = None, above: float = -np.inf) -> list[int]:
    """Return positions of the best scores, highest first, equal ones by row.

    Args:
        scores: One a row.
        limit: At most so many; none below 1.
        rows: Which row each is of; None when they stand in the order of their rows.
        above: Only scores higher than this.
    """
    if limit < 1:
        return []
    if len(scores) > limit:
        # Everything as good as the last place stays in, so that ties are cut by row and not by chance.
        last_place = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = np.flatnonzero(scores >= last_place if last_place > above else scores > above)
    else:
        kept = np.flatnonzero(scores > above)
    order = np.argsort(-scores[kept], kind="stable") if rows is None else np.lexsort((rows[kept], -scores[kept]))
    best: list[int] = kept[order[:limit]].tolist()
    return best

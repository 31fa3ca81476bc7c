"""Which kind of index a number of rows gets."""

from typing import Final, Literal

FLAT_ROWS: Final = 30_000
HNSW_ROWS: Final = 1_000_000
IndexKind = Literal["flat", "hnsw", "ivf"]


def index_kind(row_count: int) -> IndexKind:
    """Return which kind of index that many rows get.

    - flat, up to FLAT_ROWS: every row is compared, along the directions in which the rows differ.
    - hnsw, up to HNSW_ROWS: a graph of neighbours over half-precision vectors; the fastest at high recall, for
      1.4 KB of memory a row at 512 dimensions.
    - ivf, beyond: cells of rows in 8 bits a number; half that memory and slower at equal recall.
    """
    if row_count <= FLAT_ROWS:
        return "flat"
    return "hnsw" if row_count <= HNSW_ROWS else "ivf"

"""The directions in which texts of one kind differ: fewer numbers to compare, hardly anything lost."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from retriever.encoder import Vectors

# So few rows are compared quickly enough as they are.
MIN_ROWS: Final = 4_096
# What is kept of the squared lengths. For the shipped handbook that is 252 of 512 numbers, and hit@1 on dev stays as it
# is; with 128 (0.70 of the lengths) it falls by a point.
KEPT_SHARE: Final = 0.87
# As fine as the eigenvectors of sums in another order agree.
DECIMALS: Final = 6


def principal_directions(vectors: Vectors) -> NDArray[np.float32] | None:
    """Return the fewest directions that keep KEPT_SHARE of the squared lengths of some vectors.

    Products of vectors along these directions are near their full ones. Not centred: a query needs no shift.
    Source: Eckart and Young, "The approximation of one matrix by another of lower rank", 1936.

    Args:
        vectors: float32, shape (rows, dimension); may lie on disk.

    Returns:
        Unit vectors at right angles, strongest first, shape (directions, dimension); None for fewer than MIN_ROWS rows,
        where nearly all directions would be needed, and where all vectors are zero.
    """
    row_count, dimension = vectors.shape
    if row_count < MIN_ROWS:
        return None
    # One thread: sums come out the same in every run.
    with threadpool_limits(1):
        products = np.asarray(vectors.T @ vectors, dtype=np.float64)
        lengths, directions = np.linalg.eigh(products)
    if not lengths.any():
        return None
    shares = np.cumsum(lengths[::-1]) / lengths.sum()
    count = int(np.searchsorted(shares, KEPT_SHARE)) + 1
    if count > dimension * 3 // 4:
        return None
    strongest = directions[:, ::-1][:, :count].T
    # An eigenvector may point either way; its largest number decides.
    largest = np.abs(strongest).argmax(axis=1)
    strongest *= np.sign(strongest[np.arange(count), largest])[:, None]
    return np.ascontiguousarray(strongest.round(DECIMALS), dtype=np.float32)

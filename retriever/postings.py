"""BM25 scores worked out ahead, for every term and every row that holds it."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retriever.term_counts import TermCounts

K1 = 1.2
B = 0.75


class Postings(NamedTuple):
    """Every score above zero, sorted by term and row: those of term t lie from `starts[t]` to `starts[t + 1]`.

    Attributes:
        scores: float32.
        rows: int32, as long as the scores.
        starts: int64, one more than there are terms.
    """

    scores: NDArray[np.float32]
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]


def postings_of(blocks: Iterable[TermCounts]) -> tuple[Postings, dict[str, int], int]:
    """Return the postings of the texts of all blocks, one block behind the other, the terms' numbers and the row count.

    Blocks are gone through twice and one at a time, so that they may be read from disk each time.

    Raises:
        ValueError: If there is no text, or no term in any text.
    """
    vocabulary: dict[str, int] = {}
    row_count, length_sum = 0, 0
    frequencies = np.zeros(0, dtype=np.int64)
    for block in blocks:
        numbers = _global_numbers(block, vocabulary)
        frequencies = np.pad(frequencies, (0, len(vocabulary) - len(frequencies)))
        frequencies += np.bincount(numbers[block.columns], minlength=len(vocabulary))
        row_count += len(block.lengths)
        length_sum += int(block.lengths.sum())
    if not vocabulary:
        msg = "a lexical index needs at least one term"
        raise ValueError(msg)
    return _fill(blocks, vocabulary, frequencies, row_count, length_sum / row_count), vocabulary, row_count


def _global_numbers(block: TermCounts, vocabulary: dict[str, int]) -> NDArray[np.int64]:
    """Return the number of each of a block's terms among all, new ones numbered in order of appearance."""
    numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in block.vocabulary]
    return np.array(numbers, dtype=np.int64)


def _fill(
    blocks: Iterable[TermCounts],
    vocabulary: dict[str, int],
    frequencies: NDArray[np.int64],
    row_count: int,
    mean_length: float,
) -> Postings:
    """Return every score, sorted by term and row."""
    idf = np.log1p((row_count - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(frequencies)])
    data, indices = np.empty(starts[-1], dtype=np.float32), np.empty(starts[-1], dtype=np.int32)
    next_free = starts[:-1].copy()
    first_row = 0
    for block in blocks:
        numbers = _global_numbers(block, vocabulary)
        order = np.argsort(block.columns, kind="stable")
        columns, rows, counts = block.columns[order], block.rows[order], block.counts[order]
        per_column = np.bincount(columns, minlength=len(numbers))
        within_column = np.arange(len(columns)) - np.repeat(np.cumsum(per_column) - per_column, per_column)
        places = next_free[numbers[columns]] + within_column
        norms = K1 * ((1 - B) + B * block.lengths[rows] / mean_length)
        data[places] = idf[numbers[columns]] * (counts / (norms + counts))
        indices[places] = rows + first_row
        next_free[numbers] += per_column
        first_row += len(block.lengths)
    return Postings(data, indices, starts)

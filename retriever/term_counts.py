"""How often each term stands in each of some texts, kept as numbers: what a lexical index is built from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TermCounts:
    """The terms of some texts.

    Attributes:
        vocabulary: Each term once, in order of appearance.
        rows: Text of each entry, rising; int32.
        columns: Term of each entry, int32; a pair of text and term stands there once.
        counts: How often the term stands in the text, float32.
        lengths: Terms in each text, repetitions counted, int64.
    """

    vocabulary: tuple[str, ...]
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    counts: NDArray[np.float32]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, term_lists: Sequence[list[str]]) -> "TermCounts":
        """Return the counts of term lists, one a text."""
        # Numbered in order of appearance: a hash would number them another way in every process.
        vocabulary: dict[str, int] = {}
        numbers = np.array(
            [vocabulary.setdefault(term, len(vocabulary)) for terms in term_lists for term in terms], dtype=np.int64
        )
        lengths = np.array([len(terms) for terms in term_lists], dtype=np.int64)
        texts = np.repeat(np.arange(len(term_lists)), lengths)
        pairs, counts = np.unique(texts * len(vocabulary) + numbers, return_counts=True)
        rows, columns = np.divmod(pairs, max(len(vocabulary), 1))
        return cls(
            vocabulary=tuple(vocabulary),
            rows=rows.astype(np.int32),
            columns=columns.astype(np.int32),
            counts=counts.astype(np.float32),
            lengths=lengths,
        )

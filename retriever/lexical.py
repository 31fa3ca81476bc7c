"""Words in common, weighted by how rare they are: BM25. The only module that imports bm25s."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.hit import LexicalHit, RowRange, best_rows
from retriever.term_counts import TermCounts

K1 = 1.2
B = 0.75
# Looking up a row among the rows of a term costs about as much as scoring this many.
ROW_COST = 25
SMALLEST_SCORE = 1e-30
# In an index so small, scoring all rows is always cheaper.
SMALL_ROWS = 4_096


class LexicalIndex(Protocol):
    """Term lists by row, searched by BM25. Never changes after it was built or loaded."""

    @property
    def row_count(self) -> int:
        """How many term lists it holds."""

    def search(self, terms: list[str], limit: int, within: Sequence[RowRange] | None = None) -> list[LexicalHit]:
        """Return the rows that share the most telling terms with a query.

        Args:
            terms: The query's terms; unknown and repeated ones are allowed, and so is none at all.
            limit: At most this many hits.
            within: Only these rows, or all when None.

        Returns:
            Hits with a score above zero, by falling score, ties by row.
        """

    def bm25_scores(
        self, terms: list[str], rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the BM25 score of some rows, in their order, or of every row; zero for rows without a common term."""

    def information(self, terms: list[str]) -> float:
        """Return the score that a row holding every term very often would approach, unknown terms counted as rarest.

        A BM25 score divided by this lies in [0, 1] and says how much of a query is met; zero terms give 0.
        """

    def known_share(self, terms: list[str]) -> float:
        """Return the part of a query's information that lies in terms of any row, in [0, 1]; zero terms give 0."""


class Bm25LexicalIndex:
    """BM25 as Lucene computes it.

    idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5)); a row scores the sum over the query's terms of
    idf * f / (f + k1 * (1 - b + b * length / mean length)).
    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; the variant is
    number 3 ("Lucene, accurate") of Kamphuis et al., "Which BM25 Do You Mean?", 2020.
    """

    def __init__(self, bm25: BM25) -> None:
        self._bm25 = bm25
        # Of every term, for searches of the library's own, which are not used here.
        bm25.unique_token_ids_set = None
        # Plain views: slicing the library's memory maps costs more than reading them.
        self._scores, self._rows, self._starts = (
            np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr")
        )
        self._row_count = int(bm25.scores["num_docs"])
        document_frequencies = np.diff(self._starts).astype(np.float64)
        self._idf = np.log1p((self._row_count - document_frequencies + 0.5) / (document_frequencies + 0.5))
        self._unknown_idf = float(np.log1p((self._row_count + 0.5) / 0.5))

    @classmethod
    def build(cls, term_lists: list[list[str]]) -> "Bm25LexicalIndex":
        """Return an index of term lists; the row is the position.

        Raises:
            ValueError: If there is no list, or no term in any list.
        """
        return cls.build_from_counts([TermCounts.of(term_lists)])

    @classmethod
    def build_from_counts(cls, blocks: Iterable[TermCounts]) -> "Bm25LexicalIndex":
        """Return an index of the texts of all blocks, one block behind the other; see `build`.

        Blocks are gone through twice and one at a time, so that they may be read from disk each time.
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
        bm25 = BM25(method="lucene", k1=K1, b=B)
        bm25.vocab_dict = vocabulary
        bm25.nonoccurrence_array = None
        bm25.scores = _scores(blocks, vocabulary, frequencies, row_count, length_sum / row_count)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> "Bm25LexicalIndex":
        """Return the index in a folder.

        Raises:
            IndexDamaged: If a file is missing or cannot be read.
        """
        try:
            return cls(BM25.load(folder, load_corpus=False, mmap=True, show_progress=False))
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(f"索引文件夹 {folder.name} 无法读取，请运行 wengong index 重建。") from error

    def save(self, folder: Path) -> None:
        """Write the index into a folder, which is made."""
        self._bm25.save(folder, show_progress=False)

    @property
    def row_count(self) -> int:
        """How many term lists it holds."""
        return self._row_count

    def search(self, terms: list[str], limit: int, within: Sequence[RowRange] | None = None) -> list[LexicalHit]:
        """Return the rows that share the most telling terms with a query; see `LexicalIndex.search`."""
        if within is None:
            scores = self._all_scores(terms)
            rows = np.flatnonzero(scores >= max(self._reached(terms, scores, limit), SMALLEST_SCORE))
            found = scores[rows]
        else:
            rows = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(part.start, part.stop) for part in within)])
            found = self.bm25_scores(terms, rows)
            rows, found = rows[found > 0], found[found > 0]
        return [LexicalHit(int(rows[position]), float(found[position])) for position in best_rows(found, limit, rows)]

    def bm25_scores(
        self, terms: list[str], rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """Return the BM25 score of some rows, in their order, or of every row."""
        if rows is None:
            return self._all_scores(terms)
        wanted = np.asarray(rows, dtype=np.int64)
        if len(wanted) * ROW_COST > self._row_count or self._row_count <= SMALL_ROWS:
            return self._all_scores(terms)[wanted]
        scores = np.zeros(len(wanted), dtype=np.float32)
        for rows_of_term, scores_of_term in self._postings(terms):
            places = np.searchsorted(rows_of_term, wanted.astype(rows_of_term.dtype))  # or the term's rows are copied
            places[places == len(rows_of_term)] = 0
            is_there = rows_of_term[places] == wanted
            scores[is_there] += scores_of_term[places[is_there]]
        return scores

    def information(self, terms: list[str]) -> float:
        """Return the score that a row holding every term very often would approach."""
        vocabulary = self._bm25.vocab_dict
        return float(sum(self._idf[vocabulary[term]] if term in vocabulary else self._unknown_idf for term in terms))

    def known_share(self, terms: list[str]) -> float:
        """Return the part of a query's information that lies in known terms."""
        if not terms:
            return 0.0
        return self.information([term for term in terms if term in self._bm25.vocab_dict]) / self.information(terms)

    def _all_scores(self, terms: list[str]) -> NDArray[np.float32]:
        scores = np.zeros(self._row_count, dtype=np.float32)
        for rows_of_term, scores_of_term in self._postings(terms):
            np.add.at(scores, rows_of_term, scores_of_term)  # three times as fast as adding by index
        return scores

    def _reached(self, terms: list[str], scores: NDArray[np.float32], limit: int) -> float:
        """Return a score that at least `limit` rows reach, from the rows of the rarest terms; 0 when they are fewer.

        What is below need not be put in order, which in a large index takes longer than scoring it.
        """
        rows: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        for rows_of_term, _ in sorted(self._postings(terms), key=lambda of_term: len(of_term[0])):
            rows = np.union1d(rows, rows_of_term)
            if len(rows) >= limit:
                return float(np.partition(scores[rows], -limit)[-limit])
        return 0.0

    def _postings(self, terms: list[str]) -> Iterator[tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """Yield the rows, rising, and the scores of each known term, in the order of the terms; never an empty one."""
        vocabulary = self._bm25.vocab_dict
        columns = np.array([vocabulary[term] for term in terms if term in vocabulary], dtype=np.int64)
        for first, behind in zip(self._starts[columns].tolist(), self._starts[columns + 1].tolist(), strict=True):
            if first < behind:
                yield self._rows[first:behind], self._scores[first:behind]


def _global_numbers(block: TermCounts, vocabulary: dict[str, int]) -> NDArray[np.int64]:
    """Return the number of each of a block's terms among all, new ones numbered in order of appearance."""
    numbers = [vocabulary.setdefault(term, len(vocabulary)) for term in block.vocabulary]
    return np.array(numbers, dtype=np.int64)


def _scores(
    blocks: Iterable[TermCounts],
    vocabulary: dict[str, int],
    frequencies: NDArray[np.int64],
    row_count: int,
    mean_length: float,
) -> dict[str, Any]:
    """Return every score, sorted by term and row, as the library keeps them."""
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
    return {"data": data, "indices": indices, "indptr": starts, "num_docs": row_count}

"""Words in common, weighted by how rare they are: BM25."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.hit import LexicalHit, RowRange, best_rows
from retriever.mapped_arrays import load_array
from retriever.postings import Postings, postings_of
from retriever.term_counts import TermCounts
from retriever.vocabulary import Vocabulary

# Looking up a row among the rows of a term costs about as much as scoring this many.
ROW_COST = 25
SMALLEST_SCORE = 1e-30
VOCABULARY_NAME: Final = "terms"
ROW_COUNT_NAME: Final = "row_count"
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

    def rows_with(self, term: str) -> NDArray[np.int32]:
        """Return the rows that hold a term, rising; none for an unknown one."""

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

    def __init__(self, vocabulary: Vocabulary, postings: Postings, row_count: int) -> None:
        self._vocabulary = vocabulary
        self.postings = postings
        self._scores, self._rows, self._starts = postings
        self._row_count = row_count
        document_frequencies = np.diff(self._starts).astype(np.float64)
        self._idf = np.log1p((row_count - document_frequencies + 0.5) / (document_frequencies + 0.5))
        self._unknown_idf = float(np.log1p((row_count + 0.5) / 0.5))

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
        postings, vocabulary, row_count = postings_of(blocks)
        return cls(Vocabulary.of(vocabulary), postings, row_count)

    @classmethod
    def load(cls, folder: Path) -> "Bm25LexicalIndex":
        """Return the index in a folder.

        Raises:
            IndexDamaged: If a file is missing, cannot be read, or does not fit the others.
        """
        vocabulary = Vocabulary.load(folder / VOCABULARY_NAME)
        *postings, row_count = (load_array(folder / f"{name}.npy") for name in (*Postings._fields, ROW_COUNT_NAME))
        index = Postings(*postings)
        if not len(vocabulary) == len(index.starts) - 1 or not len(index.scores) == len(index.rows) == index.starts[-1]:
            raise IndexDamaged(f"索引文件夹 {folder.name} 里的文件互相不符，请运行 wengong index 重建。")
        return cls(vocabulary, index, int(row_count))

    def save(self, folder: Path) -> None:
        """Write the index into a folder, which is made."""
        folder.mkdir()
        self._vocabulary.save(folder / VOCABULARY_NAME)
        for name, array in (*self.postings._asdict().items(), (ROW_COUNT_NAME, np.array(self._row_count))):
            np.save(folder / f"{name}.npy", array, allow_pickle=False)

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

    def rows_with(self, term: str) -> NDArray[np.int32]:
        """Return the rows that hold a term, rising."""
        return next((rows for rows, _ in self._postings([term])), np.zeros(0, dtype=np.int32))

    def information(self, terms: list[str]) -> float:
        """Return the score that a row holding every term very often would approach."""
        known = self._vocabulary.numbers_of(terms)
        return float(self._idf[known].sum()) + (len(terms) - len(known)) * self._unknown_idf

    def known_share(self, terms: list[str]) -> float:
        """Return the part of a query's information that lies in known terms."""
        if not terms:
            return 0.0
        return float(self._idf[self._vocabulary.numbers_of(terms)].sum()) / self.information(terms)

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
        columns = self._vocabulary.numbers_of(terms)
        for first, behind in zip(self._starts[columns].tolist(), self._starts[columns + 1].tolist(), strict=True):
            if first < behind:
                yield self._rows[first:behind], self._scores[first:behind]

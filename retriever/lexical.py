"""Words in common, weighted by how rare they are: BM25. The only module that imports bm25s."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.hit import LexicalHit, RowRange, best_rows

K1 = 1.2
B = 0.75


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

    def bm25_scores(self, terms: list[str], rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the BM25 score of each of some rows, in their order; zero for rows without a common term."""

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
        self._row_count = int(bm25.scores["num_docs"])
        document_frequencies = np.diff(bm25.scores["indptr"]).astype(np.float64)
        self._idf = np.log1p((self._row_count - document_frequencies + 0.5) / (document_frequencies + 0.5))
        self._unknown_idf = float(np.log1p((self._row_count + 0.5) / 0.5))

    @classmethod
    def build(cls, term_lists: list[list[str]]) -> "Bm25LexicalIndex":
        """Return an index of term lists; the row is the position.

        Raises:
            ValueError: If there is no list, or no term in any list.
        """
        if not any(term_lists):
            msg = "a lexical index needs at least one term"
            raise ValueError(msg)
        # Numbered here, in order of appearance: the library would number them by hash, another way in every process.
        vocabulary: dict[str, int] = {}
        numbered = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms] for terms in term_lists]
        bm25 = BM25(method="lucene", k1=K1, b=B)
        bm25.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
        return cls(bm25)

    @classmethod
    def load(cls, folder: Path) -> "Bm25LexicalIndex":
        """Return the index in a folder.

        Raises:
            IndexDamaged: If a file is missing or cannot be read.
        """
        try:
            return cls(BM25.load(folder, load_corpus=False, show_progress=False))
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
        scores = self._all_scores(terms)
        if within is not None:
            allowed = np.zeros(self._row_count, dtype=bool)
            for row_range in within:
                allowed[row_range.start : row_range.stop] = True
            scores = np.where(allowed, scores, 0.0)
        rows = np.flatnonzero(scores > 0)
        found = scores[rows]
        return [LexicalHit(int(rows[position]), float(found[position])) for position in best_rows(found, rows, limit)]

    def bm25_scores(self, terms: list[str], rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the BM25 score of each of some rows, in their order."""
        return self._all_scores(terms)[list(rows)]

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
        known = [self._bm25.vocab_dict[term] for term in terms if term in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._row_count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores_from_ids(known), dtype=np.float32)

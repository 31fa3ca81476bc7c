"""Our searches over any collection of texts: a temporary index in memory, for other people's data sets."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from corpus.errors import DatasetInvalid, InvalidQuestion
from eval.dataset import LabelledQuestion
from eval.interchange.beir import Document
from eval.served import DECIMALS, RANKED_SECTIONS_KEPT, Served, ServedExcerpt, ServedSection
from ingest.background import unrelated_similarities
from retriever.artifact import Similarities
from retriever.dense import FaissDenseIndex
from retriever.encoder import Encoder
from retriever.index import Space
from retriever.lexical import Bm25LexicalIndex
from retriever.matching import comparable_values
from retriever.normalise import Normaliser, checked_question
from retriever.query import Query, make_query
from retriever.signals import Signals
from retriever.terms import terms

ENCODED_AT_ONCE: Final = 256
CANDIDATES: Final = 100
SHOWN: Final = 3
DOCUMENT_SYSTEM_NAMES: Final = ("hybrid", "dense", "lexical")
Progress = Callable[[str, int, int], None]


class DocumentIndex:
    """A collection in memory, searched by meaning and by words; row r is document r.

    Raises:
        DatasetInvalid: If no document holds a word.
    """

    def __init__(self, documents: Sequence[Document], encoder: Encoder, progress: Progress) -> None:
        self.documents = documents
        self.encoder = encoder
        self.normalise = Normaliser()
        vectors, term_lists = [], []
        for start in range(0, len(documents), ENCODED_AT_ONCE):
            block = documents[start : start + ENCODED_AT_ONCE]
            texts = [self.normalise(f"{document.title}\n{document.text}".strip()) for document in block]
            vectors.append(encoder.encode(texts))
            term_lists += [terms(text) for text in texts]
            progress("编码文字", start + len(block), len(documents))
        if not any(term_lists):
            raise DatasetInvalid("这些文字里没有一个可以检索的词，请检查 corpus 的 title 和 text。")
        progress("建词项索引", 0, 1)
        stacked = np.concatenate(vectors)
        self.space = Space(
            dense=FaissDenseIndex.build(stacked), lexical=Bm25LexicalIndex.build(term_lists), rows={}, handbook_rows={}
        )
        keys = [("", document.document_id) for document in documents]
        self.background: Similarities = unrelated_similarities(stacked, keys, stacked, keys)
        progress("建词项索引", 1, 1)


class DocumentSystem:
    """One way to search a DocumentIndex; always answers when it finds anything, as such sets expect.

    "hybrid" adds similarity and word coverage with the weights fitted for passages.
    """

    def __init__(self, name: str, index: DocumentIndex, weights: Signals) -> None:
        self.name = name
        self._index = index
        self._similarity_weight = 0.0 if name == "lexical" else weights.passage_similarity
        self._coverage_weight = 0.0 if name == "dense" else weights.passage_coverage

    def serve(self, row: LabelledQuestion) -> Served:
        """Return the best documents, the first three whole as excerpts."""
        try:
            text = self._index.normalise(checked_question(row.question))
        except InvalidQuestion:
            return Served(row_id=row.row_id, outcome="refused")
        ranked = self._ranked(make_query(text, self._index.encoder))
        documents = self._index.documents
        return Served(
            row_id=row.row_id,
            outcome="answered" if ranked else "abstained",
            ranking=tuple(
                ServedSection(section_id=documents[place].document_id, fused_score=round(score, DECIMALS))
                for place, score in ranked
            ),
            excerpts=tuple(
                ServedExcerpt(section_id=documents[place].document_id, excerpt=documents[place].text)
                for place, _ in ranked[:SHOWN]
            ),
        )

    def _ranked(self, query: Query) -> list[tuple[int, float]]:
        space, rows = self._index.space, set[int]()
        if self._coverage_weight:
            rows |= {hit.row for hit in space.lexical.search(query.terms, CANDIDATES)}
        if self._similarity_weight and query.vector.any():
            rows |= {hit.row for hit in space.dense.search(query.vector, CANDIDATES)}
        candidates = sorted(rows)
        if not candidates:
            return []
        similarities, coverages = comparable_values(query, space, candidates, self._index.background)
        scores = self._similarity_weight * similarities + self._coverage_weight * coverages
        order = np.argsort(-scores, kind="stable")[:RANKED_SECTIONS_KEPT]
        return [(candidates[place], float(scores[place])) for place in order]

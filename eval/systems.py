"""Who is measured: the service itself, and plainer searches over the same index to compare it with."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from corpus.errors import InvalidQuestion
from eval.dataset import LabelledQuestion
from eval.served import DECIMALS, RANKED_SECTIONS_KEPT, Served, ServedExcerpt, ServedSection, served_answer
from retriever.encoder import Encoder
from retriever.index import SearchIndex, SectionKey, Space
from retriever.matching import comparable_values
from retriever.normalise import Normaliser, checked_question
from retriever.pipeline import Retriever
from retriever.query import Query, make_query

EXCERPTS: Final = 3
HYBRID: Final = "hybrid"


class System(Protocol):
    """Anything that can be asked the rows of a data set."""

    @property
    def name(self) -> str:
        """What a table calls it."""

    def serve(self, row: LabelledQuestion) -> Served:
        """Return what it serves for a row; a question that cannot be asked is served as refused."""


class HybridSystem:
    """The service as everybody uses it: `Retriever.answer`."""

    name = HYBRID

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def serve(self, row: LabelledQuestion) -> Served:
        """Return what the service answers."""
        try:
            answer = self._retriever.answer(row.question, row.history, row.handbook_id)
        except InvalidQuestion:
            return Served(row_id=row.row_id, outcome="refused")
        return served_answer(row.row_id, answer)


SectionScores = dict[SectionKey, float]
Scorer = Callable[[Query, SearchIndex], tuple[SectionScores, list[float]]]
"""Gives the score of each section, and the score of each passage row, by which excerpts are chosen."""


class OneSearchSystem:
    """One of the searches alone, without history, numbers, calibration or the will to abstain.

    It answers whatever shares anything with the handbook, as a plain search would.
    """

    def __init__(self, name: str, index: SearchIndex, encoder: Encoder) -> None:
        self.name = name
        self._index = index
        self._encoder = encoder
        self._score = SCORERS[name]
        self._normalise = Normaliser()

    def serve(self, row: LabelledQuestion) -> Served:
        """Return the best sections, the first three with their best passage as excerpt; an empty answer has none."""
        try:
            text = self._normalise(checked_question(row.question))
        except InvalidQuestion:
            return Served(row_id=row.row_id, outcome="refused")
        scores, passage_scores = self._score(make_query(text, self._encoder), self._index)
        within = {
            key: score
            for key, score in scores.items()
            if key in self._index.sections and score > 0 and row.handbook_id in {None, key[0]}
        }
        best = sorted(within, key=lambda key: (-within[key], key))[:RANKED_SECTIONS_KEPT]
        return Served(
            row_id=row.row_id,
            outcome="answered" if best else "abstained",
            ranking=tuple(ServedSection(section_id=key[1], fused_score=round(within[key], DECIMALS)) for key in best),
            excerpts=tuple(
                self._excerpt(key, passage_scores) for key in best[:EXCERPTS] if key in self._index.passage_space.rows
            ),
        )

    def _excerpt(self, key: SectionKey, passage_scores: Sequence[float]) -> ServedExcerpt:
        rows = self._index.passage_space.rows[key]
        passage = self._index.passages[max(range(rows.start, rows.stop), key=lambda row: (passage_scores[row], -row))]
        text = self._index.handbooks[key[0]].text
        return ServedExcerpt(section_id=key[1], excerpt=text[passage.start : passage.end])


def _dense(query: Query, index: SearchIndex) -> tuple[SectionScores, list[float]]:
    return _best_of_both_spaces(query, index, 0)


def _lexical(query: Query, index: SearchIndex) -> tuple[SectionScores, list[float]]:
    return _best_of_both_spaces(query, index, 1)


def _classifier(query: Query, index: SearchIndex) -> tuple[SectionScores, list[float]]:
    scores = {
        (handbook_id, section): score
        for handbook_id, classifier in index.classifiers.items()
        for section, score in classifier.scores(query.fine_terms).items()
    }
    return scores, _lexical(query, index)[1]


def _headings(query: Query, index: SearchIndex) -> tuple[SectionScores, list[float]]:
    rows = [row for row, wording in enumerate(index.wordings) if wording.is_heading]
    scores = index.wording_space.lexical.bm25_scores(query.terms, rows)
    keys = [(index.wordings[row].handbook_id, index.wordings[row].section_id) for row in rows]
    return dict(zip(keys, scores.tolist(), strict=True)), _lexical(query, index)[1]


def _best_of_both_spaces(query: Query, index: SearchIndex, kind: int) -> tuple[SectionScores, list[float]]:
    passages = _all_values(query, index.passage_space, index)[kind]
    wordings = _all_values(query, index.wording_space, index)[kind]
    scores: SectionScores = {}
    for space, values in ((index.passage_space, passages), (index.wording_space, wordings)):
        for key, rows in space.rows.items():
            scores[key] = max(scores.get(key, -np.inf), float(values[rows.start : rows.stop].max()))
    return scores, passages.tolist()


def _all_values(query: Query, space: Space, index: SearchIndex) -> tuple[np.ndarray, np.ndarray]:
    is_passages = space is index.passage_space
    background = index.manifest.passage_background if is_passages else index.manifest.wording_background
    return comparable_values(query, space, list(range(space.dense.row_count)), background)


SCORERS: Final[dict[str, Scorer]] = {
    "dense": _dense,
    "lexical": _lexical,
    "classifier": _classifier,
    "headings": _headings,
}
SYSTEM_NAMES: Final = (HYBRID, *SCORERS)


def open_system(name: str, retriever: Retriever, encoder: Encoder) -> System:
    """Return a system by its name, one of SYSTEM_NAMES."""
    return HybridSystem(retriever) if name == HYBRID else OneSearchSystem(name, retriever.index, encoder)

"""What a new wording would do: asked at once, before it is in any index.

The nearest wordings of other sections are each asked while they are left out, once without the new wording and once
with it. A section that then loses a wording it had found is robbed. The linear model is not fitted again but corrected
by an estimate, so that the answer comes at once; the evals of the draft fit it.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from console.classifier_update import ClassifierUpdate
from console.render import STATUS_NAMES
from retriever.encoder import Encoder
from retriever.fusion import fuse
from retriever.index import SectionKey
from retriever.matching import comparable_values
from retriever.normalise import Normaliser
from retriever.pipeline import Retriever
from retriever.postings import K1
from retriever.query import Query, make_query
from retriever.signals import AVERAGED, NO_SIGNALS, Candidate, Signals, find_candidates

ASKED: Final = 40
SEARCHED: Final = 400
SHOWN: Final = 3
SAME: Final = 0.9
LIKE: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the check says, in Chinese, and whether somebody should think again."""

    lines: tuple[str, ...]
    is_warning: bool

    @property
    def text(self) -> str:
        """All lines, one below the other."""
        return "\n".join(self.lines)


class _New(NamedTuple):
    """The new wording, and where it would lead."""

    key: SectionKey
    query: Query


class WordingCheck:
    """Checks wordings against one index version; never changes."""

    def __init__(self, retriever: Retriever, encoder: Encoder) -> None:
        self._retriever = retriever
        self._index = retriever.index
        self._encoder = encoder
        self._normalise = Normaliser()

    def of(self, handbook_id: str, section_id: str, wording: str) -> Finding:
        """Return what adding a wording to a section would do; section "" is for a negative question.

        Raises:
            InvalidQuestion: If nobody could ask it.
            UnknownHandbook: If the handbook is not served.
            UnknownSection: If it has no such section.
        """
        if section_id:
            self._index.section(handbook_id, section_id)
        new = _New((handbook_id, section_id), make_query(self._normalise(wording), self._encoder))
        lines = [self._as_it_is(wording, handbook_id)]
        others = self._nearest_others(new)
        same = [(row, similarity) for row, similarity in others if similarity >= SAME]
        lines += [
            f"注意：{self._label(row)}已有几乎一样的问法“{self._index.wordings[row].text}”。" for row, _ in same[:SHOWN]
        ]
        if not section_id:
            lines += ["注意：加成反例以后，那一问可能就答不出来了，请再想想。"] if same else []
            return Finding(lines=tuple(lines), is_warning=bool(same))
        stolen = self._stolen(new, others[:ASKED])
        for label, wordings in stolen.items():
            quoted = "、".join(f"“{text}”" for text in wordings[:SHOWN]) + ("等" if len(wordings) > SHOWN else "")
            lines.append(f"注意：会从{label}抢走 {len(wordings)} 个问法：{quoted}。")
        if not stolen:
            lines.append(f"不会从别的问抢走问法（试了最相近的 {min(len(others), ASKED)} 个）。")
        return Finding(lines=tuple(lines), is_warning=bool(stolen or same))

    def _as_it_is(self, wording: str, handbook_id: str) -> str:
        answer = self._retriever.answer(wording, handbook_id=handbook_id)
        if not answer.ranking:
            return "现在这样问：未答，什么也没找到。"
        first = self._index.sections[answer.ranking[0].key]
        outcome, probability = STATUS_NAMES[answer.status], answer.answer_probability
        return f"现在这样问：{outcome}，最先找到的是{first.label}，概率 {probability:.2f}：{first.heading}"

    def _nearest_others(self, new: _New) -> list[tuple[int, float]]:
        """Return the rows of wordings that lead to other sections, with their cosine similarity, nearest first."""
        if not new.query.vector.any():
            return []
        space = self._index.wording_space
        hits = space.dense.search(new.query.vector, SEARCHED, space.within(frozenset({new.key[0]})))
        rows = [(hit.row, hit.cosine_similarity) for hit in hits]
        return [(row, similarity) for row, similarity in rows if self._key(row) != new.key and self._key(row)[1]]

    def _stolen(self, new: _New, others: list[tuple[int, float]]) -> dict[str, list[str]]:
        """Return the wordings that would be lost, by the label of the section that loses them."""
        stolen: dict[str, list[str]] = {}
        for row, similarity in others:
            query = make_query(self._normalise(self._index.wordings[row].text), self._encoder)
            left_out = self._left_out(query, row)
            if self._first(left_out) != self._key(row):
                continue  # it leads elsewhere already
            without = self._forgotten(left_out, query, row)
            with_new = self._with(without, new, query, similarity)
            # What is not like the new wording and would be lost without it too, is not lost because of it.
            is_cause = similarity >= LIKE or self._first(without) != new.key
            if is_cause and self._first(with_new) == new.key:
                stolen.setdefault(self._label(row), []).append(self._index.wordings[row].text)
        return stolen

    def _left_out(self, query: Query, row: int) -> list[Candidate]:
        """Return the candidates for a wording as if it could not be found; the linear model still knows it."""
        key = self._key(row)
        values = self._values(query, key, leave_out=row)
        return [
            Candidate(one.key, _asked(one.signals, *values)) if one.key == key else one
            for one in find_candidates(query, self._index, frozenset({key[0]}))
        ]

    def _forgotten(self, candidates: list[Candidate], query: Query, row: int) -> list[Candidate]:
        """Return the candidates for a wording that is left out, as if the linear model did not know it either."""
        handbook_id, section_id = self._key(row)
        scores = self._classifier(handbook_id).without(query.fine_terms, section_id)
        return [Candidate(one.key, _scored(one.signals, one.key, scores)) for one in candidates]

    def _with(self, candidates: list[Candidate], new: _New, query: Query, similarity: float) -> list[Candidate]:
        """Return the candidates as if the new wording were in the index."""
        similarities, coverages = self._values(query, new.key, leave_out=None)
        background = self._index.manifest.wording_background
        similarities.append((similarity - background.mean) / background.standard_deviation)
        coverages.append(self._coverage(query, new.query))
        known = {one.key: one.signals for one in candidates}
        signals = _asked(known.get(new.key, NO_SIGNALS), similarities, coverages)
        score = self._classifier(new.key[0]).with_another(
            signals.classifier_score, query.fine_terms, new.query.fine_terms, new.key[1]
        )
        others = [one for one in candidates if one.key != new.key]
        return [*others, Candidate(new.key, signals._replace(classifier_score=score))]

    def _classifier(self, handbook_id: str) -> ClassifierUpdate:
        entry = self._index.entry(handbook_id)
        return ClassifierUpdate(self._index.classifiers[handbook_id], entry.passage_count + entry.wording_count)

    def _values(self, query: Query, key: SectionKey, leave_out: int | None) -> tuple[list[float], list[float]]:
        found = self._index.wording_space.rows.get(key)
        rows = [row for row in range(found.start, found.stop) if row != leave_out] if found else []
        if not rows:
            return [], []
        background = self._index.manifest.wording_background
        similarities, coverages = comparable_values(query, self._index.wording_space, rows, background)
        return similarities.tolist(), coverages.tolist()

    def _coverage(self, query: Query, text: Query) -> float:
        """Return the share of a question's information that a text of ordinary length would meet, as BM25 counts it."""
        lexical, held = self._index.wording_space.lexical, set(text.terms)
        whole = lexical.information(query.terms)
        return lexical.information([term for term in query.terms if term in held]) / whole / (1 + K1) if whole else 0.0

    def _first(self, candidates: list[Candidate]) -> SectionKey | None:
        if not candidates:
            return None
        is_curated = self._index.is_curated(candidates[0].key[0])
        return fuse(candidates, self._retriever.parameters.of(is_curated=is_curated).fusion)[0].key

    def _key(self, row: int) -> SectionKey:
        wording = self._index.wordings[row]
        return wording.handbook_id, wording.section_id

    def _label(self, row: int) -> str:
        return self._index.sections[self._key(row)].label


def _asked(signals: Signals, similarities: list[float], coverages: list[float]) -> Signals:
    return signals._replace(
        wording_similarity=max(similarities, default=0.0),
        wording_similarity_mean=_mean_of_best(similarities),
        wording_coverage=max(coverages, default=0.0),
        wording_coverage_mean=_mean_of_best(coverages),
    )


def _scored(signals: Signals, key: SectionKey, scores: dict[str, float]) -> Signals:
    return signals._replace(classifier_score=scores.get(key[1], signals.classifier_score))


def _mean_of_best(values: list[float]) -> float:
    best = sorted(values)[-AVERAGED:]
    return sum(best) / len(best) if best else 0.0

"""What speaks for each section: the numbers of the four searches, comparable across questions and encoders."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retriever.artifact import NO_SECTION, Similarities
from retriever.index import SearchIndex, SectionKey, Space
from retriever.query import Query

# Sections that none of the searches places among its best this many rows are never the answer.
HITS_PER_SEARCH = 24
AVERAGED = 3
SMALLEST_INFORMATION = 1e-9


class Signals(NamedTuple):
    """Evidence that one section answers the question, and that none of its handbook does.

    Similarities are cosine similarities in standard deviations above that of unrelated texts. Coverages are BM25 scores
    as a share of the question's information, in [0, 1]. "Mean" is that of the three best.

    Attributes:
        passage_similarity: Of the section's nearest passage.
        wording_similarity: Of its nearest wording (heading or similar question).
        wording_similarity_mean: Of its nearest wordings.
        passage_coverage: Of the passage that shares most words.
        wording_coverage: Of the wording that shares most words.
        wording_coverage_mean: Of the wordings that share most words.
        negative_similarity: Of the handbook's nearest negative question.
        negative_similarity_mean: Of its nearest negative questions.
        negative_coverage: Of the negative question that shares most words.
        negative_coverage_mean: Of the negative questions that share most words.
        classifier_score: Of the section in its handbook's linear model.
        negative_classifier_score: Of the negative questions there.
    """

    passage_similarity: float
    wording_similarity: float
    wording_similarity_mean: float
    passage_coverage: float
    wording_coverage: float
    wording_coverage_mean: float
    negative_similarity: float
    negative_similarity_mean: float
    negative_coverage: float
    negative_coverage_mean: float
    classifier_score: float
    negative_classifier_score: float


NO_SIGNALS = Signals(*[0.0] * len(Signals._fields))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section that may answer the question, and what speaks for it."""

    key: SectionKey
    signals: Signals


class _Values(NamedTuple):
    """The numbers of one section's texts, lowest first."""

    similarities: list[float]
    coverages: list[float]


def find_candidates(query: Query, index: SearchIndex, handbook_ids: frozenset[str] | None) -> list[Candidate]:
    """Return every section that one of the four searches puts forward, in the order of the handbooks.

    The signals of a candidate are computed from all its passages and wordings, not only from those that were found, so
    they do not depend on how many hits a search returned. A question without any hit gives no candidate.
    """
    keys = _found(query, index, handbook_ids)
    negative_keys = list(dict.fromkeys((handbook_id, NO_SECTION) for handbook_id, _ in keys))
    background = index.manifest
    passage = _space_values(query, index.passage_space, keys, background.passage_background)
    wording = _space_values(query, index.wording_space, [*keys, *negative_keys], background.wording_background)
    classified = {
        handbook_id: index.classifiers[handbook_id].scores(query.fine_terms) for handbook_id, _ in negative_keys
    }
    return [
        Candidate(key, _signals(passage[key], wording[key], wording[key[0], NO_SECTION], classified[key[0]], key[1]))
        for key in keys
    ]


def _signals(
    passage: _Values, wording: _Values, negative: _Values, classified: dict[str, float], section_id: str
) -> Signals:
    return Signals(
        passage_similarity=_best(passage.similarities, 1),
        wording_similarity=_best(wording.similarities, 1),
        wording_similarity_mean=_best(wording.similarities, AVERAGED),
        passage_coverage=_best(passage.coverages, 1),
        wording_coverage=_best(wording.coverages, 1),
        wording_coverage_mean=_best(wording.coverages, AVERAGED),
        negative_similarity=_best(negative.similarities, 1),
        negative_similarity_mean=_best(negative.similarities, AVERAGED),
        negative_coverage=_best(negative.coverages, 1),
        negative_coverage_mean=_best(negative.coverages, AVERAGED),
        classifier_score=classified.get(section_id, 0.0),
        negative_classifier_score=classified.get(NO_SECTION, 0.0),
    )


def _found(query: Query, index: SearchIndex, handbook_ids: frozenset[str] | None) -> list[SectionKey]:
    found: set[SectionKey] = set()
    for space, texts in ((index.passage_space, index.passages), (index.wording_space, index.wordings)):
        within = space.within(handbook_ids)
        rows = [hit.row for hit in space.lexical.search(query.terms, HITS_PER_SEARCH, within)]
        if query.vector.any():
            rows += [hit.row for hit in space.dense.search(query.vector, HITS_PER_SEARCH, within)]
        found |= {(texts[row].handbook_id, texts[row].section_id) for row in rows}
    return [key for key in index.sections if key in found]


def _space_values(
    query: Query, space: Space, keys: list[SectionKey], background: Similarities
) -> dict[SectionKey, _Values]:
    ranges = [space.rows.get(key) for key in keys]
    rows = [row for found in ranges if found is not None for row in range(found.start, found.stop)]
    similarities, coverages = (numbers.tolist() for numbers in comparable_values(query, space, rows, background))
    values, position = {}, 0
    for key, found in zip(keys, ranges, strict=True):
        stop = position if found is None else position + found.stop - found.start
        # Plain lists: a section has tens of texts, too few for NumPy to pay.
        values[key] = _Values(sorted(similarities[position:stop]), sorted(coverages[position:stop]))
        position = stop
    return values


def comparable_values(
    query: Query, space: Space, rows: list[int], background: Similarities
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return what speaks for some rows of a space, in numbers that compare across questions and encoders.

    Returns:
        Similarities in standard deviations above unrelated texts, and coverages in [0, 1]; both float32, shape
        (rows,), in the order of the rows.
    """
    cosine_similarities = space.dense.cosine_similarities(query.vector, rows)
    similarities = (cosine_similarities - background.mean) / background.standard_deviation
    information = max(space.lexical.information(query.terms), SMALLEST_INFORMATION)
    return similarities, space.lexical.bm25_scores(query.terms, rows) / information


def _best(values: list[float], count: int) -> float:
    """Return the mean of the highest `count` of rising values; of fewer when there are fewer, and 0 when none."""
    best = values[-count:]
    return sum(best) / len(best) if best else 0.0

"""What speaks for each section: the numbers of the four searches, comparable across questions and encoders."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from retriever.artifact import NO_SECTION
from retriever.hit import RowRange
from retriever.index import SearchIndex, SectionKey, Space
from retriever.matching import Match, Numbers, highest_of_each, rows_of
from retriever.query import Query

# Sections that none of the searches places among its best this many rows are never the answer.
HITS_PER_SEARCH = 12
AVERAGED = 3
NO_ROWS = RowRange(0, 0)


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
        figure_share: The share of the question's numbers, ordinals and Latin words that stand in the section; one that
            stands in n sections counts 1/n.
        figure_coverage: How much of the question's information lies in those of them that stand in the section.
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
    figure_share: float
    figure_coverage: float
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


class _Best(NamedTuple):
    """The numbers of one section's best texts: of the best one, and the mean of the AVERAGED best; 0 without texts."""

    similarity: float
    similarity_mean: float
    coverage: float
    coverage_mean: float


class _Figures(NamedTuple):
    """How a section holds the figures of a question; see `Signals`."""

    share: float
    coverage: float


NO_FIGURES = _Figures(0.0, 0.0)


def find_candidates(query: Query, index: SearchIndex, handbook_ids: frozenset[str] | None) -> list[Candidate]:
    """Return every section that one of the four searches puts forward, in the order of the handbooks.

    The signals of a candidate are computed from all its passages and wordings, not only from those that were found, so
    they do not depend on how many hits a search returned. A question without any hit gives no candidate.
    """
    passages = Match(query, index.passage_space, index.manifest.passage_background)
    wordings = Match(query, index.wording_space, index.manifest.wording_background)
    found = np.concatenate(
        [
            index.passages.section_numbers[passages.best_rows(HITS_PER_SEARCH, handbook_ids)],
            index.wordings.section_numbers[wordings.best_rows(HITS_PER_SEARCH, handbook_ids)],
        ]
    )
    keys = [key for number in np.unique(found).tolist() if (key := index.table.keys[number])[1] != NO_SECTION]
    negative_keys = list(dict.fromkeys((handbook_id, NO_SECTION) for handbook_id, _ in keys))
    passage, wording = _best_of_each(
        (passages, index.passage_space, keys), (wordings, index.wording_space, [*keys, *negative_keys])
    )
    figures = _figures_of(query, index, keys)
    classified = index.classifiers.scores(query.fine_terms, (handbook_id for handbook_id, _ in negative_keys))
    return [
        Candidate(
            key,
            _signals(passage[key], wording[key], wording[key[0], NO_SECTION], figure, classified[key[0]], key[1]),
        )
        for key, figure in zip(keys, figures, strict=True)
    ]


def _signals(
    passage: _Best,
    wording: _Best,
    negative: _Best,
    figure: _Figures,
    classified: dict[str, float],
    section_id: str,
) -> Signals:
    return Signals(
        passage_similarity=passage.similarity,
        wording_similarity=wording.similarity,
        wording_similarity_mean=wording.similarity_mean,
        passage_coverage=passage.coverage,
        wording_coverage=wording.coverage,
        wording_coverage_mean=wording.coverage_mean,
        figure_share=figure.share,
        figure_coverage=figure.coverage,
        negative_similarity=negative.similarity,
        negative_similarity_mean=negative.similarity_mean,
        negative_coverage=negative.coverage,
        negative_coverage_mean=negative.coverage_mean,
        classifier_score=classified.get(section_id, 0.0),
        negative_classifier_score=classified.get(NO_SECTION, 0.0),
    )


def _figures_of(query: Query, index: SearchIndex, keys: list[SectionKey]) -> list[_Figures]:
    """Return, for each section, how it holds the figures of a question; zeros when there are none."""
    if not query.figures:
        return [NO_FIGURES] * len(keys)
    passages, wordings = index.passage_space.lexical, index.wording_space.lexical
    section_numbers = index.passages.section_numbers
    holders = [set(section_numbers[passages.rows_with(figure)].tolist()) for figure in query.figures]
    # Of the ways to ask, in which “是怎么回事” says little.
    whole = wordings.information(query.terms)
    coverages = [wordings.information([figure]) / whole for figure in query.figures]
    found = []
    for key in keys:
        held = [place for place, sections in enumerate(holders) if index.table.number_of[key] in sections]
        share = sum(1 / len(holders[place]) for place in held)
        found.append(_Figures(share / len(holders), sum(coverages[place] for place in held)))
    return found


def _best_of_each(*asked: tuple[Match, Space, list[SectionKey]]) -> Iterator[dict[SectionKey, _Best]]:
    """Yield, for each space, the numbers of its sections that are asked for; all are found in one go."""
    values: list[Numbers] = []
    lengths: list[int] = []
    for match, space, keys in asked:
        ranges = [space.rows.get(key, NO_ROWS) for key in keys]
        values += match.values(rows_of(ranges))
        lengths += 2 * [rows.stop - rows.start for rows in ranges]
    highest = highest_of_each(np.concatenate(values), lengths, AVERAGED)
    is_there = ~np.isnan(highest)
    highest[~is_there] = 0.0
    # From the lowest of them up, so that the sum does not depend on how many texts a section has.
    means = highest[:, ::-1].sum(axis=1) / np.maximum(is_there.sum(axis=1), 1)
    best_and_mean = iter(zip(highest[:, 0].tolist(), means.tolist(), strict=True))
    for _, _, keys in asked:
        similarities, coverages = list(islice(best_and_mean, len(keys))), list(islice(best_and_mean, len(keys)))
        yield {
            key: _Best(*similarity, *coverage)
            for key, similarity, coverage in zip(keys, similarities, coverages, strict=True)
        }

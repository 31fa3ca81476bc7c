"""Which passages of the best sections are shown."""

from dataclasses import dataclass

import numpy as np

from corpus.passage import Passage
from retriever.fusion import RankedSection
from retriever.index import SearchIndex, SectionKey
from retriever.query import Query
from retriever.signals import Signals, comparable_values

# A further section is shown only when its share is at least this part of the best one's.
MIN_RELATIVE_SHARE = 0.25
MAX_SECTIONS = 3


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage and how well it fits the question, comparable within one section."""

    passage: Passage
    fit: float


def fitting_passages(query: Query, key: SectionKey, index: SearchIndex, weights: Signals) -> list[ScoredPassage]:
    """Return the passages of a section by falling fit, ties in reading order.

    The fit is the part of the fused score that passages contribute.
    """
    rows = index.passage_space.rows.get(key)
    if rows is None:
        return []
    numbers = list(range(rows.start, rows.stop))
    background = index.manifest.passage_background
    similarities, coverages = comparable_values(query, index.passage_space, numbers, background)
    fits = weights.passage_similarity * similarities + weights.passage_coverage * coverages
    order = np.argsort(-fits, kind="stable")
    return [ScoredPassage(index.passages[numbers[place]], float(fits[place])) for place in order]


def choose_passages(
    query: Query, ranking: tuple[RankedSection, ...], index: SearchIndex, weights: Signals, limit: int
) -> list[Passage]:
    """Return at most `limit` passages, best first: one of each section worth showing, then more of the best one.

    Passages never overlap, so neither do citations. An empty ranking gives none.
    """
    shown = [section for section in ranking[:MAX_SECTIONS] if section.share >= MIN_RELATIVE_SHARE * ranking[0].share]
    by_section = [fitting_passages(query, section.key, index, weights) for section in shown]
    chosen = [scored[0].passage for scored in by_section if scored][:limit]
    if by_section:
        chosen += [scored.passage for scored in by_section[0][1:]][: limit - len(chosen)]
    return chosen

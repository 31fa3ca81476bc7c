"""Many signals, one order: a weighted sum for each section, and its share among all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retriever.index import SectionKey
from retriever.signals import NO_SIGNALS, Candidate, Signals

SMALLEST_CHANCE = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSection:
    """A section in the order of the answer.

    Attributes:
        key: Handbook id and section id.
        fused_score: Weighted sum of the signals; compares only within one ranking.
        share: Softmax of the fused scores, in [0, 1]; all shares add up to 1.
        signals: What the score is made of.
    """

    key: SectionKey
    fused_score: float
    share: float
    signals: Signals


def unranked(key: SectionKey) -> RankedSection:
    """Return a section that was asked for by name and not found by what it says."""
    return RankedSection(key=key, fused_score=0.0, share=0.0, signals=NO_SIGNALS)


def fuse(candidates: list[Candidate], weights: Signals) -> tuple[RankedSection, ...]:
    """Return the candidates by falling fused score, ties by handbook id and section id; empty for no candidates.

    The weights are those of a multinomial (conditional) logit: the share is the modelled probability that, given one of
    the candidates answers, it is this one. Source: McFadden, "Conditional logit analysis of qualitative choice
    behavior", 1974.
    """
    if not candidates:
        return ()
    scores = np.array([candidate.signals for candidate in candidates], dtype=np.float64) @ np.array(weights)
    exponentials = np.exp(scores - scores.max())
    shares = exponentials / exponentials.sum()
    ranked = [
        RankedSection(key=candidate.key, fused_score=float(score), share=float(share), signals=candidate.signals)
        for candidate, score, share in zip(candidates, scores, shares, strict=True)
    ]
    return tuple(sorted(ranked, key=lambda section: (-section.fused_score, section.key)))


def merge_rankings(rankings: Sequence[tuple[Sequence[RankedSection], float]]) -> tuple[RankedSection, ...]:
    """Return one order of sections that were ranked apart, by weights that do not compare.

    A section's place follows from the chance that it answers: its share of its own ranking times the answer probability
    of that ranking. Scores are moved by one number a ranking, so that in the result, too, shares are their softmax.

    Args:
        rankings: Each with its answer probability; none of them empty, no section in two.
    """
    chances = [
        [max(section.share * probability, SMALLEST_CHANCE) for section in ranking] for ranking, probability in rankings
    ]
    total = sum(map(sum, chances))
    merged = (
        replace(section, fused_score=math.log(chance), share=chance / total)
        for (ranking, _), of_ranking in zip(rankings, chances, strict=True)
        for section, chance in zip(ranking, of_ranking, strict=True)
    )
    return tuple(sorted(merged, key=lambda section: (-section.fused_score, section.key)))

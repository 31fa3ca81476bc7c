"""Many signals, one order: a weighted sum for each section, and its share among all."""

from dataclasses import dataclass

import numpy as np

from retriever.index import SectionKey
from retriever.signals import Candidate, Signals


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

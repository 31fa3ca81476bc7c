"""How likely the best section answers the question, and what follows: answer, ask back, or abstain."""

import math
from typing import Literal, NamedTuple

from retriever.fusion import RankedSection
from retriever.parameters import AnswerWeights, Parameters
from retriever.signals import Signals

Status = Literal["answered", "clarify", "abstained"]


class AnswerFeatures(NamedTuple):
    """What the answer probability is computed from.

    Attributes:
        fused_score: The best section's fused score.
        margin: How far it lies above the second's, at most 5; 5 when there is no second.
        share: The best section's share.
        signals: Its signals.
    """

    fused_score: float
    margin: float
    share: float
    signals: Signals

    def flat(self) -> tuple[float, ...]:
        """Return all numbers in one row, in the order of their definition."""
        return (self.fused_score, self.margin, self.share, *self.signals)


MAX_MARGIN = 5.0
# Beyond it the probability is 0 or 1 to every digit that is shown, and the exponential would overflow.
MAX_LOGIT = 60.0


def answer_features(ranking: tuple[RankedSection, ...]) -> AnswerFeatures:
    """Return the features of a ranking with at least one section."""
    best = ranking[0]
    margin = best.fused_score - ranking[1].fused_score if len(ranking) > 1 else MAX_MARGIN
    return AnswerFeatures(best.fused_score, min(margin, MAX_MARGIN), best.share, best.signals)


def answer_probability(ranking: tuple[RankedSection, ...], weights: AnswerWeights) -> float:
    """Return the calibrated chance, in [0, 1], that the best section answers the question; 0 for an empty ranking.

    A logistic model (Platt, "Probabilistic outputs for support vector machines", 1999) over several features.
    """
    if not ranking:
        return 0.0
    row = (weights.fused_score, weights.margin, weights.share, *weights.signals)
    products = (weight * value for weight, value in zip(row, answer_features(ranking).flat(), strict=True))
    logit = weights.intercept + sum(products)
    return 1.0 / (1.0 + math.exp(-max(-MAX_LOGIT, min(MAX_LOGIT, logit))))


def status(probability: float, parameters: Parameters) -> Status:
    """Return the outcome for an answer probability; a threshold itself counts as reached."""
    if probability >= parameters.answer_threshold:
        return "answered"
    return "clarify" if probability >= parameters.clarify_threshold else "abstained"

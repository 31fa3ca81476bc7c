"""How likely the best section answers the question, and what follows: answer, ask back, or abstain."""

import math
from typing import Literal, NamedTuple

from retriever.fusion import RankedSection
from retriever.parameters import AnswerWeights, Parameters

Status = Literal["answered", "clarify", "abstained"]


class AnswerFeatures(NamedTuple):
    """What the answer probability is computed from; the best section's unless said otherwise.

    Attributes:
        fused_score: Its fused score.
        margin: How far its fused score lies above the second's, at most 5; 5 when there is no second.
        share: Its share.
        Others: Its signals of the same names.
    """

    fused_score: float
    margin: float
    share: float
    passage_similarity: float
    wording_similarity: float
    passage_coverage: float
    wording_coverage: float
    wording_similarity_mean: float
    wording_coverage_mean: float
    negative_similarity: float
    negative_similarity_mean: float
    negative_coverage: float
    negative_coverage_mean: float
    classifier_score: float
    negative_classifier_score: float


MAX_MARGIN = 5.0


def answer_features(ranking: tuple[RankedSection, ...]) -> AnswerFeatures:
    """Return the features of a ranking with at least one section."""
    best = ranking[0]
    margin = best.fused_score - ranking[1].fused_score if len(ranking) > 1 else MAX_MARGIN
    return AnswerFeatures(
        fused_score=best.fused_score,
        margin=min(margin, MAX_MARGIN),
        share=best.share,
        **best.signals._asdict(),
    )


def answer_probability(ranking: tuple[RankedSection, ...], weights: AnswerWeights) -> float:
    """Return the calibrated chance, in [0, 1], that the best section answers the question; 0 for an empty ranking.

    A logistic model (Platt, "Probabilistic outputs for support vector machines", 1999) over several features.
    """
    if not ranking:
        return 0.0
    features = answer_features(ranking)
    logit = weights.intercept + sum(
        getattr(weights, name) * value for name, value in zip(features._fields, features, strict=True)
    )
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, logit))))


def status(probability: float, parameters: Parameters) -> Status:
    """Return the outcome for an answer probability; a threshold itself counts as reached."""
    if probability >= parameters.answer_threshold:
        return "answered"
    return "clarify" if probability >= parameters.clarify_threshold else "abstained"

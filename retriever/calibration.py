"""How likely the best section answers the question, and what follows: answer, ask back, or abstain."""

import math
from typing import Literal

from retriever.answer_features import AnswerFeatures
from retriever.parameters import AnswerWeights, Parameters

Status = Literal["answered", "clarify", "abstained"]
# Beyond it the probability is 0 or 1 to every digit that is shown, and the exponential would overflow.
MAX_LOGIT = 60.0


def answer_probability(features: AnswerFeatures | None, weights: AnswerWeights) -> float:
    """Return the calibrated chance, in [0, 1], that the best section answers the question; 0 without any section.

    A logistic model (Platt, "Probabilistic outputs for support vector machines", 1999) over several features.
    """
    if features is None:
        return 0.0
    products = (weight * value for weight, value in zip(weights.features.flat(), features.flat(), strict=True))
    logit = weights.intercept + sum(products)
    return 1.0 / (1.0 + math.exp(-max(-MAX_LOGIT, min(MAX_LOGIT, logit))))


def status(probability: float, parameters: Parameters) -> Status:
    """Return the outcome for an answer probability; a threshold itself counts as reached."""
    if probability >= parameters.answer_threshold:
        return "answered"
    return "clarify" if probability >= parameters.clarify_threshold else "abstained"

"""The numbers that were fitted on data: weights and thresholds, each under its own name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from retriever.signals import Signals

FITTED_PARAMETERS: Final = Path(__file__).resolve().parent / "fitted" / "parameters.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWeights:
    """Weights of the logistic model of `answer_probability`; each multiplies the feature of its name.

    See `calibration.AnswerFeatures`.
    """

    intercept: float
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What `wengong eval calibrate` fits.

    Attributes:
        fusion: One weight a signal; the fused score is their weighted sum.
        answer: Weights of the answer probability.
        answer_threshold: At or above this answer probability the service answers.
        clarify_threshold: At or above this one, and below the other, it asks back; below it abstains.
        fitted_on: What the numbers rest on, for people.
    """

    fusion: Signals
    answer: AnswerWeights
    answer_threshold: float
    clarify_threshold: float
    fitted_on: str


PARAMETERS = TypeAdapter(Parameters)


def load_parameters(path: Path = FITTED_PARAMETERS) -> Parameters:
    """Return the parameters in a file."""
    return PARAMETERS.validate_json(path.read_bytes())

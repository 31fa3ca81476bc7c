"""The numbers that were fitted on data: weights and thresholds, each under its own name."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from retriever.signals import Signals

FITTED_PARAMETERS: Final = Path(__file__).resolve().parent / "fitted" / "parameters.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWeights:
    """Weights of the logistic model of `answer_probability`; see `calibration.AnswerFeatures` for what they multiply.

    Attributes:
        intercept: The logit when every feature is zero.
        fused_score: Of the best section's fused score.
        margin: Of its lead.
        share: Of its share.
        signals: Of each of its signals.
    """

    intercept: float
    fused_score: float
    margin: float
    share: float
    signals: Signals


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


def save_parameters(parameters: Parameters, path: Path) -> None:
    """Write parameters so that a person can read them and a line changes where a number does."""
    content = asdict(parameters)
    content["fusion"] = parameters.fusion._asdict()
    content["answer"]["signals"] = parameters.answer.signals._asdict()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

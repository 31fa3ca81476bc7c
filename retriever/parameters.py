"""The numbers that were fitted on data: weights and thresholds, each under its own name."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from retriever.answer_features import AnswerFeatures
from retriever.context_choice import ContextWeights
from retriever.signals import Signals

FITTED_PARAMETERS: Final = Path(__file__).resolve().parent / "fitted" / "parameters.json"
FITTED_PLAIN_PARAMETERS: Final = FITTED_PARAMETERS.with_name("parameters_plain.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWeights:
    """Weights of the logistic model of `answer_probability`.

    Attributes:
        intercept: The logit when every feature is zero.
        features: The weight of each feature, under its name.
    """

    intercept: float
    features: AnswerFeatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What `wengong eval calibrate` fits.

    Attributes:
        fusion: One weight a signal; the fused score is their weighted sum.
        answer: Weights of the answer probability.
        context: Weights of the choice whether a question is meant together with an earlier one.
        answer_threshold: At or above this answer probability the service answers.
        clarify_threshold: At or above this one, and below the other, it asks back; below it abstains.
        fitted_on: What the numbers rest on, for people.
    """

    fusion: Signals
    answer: AnswerWeights
    context: ContextWeights
    answer_threshold: float
    clarify_threshold: float
    fitted_on: str


PARAMETERS = TypeAdapter(Parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSets:
    """The parameters of two kinds of handbooks.

    What speaks for a section differs where nobody wrote down how people ask.

    Attributes:
        curated: For handbooks with similar questions.
        plain: For those that have hardly more than their headings.
    """

    curated: Parameters
    plain: Parameters

    def of(self, *, is_curated: bool) -> Parameters:
        """Return the parameters of a kind."""
        return self.curated if is_curated else self.plain


def load_parameters(path: Path = FITTED_PARAMETERS) -> Parameters:
    """Return the parameters in a file."""
    return PARAMETERS.validate_json(path.read_bytes())


def load_parameter_sets() -> ParameterSets:
    """Return the parameters that the service uses."""
    return ParameterSets(curated=load_parameters(), plain=load_parameters(FITTED_PLAIN_PARAMETERS))


def save_parameters(parameters: Parameters, path: Path) -> None:
    """Write parameters so that a person can read them and a line changes where a number does."""
    content = asdict(parameters)
    content["fusion"] = parameters.fusion._asdict()
    features = parameters.answer.features
    content["answer"]["features"] = {**features._asdict(), "signals": features.signals._asdict()}
    content["context"]["features"] = parameters.context.features._asdict()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

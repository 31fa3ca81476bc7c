"""Fits every number of `retriever/fitted/parameters.json` on the dev half of a data set."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from threadpoolctl import threadpool_limits

from eval.dataset import LabelledQuestion, load_dataset
from eval.fit_answer import Targets, cross_validated_probabilities, fit_answer, fit_thresholds, training_rows
from eval.fit_context import context_choices, fit_context
from eval.fit_fusion import fit_fusion
from eval.observations import observe
from retriever.answer_features import AnswerFeatures
from retriever.context_choice import NO_CONTEXT_FEATURES, ContextWeights
from retriever.encoder import Encoder
from retriever.parameters import AnswerWeights, Parameters
from retriever.pipeline import Retriever
from retriever.signals import NO_SIGNALS

# Where the fit begins, so that it does not depend on the numbers that are in use: every signal of a section alike, on
# its own scale.
FIRST_GUESS: Final = Parameters(
    fusion=NO_SIGNALS._replace(
        passage_similarity=1.0,
        wording_similarity_mean=1.0,
        passage_coverage=20.0,
        wording_coverage_mean=20.0,
        classifier_score=10.0,
    ),
    answer=AnswerWeights(intercept=-1.0, features=AnswerFeatures(0.0, 0.0, 2.0, 0.0, 0.0, 0.0, NO_SIGNALS)),
    # By itself, unless it clearly makes more sense together with what was asked before.
    context=ContextWeights(
        intercept=-1.0, features=NO_CONTEXT_FEATURES._replace(alone_log_odds=-1.0, together_log_odds=1.0)
    ),
    answer_threshold=0.5,
    clarify_threshold=0.5,
    fitted_on="",
)
# How a follow-up is read depends on the numbers, so fitting and asking take turns.
ROUNDS: Final = 3


def calibrate(version_folder: Path, encoder: Encoder, dataset: str, targets: Targets | None = None) -> Parameters:
    """Return parameters fitted for an index version and its encoder; the same input gives the same numbers.

    In each round the fusion weights come first; the answer probability is then fitted on the rankings they give, and
    the thresholds on probabilities of rows that were held out; last, which reading of a question is meant. Only
    the dev half is read.
    """
    rows = load_dataset(dataset, "dev")
    parameters = replace(FIRST_GUESS, fitted_on=f"{dataset}/dev，{len(rows)} 题；{encoder.encoder_id}")
    # One thread: sums come out the same on every machine, and so small ones are faster so.
    with threadpool_limits(1):
        for _ in range(ROUNDS):
            parameters = _fit_once(rows, version_folder, encoder, parameters, targets or Targets())
    return parameters


def _fit_once(
    rows: tuple[LabelledQuestion, ...],
    version_folder: Path,
    encoder: Encoder,
    parameters: Parameters,
    targets: Targets,
) -> Parameters:
    """Return parameters fitted on what is observed with the given ones."""
    observations = observe(rows, Retriever.open(version_folder, encoder, parameters))
    parameters = replace(parameters, fusion=fit_fusion(observations))
    observations = observe(rows, Retriever.open(version_folder, encoder, parameters))
    fitted_on = training_rows(observations)
    probabilities = cross_validated_probabilities(fitted_on.features, fitted_on.is_right)
    answer, clarify = fit_thresholds(probabilities, fitted_on, targets)
    parameters = replace(
        parameters,
        answer=fit_answer(fitted_on.features, fitted_on.is_right),
        answer_threshold=answer,
        clarify_threshold=clarify,
    )
    choices = context_choices(rows, Retriever.open(version_folder, encoder, parameters))
    return replace(parameters, context=fit_context(choices)) if choices else parameters

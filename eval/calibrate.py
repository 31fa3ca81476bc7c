"""Fits every number of `retriever/fitted/parameters.json` on the dev half of a data set."""

from dataclasses import replace
from pathlib import Path

from eval.dataset import load_dataset
from eval.fit_answer import Targets, cross_validated_probabilities, fit_answer, fit_thresholds, training_rows
from eval.fit_fusion import fit_fusion
from eval.observations import observe
from retriever.encoder import Encoder
from retriever.parameters import PARAMETERS, Parameters, load_parameters
from retriever.pipeline import Retriever


def calibrate(version_folder: Path, encoder: Encoder, dataset: str, targets: Targets | None = None) -> Parameters:
    """Return parameters fitted for an index version and its encoder.

    The fusion weights come first; the answer probability is then fitted on the rankings they give, and the thresholds
    on probabilities of rows that were held out. Only the dev half is read.
    """
    rows = load_dataset(dataset, "dev")
    start = load_parameters()
    observations = observe(rows, Retriever.open(version_folder, encoder, start))
    fused = replace(start, fusion=fit_fusion(observations))
    observations = observe(rows, Retriever.open(version_folder, encoder, fused))
    features, is_right, is_answerable = training_rows(observations)
    probabilities = cross_validated_probabilities(features, is_right)
    answer_threshold, clarify_threshold = fit_thresholds(probabilities, is_right, is_answerable, targets or Targets())
    return Parameters(
        fusion=fused.fusion,
        answer=fit_answer(features, is_right),
        answer_threshold=answer_threshold,
        clarify_threshold=clarify_threshold,
        fitted_on=f"{dataset}/dev，{len(rows)} 题；{encoder.encoder_id}",
    )


def save_parameters(parameters: Parameters, path: Path) -> None:
    """Write parameters so that a person can read them and a line changes where a number does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PARAMETERS.dump_json(parameters, indent=2) + b"\n")

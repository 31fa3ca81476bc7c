"""Rows and what was served for them to figures: by category, for answerable and unanswerable rows, and for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.dataset import IN_SCOPE, UNANSWERABLE, LabelledQuestion
from eval.estimates import Estimate, mean_estimate
from eval.probabilities import (
    ReliabilityBin,
    RiskAtCoverage,
    auroc,
    calibration_error,
    reliability,
    risk_coverage,
)
from eval.row_values import RowValues, row_values
from eval.served import Served

GROUP_IN_SCOPE: Final = "in_scope"
GROUP_UNANSWERABLE: Final = "unanswerable"
GROUP_ALL: Final = "all"
# Rows on which telling apart is hard: greetings and attacks would flatter it.
HARD_NEGATIVES: Final = ("near", "far")
Group = dict[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of one run.

    Attributes:
        groups: Estimates by group (a category, "in_scope", "unanswerable", "all"), then by measure; a measure that
            concerns no row of a group is not there.
        reliability: What the probabilities promise and what came true; empty without probabilities.
        risk_coverage: Wrong first answers at each coverage, over all rows; empty without probabilities.
    """

    groups: dict[str, Group]
    reliability: tuple[ReliabilityBin, ...]
    risk_coverage: tuple[RiskAtCoverage, ...]


def compute_figures(rows: Sequence[LabelledQuestion], served: Sequence[Served]) -> Figures:
    """Return the figures of a run; `served` is in the order of the rows. The same input gives the same digits."""
    values = row_values(rows, served)
    groups = {name: _estimates([values[place] for place in places]) for name, places in group_places(rows).items()}
    answered = [(row, one) for row, one in zip(rows, served, strict=True) if one.answer_probability is not None]
    probabilities = np.array([one.answer_probability for _, one in answered], dtype=np.float64)
    is_right = np.array([is_best_right(row, one) for row, one in answered], dtype=bool)
    if answered:
        groups[GROUP_ALL]["auroc"] = _auroc_of_scope(answered)
        groups[GROUP_ALL]["ece"] = calibration_error(probabilities, is_right)
    return Figures(
        groups=groups,
        reliability=reliability(probabilities, is_right),
        risk_coverage=risk_coverage(probabilities, is_right),
    )


def group_places(rows: Sequence[LabelledQuestion]) -> dict[str, list[int]]:
    """Return the places of the rows of each group: known categories, others as they appear, the groups over them."""
    present = dict.fromkeys(row.category for row in rows)
    known = [category for category in (*IN_SCOPE, *UNANSWERABLE) if category in present]
    places: dict[str, list[int]] = {category: [] for category in (*known, *present)}
    for place, row in enumerate(rows):
        places[row.category].append(place)
    for name, belongs in ((GROUP_IN_SCOPE, True), (GROUP_UNANSWERABLE, False)):
        within = [place for place, row in enumerate(rows) if row.is_answerable is belongs]
        if within:
            places[name] = within
    places[GROUP_ALL] = list(range(len(rows)))
    return places


def is_best_right(row: LabelledQuestion, served: Served) -> bool:
    """Return whether the best section answers the row; never for a row that the handbook does not answer."""
    return bool(served.ranking) and served.ranking[0].section_id in row.answering_sections


def _estimates(values: list[RowValues]) -> Group:
    measures = dict.fromkeys(measure for row in values for measure in row)
    return {measure: mean_estimate([row[measure] for row in values if measure in row]) for measure in measures}


def _auroc_of_scope(answered: list[tuple[LabelledQuestion, Served]]) -> Estimate:
    counted = [(row, one) for row, one in answered if row.is_answerable or row.category in HARD_NEGATIVES]
    return auroc(
        np.array([one.answer_probability for _, one in counted], dtype=np.float64),
        np.array([row.is_answerable for row, _ in counted], dtype=bool),
    )

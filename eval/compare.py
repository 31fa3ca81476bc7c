"""Two runs over the same rows: which figures moved, how sure that is, and which rows moved them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from corpus.errors import RunsDiffer
from eval.dataset import LabelledQuestion
from eval.estimates import SEED, percentile_interval, resampling_weights
from eval.figures import group_places
from eval.row_values import RowValues, row_values
from eval.served import Served
from eval.store import StoredRun

COMPARED: Final = ("hit@1", "hit@3", "mrr@10", "evidence@3", "answered", "false_answer", "missed_answer", "precision")
PERMUTATIONS: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one figure of one group moved.

    Attributes:
        group: A category or a group over categories.
        measure: Such as "hit@1".
        before: Its mean over the rows that have it in both runs.
        after: The same of the second run.
        low: Lower end of the 95 % interval of after - before, by the paired bootstrap over rows.
        high: Upper end.
        p_value: Chance, in (0, 1], that swapping the runs row by row at random moves the figure at least as far
            (two-sided randomisation test).
        row_count: Rows it rests on.
    """

    group: str
    measure: str
    before: float
    after: float
    low: float
    high: float
    p_value: float
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A row that one of the runs serves better, with both answers."""

    row: LabelledQuestion
    before: Served
    after: Served


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two runs.

    Attributes:
        differences: By group, then by measure.
        better: Rows whose right section came up, or whose false answer went away, in the order of the rows.
        worse: The other way round.
        only_before: Ids of rows that only the first run has.
        only_after: Ids of rows that only the second run has.
    """

    differences: tuple[Difference, ...]
    better: tuple[MovedRow, ...]
    worse: tuple[MovedRow, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def compare_runs(before: StoredRun, after: StoredRun) -> Comparison:
    """Return how the second run differs from the first on the rows that both have; labels are those of the second.

    Sources: Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
    Evaluation", 2007; Efron and Tibshirani, 1993.

    Raises:
        RunsDiffer: If they share no row.
    """
    served_before = {one.row_id: one for one in before.served}
    served_after = {one.row_id: one for one in after.served}
    rows = [row for row in after.rows if row.row_id in served_before]
    if not rows:
        raise RunsDiffer("两次评测没有一道相同的题，无法比较。")
    first = [served_before[row.row_id] for row in rows]
    second = [served_after[row.row_id] for row in rows]
    values = list(zip(row_values(rows, first), row_values(rows, second), strict=True))
    moved = [
        (_goodness(new) - _goodness(old), MovedRow(row=row, before=one, after=other))
        for row, one, other, (old, new) in zip(rows, first, second, values, strict=True)
    ]
    return Comparison(
        differences=tuple(
            difference
            for group, places in group_places(rows).items()
            for measure in COMPARED
            if (difference := _difference(group, measure, [values[place] for place in places])) is not None
        ),
        better=tuple(row for gain, row in moved if gain > 0),
        worse=tuple(row for gain, row in moved if gain < 0),
        only_before=tuple(sorted(served_before.keys() - served_after.keys())),
        only_after=tuple(sorted(served_after.keys() - served_before.keys())),
    )


def _goodness(values: RowValues) -> float:
    """Return one number a row, by which it got better or worse: the right section's place, less a false answer."""
    return values.get("mrr@10", 0.0) - values.get("false_answer", 0.0)


def _difference(group: str, measure: str, values: list[tuple[RowValues, RowValues]]) -> Difference | None:
    pairs = np.array([(old[measure], new[measure]) for old, new in values if measure in old and measure in new])
    if not len(pairs):
        return None
    gains = pairs[:, 1] - pairs[:, 0]
    low, high = percentile_interval(resampling_weights(len(gains)) @ gains / len(gains))
    return Difference(
        group=group,
        measure=measure,
        before=float(pairs[:, 0].mean()),
        after=float(pairs[:, 1].mean()),
        low=low,
        high=high,
        p_value=_randomisation_p_value(gains),
        row_count=len(gains),
    )


def _randomisation_p_value(gains: np.ndarray) -> float:
    moved = gains[gains != 0]
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(PERMUTATIONS, len(moved)))
    # One thing beyond counting: rounding may not make an equal sum look smaller.
    extreme = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-9
    return float((extreme.sum() + 1) / (PERMUTATIONS + 1))

"""Every row of a data set asked once, and what came of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from eval.dataset import LabelledQuestion
from eval.figures import Figures, compute_figures
from eval.served import Served
from eval.systems import System
from retriever.steps import step, watched_steps

WHOLE = "whole"
Milliseconds = dict[str, tuple[float, ...]]
"""For each step, the time it took for each row that had it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What was measured, so that two runs can be told apart.

    Attributes:
        dataset: Name of the data set.
        split: "dev", "test", or "" for a set that is not divided.
        system: Name of the system.
        encoder_id: The encoder; "" for a system without one.
        corpus_sha256: Checksum of each text that was searched, by its id.
        index_version: The index version; "" for a temporary index.
        parameters: What weights and thresholds were fitted on.
        section_names: What people call each section, by its id; empty for sets that are not of a handbook.
    """

    dataset: str
    split: str
    system: str
    encoder_id: str
    corpus_sha256: dict[str, str]
    index_version: str = ""
    parameters: str = ""
    section_names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run: rows, what was served for each, and the figures that follow.

    Attributes:
        header: What was measured.
        rows: What was asked.
        served: What came back, one a row, in their order.
        figures: What follows from both.
        milliseconds: How long it took; the only part that differs from run to run.
    """

    header: RunHeader
    rows: tuple[LabelledQuestion, ...]
    served: tuple[Served, ...]
    figures: Figures
    milliseconds: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Percentiles of a step over rows, in milliseconds."""

    p50_ms: float
    p95_ms: float
    p99_ms: float


def run_rows(
    header: RunHeader,
    rows: Sequence[LabelledQuestion],
    system: System,
    progress: Callable[[int], None] = lambda _done: None,
) -> Run:
    """Return the run of a system over rows; none is ever left out.

    Args:
        header: What is measured.
        rows: What is asked.
        system: Who is asked.
        progress: Called with how many are done.
    """
    served: list[Served] = []
    milliseconds: dict[str, list[float]] = {WHOLE: []}
    for row in rows:
        with watched_steps() as steps, step(WHOLE):
            served.append(system.serve(row))
        for name, took in steps.items():
            milliseconds.setdefault(name, []).append(took)
        progress(len(served))
    return Run(
        header=header,
        rows=tuple(rows),
        served=tuple(served),
        figures=compute_figures(rows, served),
        milliseconds={name: tuple(took) for name, took in milliseconds.items()},
    )


def latencies(milliseconds: Milliseconds) -> dict[str, Latency]:
    """Return the percentiles of each step that was taken at least once."""
    return {name: _latency(took) for name, took in milliseconds.items() if took}


def _latency(took: Iterable[float]) -> Latency:
    p50, p95, p99 = np.percentile(list(took), [50, 95, 99])
    return Latency(p50_ms=float(p50), p95_ms=float(p95), p99_ms=float(p99))

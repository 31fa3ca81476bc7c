"""A run as a folder: `run.json`, `rows.jsonl`, `figures.json`, `gates.json`, and `latency.json`, which alone has times.

Runs of other systems over the same rows lie below it in `peers/NAME/`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from corpus.errors import RunUnreadable
from eval.dataset import LabelledQuestion
from eval.figures import Figures, compute_figures
from eval.gates import GateResult
from eval.run import Latency, Run, RunHeader, latencies
from eval.served import Served

HEADER_NAME: Final = "run.json"
ROWS_NAME: Final = "rows.jsonl"
FIGURES_NAME: Final = "figures.json"
GATES_NAME: Final = "gates.json"
LATENCY_NAME: Final = "latency.json"
PEERS_NAME: Final = "peers"
UNAVAILABLE_NAME: Final = "unavailable.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run that was read back.

    Attributes:
        header: What was measured.
        rows: What was asked.
        served: What came back, one a row.
        figures: Computed from both.
        gates: What was demanded of it and what came of that.
        latency: Percentiles of each step; empty where none were written.
    """

    header: RunHeader
    rows: tuple[LabelledQuestion, ...]
    served: tuple[Served, ...]
    figures: Figures
    gates: tuple[GateResult, ...] = ()
    latency: dict[str, Latency] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    row: LabelledQuestion
    served: Served


_HEADER = TypeAdapter(RunHeader)
_LINE = TypeAdapter(_Line)
_FIGURES = TypeAdapter(Figures)
_GATES = TypeAdapter(tuple[GateResult, ...])
_LATENCY = TypeAdapter(dict[str, Latency])
_UNAVAILABLE = TypeAdapter(dict[str, str])
# The name of a model may hold a slash.
_UNSAFE = re.compile(r"[^\w.-]+")


def stored(run: Run, gates: tuple[GateResult, ...] = ()) -> StoredRun:
    """Return a run as it would be read back."""
    return StoredRun(
        header=run.header,
        rows=run.rows,
        served=run.served,
        figures=run.figures,
        gates=gates,
        latency=latencies(run.milliseconds),
    )


def save_run(run: StoredRun, folder: Path, *, with_latency: bool = True) -> None:
    """Write a run into a folder, which is made; equal runs give equal bytes in all files but that of the times."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / HEADER_NAME).write_bytes(_HEADER.dump_json(run.header, indent=2) + b"\n")
    # What stands at its default is left out: a baseline is committed, and half of it would be empty fields.
    lines = (
        _LINE.dump_json(_Line(row=row, served=one), exclude_defaults=True)
        for row, one in zip(run.rows, run.served, strict=True)
    )
    (folder / ROWS_NAME).write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / FIGURES_NAME).write_bytes(_FIGURES.dump_json(run.figures, indent=2) + b"\n")
    (folder / GATES_NAME).write_bytes(_GATES.dump_json(run.gates, indent=2) + b"\n")
    if with_latency:
        (folder / LATENCY_NAME).write_bytes(_LATENCY.dump_json(run.latency, indent=2) + b"\n")


def load_run(folder: Path) -> StoredRun:
    """Return the run in a folder; its figures are computed anew from its rows.

    Raises:
        RunUnreadable: If a file is missing or is not of this form.
    """
    try:
        header = _HEADER.validate_json((folder / HEADER_NAME).read_bytes())
        lines = [_LINE.validate_json(line) for line in (folder / ROWS_NAME).read_bytes().splitlines()]
        gates = _GATES.validate_json((folder / GATES_NAME).read_bytes())
        path = folder / LATENCY_NAME
        latency = _LATENCY.validate_json(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValidationError) as error:
        raise RunUnreadable(f"{folder} 里没有可读的评测结果，请先运行 wengong eval run --out {folder}。") from error
    rows, served = tuple(line.row for line in lines), tuple(line.served for line in lines)
    return StoredRun(
        header=header, rows=rows, served=served, figures=compute_figures(rows, served), gates=gates, latency=latency
    )


def load_peers(folder: Path) -> tuple[StoredRun, ...]:
    """Return the runs of other systems that lie below a run's folder, by name; none is not an error."""
    return tuple(load_run(path.parent) for path in sorted((folder / PEERS_NAME).glob(f"*/{HEADER_NAME}")))


def save_peers(runs: Iterable[StoredRun], unavailable: Mapping[str, str], folder: Path) -> None:
    """Write runs of other systems below a run's folder, and why others could not be run."""
    for run in runs:
        save_run(run, folder / PEERS_NAME / _UNSAFE.sub("_", run.header.system))
    (folder / PEERS_NAME).mkdir(parents=True, exist_ok=True)
    (folder / PEERS_NAME / UNAVAILABLE_NAME).write_bytes(_UNAVAILABLE.dump_json(dict(unavailable), indent=2) + b"\n")


def load_unavailable(folder: Path) -> dict[str, str]:
    """Return the peers of a run that could not be run, by name, with the reason; none is not an error.

    Raises:
        RunUnreadable: If the file is not of this form.
    """
    path = folder / PEERS_NAME / UNAVAILABLE_NAME
    try:
        return _UNAVAILABLE.validate_json(path.read_bytes()) if path.is_file() else {}
    except (OSError, ValidationError) as error:
        raise RunUnreadable(f"{path} 坏了，请重新运行 wengong eval run --peers --out {folder}。") from error

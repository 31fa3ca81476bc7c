"""Figures that must be reached, and what falls short of them."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from corpus.errors import GateInvalid
from eval.figures import GROUP_ALL, GROUP_IN_SCOPE, GROUP_UNANSWERABLE, Figures

Bound = Literal["min", "max"]
# Where a gate names no group, the first of these that has the measure is meant.
DEFAULT_GROUPS: Final = (GROUP_IN_SCOPE, GROUP_UNANSWERABLE, GROUP_ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A bound of one figure.

    Attributes:
        bound: "min": at least; "max": at most.
        measure: Such as "hit@1".
        group: Such as "everyday"; "" for the first of DEFAULT_GROUPS that has the measure.
        limit: The figure itself still passes.
    """

    bound: Bound
    measure: str
    group: str
    limit: float

    @property
    def name(self) -> str:
        """As written in a gate: "hit@1@everyday"."""
        return f"{self.measure}@{self.group}" if self.group else self.measure


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """A gate and what was measured; `value` is None when no row is concerned, which does not pass."""

    gate: Gate
    value: float | None

    @property
    def passes(self) -> bool:
        """Whether the bound is kept."""
        if self.value is None:
            return False
        return self.value >= self.gate.limit if self.gate.bound == "min" else self.value <= self.gate.limit


def parse_gate(bound: Bound, text: str) -> Gate:
    """Return the gate of a text such as "hit@1=0.9" or "false_answer@near=0.1".

    Raises:
        GateInvalid: If it is not of this form.
    """
    name, equals, limit = text.partition("=")
    try:
        number = float(limit)
    except ValueError:
        number = -1.0
    if not equals or not name or not 0 <= number <= 1:
        raise GateInvalid(f"门槛“{text}”写得不对，应像 hit@1=0.9 或 false_answer@near=0.1，数值在 0 到 1 之间。")
    measure, group = _split_name(name.strip())
    return Gate(bound=bound, measure=measure, group=group, limit=number)


def load_gates(path: Path) -> tuple[Gate, ...]:
    """Return the gates of a file with the tables [min] and [max], each of names and limits.

    Raises:
        GateInvalid: If the file is missing or has another form.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GateInvalid(f"门槛文件 {path} 无法读取：{error}。") from error
    unknown = tables.keys() - {"min", "max"}
    if unknown or not all(isinstance(table, dict) for table in tables.values()):
        raise GateInvalid(f"门槛文件 {path} 里只能有 [min] 和 [max] 两张表。")
    bounds: tuple[Bound, ...] = ("min", "max")
    return tuple(
        parse_gate(bound, f"{name}={limit}") for bound in bounds for name, limit in tables.get(bound, {}).items()
    )


def check_gates(gates: Iterable[Gate], figures: Figures) -> tuple[GateResult, ...]:
    """Return what each gate comes to, in their order.

    Raises:
        GateInvalid: If a gate names a group or a measure that no figure has.
    """
    return tuple(GateResult(gate=gate, value=_value(gate, figures)) for gate in gates)


def _value(gate: Gate, figures: Figures) -> float | None:
    groups = (gate.group,) if gate.group else DEFAULT_GROUPS
    for group in groups:
        estimate = figures.groups.get(group, {}).get(gate.measure)
        if estimate is not None:
            return estimate.value
    known = sorted({measure for group in groups for measure in figures.groups.get(group, {})})
    raise GateInvalid(
        f"这次评测里没有指标 {gate.name}。"
        + (f"可用：{'、'.join(known)}。" if known else f"没有类别“{gate.group}”，可用：{'、'.join(figures.groups)}。")
    )


def _split_name(name: str) -> tuple[str, str]:
    """Return measure and group: the last part is a group unless it is the cut-off of a measure, as in hit@1."""
    measure, at, last = name.rpartition("@")
    return (measure, last) if at and not last.isdigit() else (name, "")

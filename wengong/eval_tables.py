"""Figures of evaluation runs as tables for people."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from eval.compare import Comparison
from eval.estimates import Estimate
from eval.gates import GateResult
from eval.report.words import GROUP_NAMES
from eval.store import StoredRun

RANKING = {"hit@1": "hit@1", "hit@3": "hit@3", "mrr@10": "MRR@10", "ndcg@10": "nDCG@10", "recall@10": "recall@10"}
EXCERPTS = {"evidence@1": "证据@1", "evidence@3": "证据@3", "needs_shown@3": "齐全@3"}
OUTCOMES = {
    "answered": "作答",
    "clarified": "反问",
    "abstained": "不答",
    "precision": "作答准确",
}
# Measures of few rows, told in a line each.
PEER_GROUPS = ("in_scope", "everyday")
PEER_MEASURES = ("hit@1", "hit@3")
TOLD = {
    "needs_shown@3": "多问的题，前三段齐全",
    "clarify_helps": "反问时前三问里有对的",
    "auroc": "AUROC",
    "ece": "ECE",
}
UNSURE = 0.05
SMALLEST_P = 0.001


def figures_tables(run: StoredRun) -> tuple[Table, ...]:
    """Return how sections are ranked, what is shown, and what is said; a group without a figure in one is left out."""
    said = _table("作答", OUTCOMES, run)
    said.caption = _caption(run)
    said.caption_justify = "left"
    return _table("检索", RANKING, run), _table("摘录", EXCERPTS, run), said


def _table(title: str, columns: dict[str, str], run: StoredRun) -> Table:
    table = _plain_table(title, "题数", *columns.values())
    for name, group in run.figures.groups.items():
        if not group.keys().isdisjoint(columns):
            figures = (_percent(group.get(measure)) for measure in columns)
            table.add_row(GROUP_NAMES.get(name, name), str(group["answered"].row_count), *figures)
    return table


def latency_table(run: StoredRun) -> Table:
    """Return the percentiles of each step, the whole first."""
    table = _plain_table("步骤", "p50 毫秒", "p95 毫秒", "p99 毫秒")
    for name, latency in run.latency.items():
        table.add_row(name, f"{latency.p50_ms:.2f}", f"{latency.p95_ms:.2f}", f"{latency.p99_ms:.2f}")
    return table


def peers_table(runs: Sequence[StoredRun]) -> Table:
    """Return the main figures of several systems over the same rows, in their order."""
    groups = [name for name in PEER_GROUPS if name in runs[0].figures.groups]
    table = _plain_table("系统", *(f"{GROUP_NAMES[group]} {measure}" for group in groups for measure in PEER_MEASURES))
    for run in runs:
        figures = (run.figures.groups[group].get(measure) for group in groups for measure in PEER_MEASURES)
        table.add_row(run.header.system, *map(_percent, figures))
    return table


def gates_table(results: tuple[GateResult, ...]) -> Table:
    """Return each gate, what was measured, and whether it passed."""
    table = _plain_table("门槛", "要求", "实测", "")
    for one in results:
        sign = "≥" if one.gate.bound == "min" else "≤"
        value = "–" if one.value is None else f"{one.value:.4f}"
        table.add_row(one.gate.name, f"{sign} {one.gate.limit}", value, "通过" if one.passes else "没有达到")
    return table


def comparison_table(comparison: Comparison) -> Table:
    """Return the figures that moved, in percentage points; the caption counts the rows that moved them."""
    told = [f"变好 {len(comparison.better)} 题，变差 {len(comparison.worse)} 题"]
    if comparison.only_before or comparison.only_after:
        told.append(f"只有一边有的题没有比较：{len(comparison.only_before)} + {len(comparison.only_after)}")
    told.append("百分数；差的后面是 95 % 区间；? 表示可能是偶然（p ≥ 0.05）")
    table = _plain_table("类别", "指标", "题数", "以前", "现在", "差", "p")
    table.caption, table.caption_justify = "\n".join(told), "left"
    for one in comparison.differences:
        if one.before != one.after:
            table.add_row(
                GROUP_NAMES.get(one.group, one.group),
                one.measure,
                str(one.row_count),
                f"{one.before * 100:.1f}",
                f"{one.after * 100:.1f}",
                f"{(one.after - one.before) * 100:+.1f}  {one.low * 100:+.0f}…{one.high * 100:+.0f}",
                _p_value(one.p_value),
            )
    return table


def _plain_table(*columns: str) -> Table:
    return Table(*columns, box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)


def _caption(run: StoredRun) -> str:
    header = run.header
    told = [
        f"{words} {_number(estimate)}，{estimate.row_count} 题"
        for measure, words in TOLD.items()
        if (estimate := run.figures.groups["all"].get(measure)) is not None and estimate.row_count
    ]
    known = [header.dataset, header.split, header.system, header.encoder_id, header.index_version]
    return "\n".join(
        [*told, "百分数，后面是 95 % 区间：比例用 Wilson，其余用自助法", " · ".join(part for part in known if part)]
    )


def _percent(estimate: Estimate | None) -> str:
    if estimate is None or estimate.value is None:
        return "–"
    value = "100" if estimate.value == 1 else f"{estimate.value * 100:.1f}"
    return f"{value} {estimate.low * 100:.0f}-{estimate.high * 100:.0f}"


def _p_value(p_value: float) -> str:
    if p_value < SMALLEST_P:
        return f"<{SMALLEST_P}"
    return f"{p_value:.3f}" + (" ?" if p_value >= UNSURE else "")


def _number(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{estimate.value:.3f}（{estimate.low:.3f}–{estimate.high:.3f}）"

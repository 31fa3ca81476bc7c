"""The tables of the report: every figure, other systems, times, and what the words mean."""

from collections.abc import Mapping, Sequence
from typing import Final

from eval.estimates import Estimate
from eval.figures import GROUP_IN_SCOPE, GROUP_UNANSWERABLE, Figures
from eval.report.markup import NOTHING, Markup, element, joined, table, table_row
from eval.report.words import MEASURES, STEP_NAMES, TOTALS, group_name, system_name, value_and_range
from eval.run import WHOLE, Latency
from eval.store import StoredRun

PEER_COLUMNS: Final = (
    (GROUP_IN_SCOPE, "hit@1"),
    (GROUP_IN_SCOPE, "hit@3"),
    ("everyday", "hit@1"),
    ("everyday", "hit@3"),
    (GROUP_IN_SCOPE, "evidence@3"),
    (GROUP_UNANSWERABLE, "false_answer"),
)


def all_figures(figures: Figures) -> Markup:
    """Return every measure of every group with its interval."""
    present = [measure for measure in MEASURES if any(measure in group for group in figures.groups.values())]
    rows = [
        table_row(
            group_name(name),
            str(group["answered"].row_count if "answered" in group else 0),
            *(_cell(measure, group.get(measure)) for measure in present),
            class_="total" if name in TOTALS else None,
        )
        for name, group in figures.groups.items()
    ]
    heads = ["类别", "题数", *(_head(measure) for measure in present)]
    return table("每类题的每个指标；小字是 95 % 区间（比例用 Wilson，其余用自助法）；– 表示与这类题无关", heads, rows)


def _head(measure: str, group: str = "") -> Markup:
    return joined(group, " " if group else "", MEASURES[measure].term, element("small", MEASURES[measure].name))


def _cell(measure: str, estimate: Estimate | None) -> Markup:
    value, within = value_and_range(measure, estimate)
    return joined(value, element("small", within) if within else NOTHING)


def peers(run: StoredRun, others: Sequence[StoredRun], unavailable: Mapping[str, str]) -> Markup:
    """Return the main figures of all systems over the same rows, and who could not be asked."""
    if not others and not unavailable:
        return element("p", "这次没有与别的检索比较（wengong eval run --peers）。")
    columns = [(group, measure) for group, measure in PEER_COLUMNS if measure in run.figures.groups.get(group, {})]
    rows = [
        table_row(
            system_name(one.header.system),
            *(_cell(measure, one.figures.groups.get(group, {}).get(measure)) for group, measure in columns),
            class_="ours" if one is run else None,
        )
        for one in (run, *others)
    ]
    heads = ["系统", *(_head(measure, group_name(group)) for group, measure in columns)]
    missing = [element("li", element("b", name), f"：{reason}") for name, reason in sorted(unavailable.items())]
    return joined(
        table("同样的题问各家的成绩，第一行是这次考的系统；小字是 95 % 区间", heads, rows) if others else NOTHING,
        element("p", _about_saying_no(others), class_="soft") if others else NOTHING,
        element("h3", f"没有比成的 {len(missing)} 家") if missing else NOTHING,
        element("ul", *missing) if missing else NOTHING,
    )


def _about_saying_no(others: Sequence[StoredRun]) -> str:
    if any(one.answer_probability is not None for other in others for one in other.served):
        return "比排序看 hit@1 和 hit@3，比会不会说“手册里没有”看误答。"
    return "别的检索不说把握，找到什么就答什么，所以误答多；比排序请看 hit@1 和 hit@3。"


def latency_table(latency: Mapping[str, Latency]) -> Markup:
    """Return the time of each step; a sentence when none was stored."""
    if not latency:
        return element("p", "没有存下用时。")
    rows = [
        table_row(
            joined(STEP_NAMES.get(name, name), element("small", name)),
            *(f"{value:.2f}" for value in (one.p50_ms, one.p95_ms, one.p99_ms)),
            class_="total" if name == WHOLE else None,
        )
        for name, one in latency.items()
    ]
    ends = {"p50": "一半的题以内", "p95": "95% 的题以内", "p99": "99% 的题以内"}
    heads = ["步骤", *(joined(name, element("small", meaning)) for name, meaning in ends.items())]
    whole = latency.get(WHOLE)
    told = f"一半的题 {whole.p50_ms:.0f} 毫秒内答完，95% 在 {whole.p95_ms:.0f} 毫秒内。" if whole else ""
    return joined(element("p", told) if told else NOTHING, table("每一步的用时，毫秒", heads, rows))


def glossary(figures: Figures) -> Markup:
    """Return what each measure that occurs means."""
    present = [measure for key, measure in MEASURES.items() if any(key in group for group in figures.groups.values())]
    pairs = [joined(element("dt", f"{one.term} {one.name}"), element("dd", one.meaning)) for one in present]
    return element("dl", *pairs)

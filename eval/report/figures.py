"""The parts of the report that show figures: summary, gates, tables, plots, peers, what moved."""

from collections.abc import Mapping, Sequence
from typing import Final

from eval.compare import Comparison
from eval.figures import GROUP_ALL, GROUP_IN_SCOPE, GROUP_UNANSWERABLE, Figures
from eval.gates import GateResult
from eval.report.markup import Markup, element, joined
from eval.report.plots import Bar, bars, reliability_plot, risk_coverage_plot, stacked
from eval.report.words import MEASURE_NAMES, figure, group_name, interval, percent
from eval.run import Latency, RunHeader
from eval.store import StoredRun

SENTENCES: Final = (
    ("everyday", "hit@1", "日常说法的问题，{value} 第一个就是能答的那一问（{interval}）"),
    (GROUP_IN_SCOPE, "hit@1", "手册能答的问题，{value} 第一个就对（{interval}）"),
    (GROUP_IN_SCOPE, "evidence@3", "手册能答的问题，{value} 在给出的前三段原文里就有答案（{interval}）"),
    (GROUP_IN_SCOPE, "precision", "真正作答时，{value} 答的是对的那一问（{interval}）"),
    (GROUP_IN_SCOPE, "answered", "手册能答的问题，{value} 直接作答（{interval}），其余反问或不答"),
    (GROUP_UNANSWERABLE, "false_answer", "手册不答的问题，{value} 被误答（{interval}）"),
)
PEER_COLUMNS: Final = (
    (GROUP_IN_SCOPE, "hit@1"),
    (GROUP_IN_SCOPE, "hit@3"),
    ("everyday", "hit@1"),
    ("everyday", "hit@3"),
    (GROUP_IN_SCOPE, "evidence@3"),
    (GROUP_UNANSWERABLE, "false_answer"),
)


def summary(run: StoredRun) -> Markup:
    """Return what was measured and the main figures in sentences."""
    told = []
    for group, measure, sentence in SENTENCES:
        estimate = run.figures.groups.get(group, {}).get(measure)
        if estimate is not None and estimate.value is not None:
            told.append(element("li", sentence.format(value=percent(estimate.value), interval=interval(estimate))))
    return joined(_measured(run.header, len(run.rows)), element("ul", *told, class_="told"))


def _measured(header: RunHeader, row_count: int) -> Markup:
    facts = {
        "评测集": f"{header.dataset} {header.split}（{row_count} 题）",
        "系统": header.system,
        "向量模型": header.encoder_id,
        "索引版本": header.index_version,
        "参数拟合自": header.parameters,
    }
    pairs = [joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value]
    return element("dl", *pairs)


def gates(results: Sequence[GateResult]) -> Markup:
    """Return each gate with what was measured; a sentence when there are none."""
    if not results:
        return element("p", "这次没有设门槛。")
    rows = []
    for one in results:
        sign = "≥" if one.gate.bound == "min" else "≤"
        value = "没有题目" if one.value is None else f"{one.value:.4f}"
        outcome = element("td", "✓ 通过" if one.passes else "✗ 没有达到", class_="good" if one.passes else "bad")
        cells = [element("td", f"{sign} {one.gate.limit}"), element("td", value), outcome]
        rows.append(element("tr", element("th", one.gate.name, scope="row"), *cells))
    return table("门槛", ("指标", "要求", "实测", "结果"), rows)


def all_figures(figures: Figures) -> Markup:
    """Return every measure of every group with its interval."""
    present = [measure for measure in MEASURE_NAMES if any(measure in group for group in figures.groups.values())]
    rows = [
        element(
            "tr",
            element("th", group_name(name), scope="row"),
            element("td", str(group["answered"].row_count)),
            *(element("td", figure(group.get(measure))) for measure in present),
        )
        for name, group in figures.groups.items()
    ]
    names = ["类别", "题数", *(MEASURE_NAMES[measure] for measure in present)]
    return table("全部指标，括号里是 95 % 区间（比例用 Wilson，其余用自助法）", names, rows)


def category_plots(figures: Figures) -> Markup:
    """Return bars of hits and of outcomes by group."""
    hits = [
        joined(
            element("figcaption", MEASURE_NAMES[measure]),
            bars(
                MEASURE_NAMES[measure],
                [Bar(group_name(name), group[measure]) for name, group in figures.groups.items() if measure in group],
            ),
        )
        for measure in ("hit@1", "hit@3")
    ]
    groups = [(group_name(name), group) for name, group in figures.groups.items() if name != GROUP_ALL]
    parts = [[group[measure].value or 0.0 for measure in ("answered", "clarified", "abstained")] for _, group in groups]
    legend = element(
        "p",
        *(element("span", name, class_=f"key part{number}") for number, name in enumerate(("作答", "反问", "不答"))),
        class_="legend",
    )
    title = "作答、反问、不答各占多少（从左到右）"
    outcomes = joined(element("figcaption", title), stacked(title, [name for name, _ in groups], parts), legend)
    return element("div", *(element("figure", plot) for plot in (*hits, outcomes)), class_="plots")


def probability_plots(figures: Figures) -> Markup:
    """Return risk–coverage and reliability with a sentence on how to read each; a sentence when there are none."""
    if not figures.reliability:
        return element("p", "这个系统不说把握有几成，没有这两张图。")
    everything = figures.groups[GROUP_ALL]
    told = [f"{MEASURE_NAMES[name]} {figure(everything.get(name))}" for name in ("auroc", "ece") if name in everything]
    reading = (
        (
            risk_coverage_plot(figures.risk_coverage),
            "越往右作答的题越多；线越低越好。不答的题也算在内，所以右端不会是零。",
        ),
        (reliability_plot(figures.reliability), "点落在斜线上就是说几成对几成；在线下面是说大话。点越大题越多。"),
    )
    drawn = [element("figure", plot, element("figcaption", words)) for plot, words in reading]
    return joined(element("p", "；".join(told)), element("div", *drawn, class_="plots"))


def latency_table(latency: Mapping[str, Latency]) -> Markup:
    """Return the time of each step; a sentence when none was stored."""
    if not latency:
        return element("p", "没有存下用时。")
    rows = [
        element(
            "tr",
            element("th", name, scope="row"),
            *(element("td", f"{value:.2f}") for value in (one.p50_ms, one.p95_ms, one.p99_ms)),
        )
        for name, one in latency.items()
    ]
    return table("每一步的用时（毫秒）", ("步骤", "p50", "p95", "p99"), rows)


def peers(run: StoredRun, others: Sequence[StoredRun], unavailable: Mapping[str, str]) -> Markup:
    """Return the main figures of all systems over the same rows, and who could not be asked."""
    if not others and not unavailable:
        return element("p", "这次没有与别的检索比较（wengong eval run --peers）。")
    columns = [(group, measure) for group, measure in PEER_COLUMNS if measure in run.figures.groups.get(group, {})]
    rows = [
        element(
            "tr",
            element("th", one.header.system, scope="row"),
            *(element("td", figure(one.figures.groups[group].get(measure))) for group, measure in columns),
        )
        for one in (run, *others)
    ]
    rows += [
        element("tr", element("th", name, scope="row"), element("td", f"没有比较：{reason}", colspan=str(len(columns))))
        for name, reason in unavailable.items()
    ]
    names = ["系统", *(f"{group_name(group)} {measure}" for group, measure in columns)]
    return table("同样的题，各家的成绩", names, rows)


def moved(comparison: Comparison) -> Markup:
    """Return the figures that moved against the baseline."""
    rows = [
        element(
            "tr",
            element("th", f"{group_name(one.group)} {one.measure}", scope="row"),
            element("td", f"{percent(one.before)} → {percent(one.after)}"),
            element("td", f"{(one.after - one.before) * 100:+.1f}（{one.low * 100:+.0f} 到 {one.high * 100:+.0f}）"),
            element("td", f"{one.p_value:.3f}"),
        )
        for one in comparison.differences
        if one.before != one.after
    ]
    counts = f"变好 {len(comparison.better)} 题，变差 {len(comparison.worse)} 题。p 大于 0.05 的可能只是偶然。"
    return joined(element("p", counts), table("与以前相比", ("指标", "以前 → 现在", "差（百分点）", "p"), rows))


def table(caption: str, names: Sequence[str], rows: Sequence[Markup]) -> Markup:
    """Return a table that scrolls inside its own box where it is wider than the screen."""
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    content = element("table", element("caption", caption), head, element("tbody", *rows))
    return element("div", content, class_="wide", tabindex="0", role="region", aria_label=caption)

"""The parts of the report that are plots, each with a sentence on how to read it."""

from typing import Final

from eval.figures import GROUP_ALL, Figures
from eval.report.bars import Bar, Stack, bars, legend, stacks
from eval.report.curves import reliability_plot, risk_coverage_plot
from eval.report.markup import NOTHING, Markup, element, joined
from eval.report.words import MEASURES, TOTALS, group_name, percent, value_and_range

OUTCOMES: Final = ("answered", "clarified", "abstained")


def category_plots(figures: Figures) -> Markup:
    """Return bars of hits and of outcomes by category, totals last."""
    hits = [_hits(figures, measure) for measure in ("hit@1", "hit@3")]
    return element("div", *hits, _outcomes(figures), class_="plots")


def _hits(figures: Figures, measure: str) -> Markup:
    shown = [
        Bar(group_name(name), group[measure], is_total=name in TOTALS)
        for name, group in figures.groups.items()
        # Over all rows it is the same as over the answerable ones.
        if measure in group and name != GROUP_ALL
    ]
    if not shown:
        return NOTHING
    title = f"{MEASURES[measure].term}：{MEASURES[measure].name}"
    return element("figure", element("h3", title), bars(title, shown), _caption("横线是 95 % 区间，越短越可靠。"))


def _outcomes(figures: Figures) -> Markup:
    names = [MEASURES[measure].name for measure in OUTCOMES]
    shown = [
        Stack(group_name(name), tuple(group[measure].value or 0.0 for measure in OUTCOMES), is_total=name in TOTALS)
        for name, group in figures.groups.items()
        if name != GROUP_ALL and "answered" in group
    ]
    if not shown:
        return NOTHING
    title = "作答、反问、不答各占多少"
    reading = "从左到右。手册能答的题，左边越长越好；手册不答的题，右边越长越好。"
    return element("figure", element("h3", title), legend(names), stacks(title, names, shown), _caption(reading))


def probability_plots(figures: Figures) -> Markup:
    """Return risk–coverage and reliability with a sentence on how to read each; a sentence when there are none."""
    if not figures.reliability:
        return element("p", "这个系统不说有几成把握，所以没有这两张图。")
    everything = figures.groups[GROUP_ALL]
    told = [_told(figures, measure) for measure in ("auroc", "ece") if measure in everything]
    return joined(
        element("ul", *told, class_="told"), element("div", _risk(figures), _reliability(figures), class_="plots")
    )


def _told(figures: Figures, measure: str) -> Markup:
    value, within = value_and_range(measure, figures.groups[GROUP_ALL][measure])
    one = MEASURES[measure]
    shown = element("span", f"{one.name}：", element("strong", value), element("span", f"（{within}）", class_="range"))
    return element("li", shown, element("small", f"{one.term} · {one.meaning}"))


def _risk(figures: Figures) -> Markup:
    everything = figures.groups[GROUP_ALL]
    coverage = everything["answered"].value or 0.0
    precision = everything["precision"].value if "precision" in everything else None
    risk = None if precision is None else 1 - precision
    reading = "先答最有把握的题，往右答得越来越多。线越低越好。手册不答的题也算在内，所以最右端不会是零。"
    if risk is not None:
        reading += f"圆点是现在的做法：作答 {percent(coverage)}，其中 {percent(risk)} 第一个就错。"
    plot = risk_coverage_plot(figures.risk_coverage, coverage, risk)
    return element("figure", element("h3", "答得多了，错得多不多"), plot, _caption(reading))


def _reliability(figures: Figures) -> Markup:
    reading = "圆点落在斜线上，就是说几成对几成；在斜线下面是说大话，在上面是太谦虚。圆点越大题越多，竖线是 95 % 区间。"
    plot = reliability_plot(figures.reliability)
    return element("figure", element("h3", "说有几成把握，实际对几成"), plot, _caption(reading))


def _caption(words: str) -> Markup:
    return element("figcaption", words)

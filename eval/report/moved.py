"""How a run differs from an earlier one: figures first, then the rows that moved them."""

from collections.abc import Mapping, Sequence
from typing import Final

from eval.compare import Comparison, Difference, MovedRow
from eval.figures import GROUP_ALL
from eval.report.markup import NOTHING, Markup, element, joined, table, table_row
from eval.report.rows import EXCERPT_CHARACTERS, QUESTION_CHARACTERS, expected, outcome
from eval.report.words import MEASURES, TOTALS, group_name, p_value, percent, points, section_name, shortened
from eval.served import Served

UNSURE: Final = 0.05
LOWER_IS_BETTER: Final = {"false_answer", "missed_answer"}
# More answers are good or bad depending on the rows.
NEITHER: Final = {"answered"}
Names = Mapping[str, str]


def moved(comparison: Comparison, names: Names) -> Markup:
    """Return the figures and the rows that moved against the baseline."""
    told = f"变好 {len(comparison.better)} 题，变差 {len(comparison.worse)} 题。"
    left_out = len(comparison.only_before), len(comparison.only_after)
    if any(left_out):
        told += f"只在以前有的 {left_out[0]} 题、只在现在有的 {left_out[1]} 题没有比较。"
    changed = [one for one in _told_once(comparison.differences) if one.before != one.after]
    totals = [one for one in changed if one.group in TOTALS]
    others = [one for one in changed if one.group not in TOTALS]
    return joined(
        element("p", told),
        _differences("合计里变了的指标", totals) if totals else element("p", "合计的指标一个也没有变。"),
        _folded("各类题里变了的指标", [_differences("各类题里变了的指标", others)]) if others else NOTHING,
        _moved_rows("变好", comparison.better, names),
        _moved_rows("变差", comparison.worse, names),
    )


def _told_once(differences: Sequence[Difference]) -> list[Difference]:
    """Return the differences less those that say the same as another: over all rows, and answers that are false."""
    by_kind = {(one.measure, one.row_count) for one in differences if one.group in TOTALS and one.group != GROUP_ALL}
    false = {(one.group, one.row_count) for one in differences if one.measure == "false_answer"}
    return [
        one
        for one in differences
        if (one.group != GROUP_ALL or (one.measure, one.row_count) not in by_kind)
        and (one.measure != "answered" or (one.group, one.row_count) not in false)
    ]


def _differences(caption: str, shown: Sequence[Difference]) -> Markup:
    heads = ("类别和指标", "怎么看", "以前 → 现在", "差，百分点", "p")
    return table(
        f"{caption}；小字是 95 % 区间，p 不小于 0.05 的可能只是偶然", heads, [_difference(one) for one in shown]
    )


def _difference(one: Difference) -> Markup:
    gain = one.after - one.before
    measure = MEASURES[one.measure]
    return table_row(
        joined(group_name(one.group), " ", measure.term, element("small", f"{measure.name} · {one.row_count} 题")),
        _verdict(one, gain),
        f"{percent(one.before)} → {percent(one.after)}",
        joined(points(gain, 1), element("small", f"{points(one.low)} 到 {points(one.high)}")),
        p_value(one.p_value),
    )


def _verdict(one: Difference, gain: float) -> Markup:
    if one.p_value >= UNSURE:
        return element("span", "可能偶然", class_="soft")
    if one.measure in NEITHER:
        return element("span", "▲ 变多" if gain > 0 else "▼ 变少")
    if (gain > 0) is (one.measure not in LOWER_IS_BETTER):
        return element("span", "✓ 变好", class_="good")
    return element("span", "✗ 变差", class_="bad")


def _moved_rows(title: str, rows: Sequence[MovedRow], names: Names) -> Markup:
    return _folded(f"{title}的 {len(rows)} 题", [_moved_row(one, names) for one in rows]) if rows else NOTHING


def _folded(title: str, content: Sequence[Markup]) -> Markup:
    return element("details", element("summary", title), *content)


def _moved_row(one: MovedRow, names: Names) -> Markup:
    sides = [
        element("div", outcome(title, one.row, served, names), _excerpt(served, names))
        for title, served in (("以前", one.before), ("现在", one.after))
    ]
    earlier = [
        element("p", f"先问：{shortened(asked, QUESTION_CHARACTERS)}", class_="soft") for asked in one.row.history
    ]
    return element(
        "article",
        element("p", group_name(one.row.category), class_="kind"),
        *earlier,
        element("h4", shortened(one.row.question, QUESTION_CHARACTERS)),
        element("p", element("b", "应为"), f"　{expected(one.row, one.after, names)}"),
        element("div", *sides, class_="sides"),
    )


def _excerpt(served: Served, names: Names) -> Markup:
    if not served.excerpts:
        return NOTHING
    first = served.excerpts[0]
    words = element("p", shortened(first.excerpt, EXCERPT_CHARACTERS))
    return element("blockquote", element("b", section_name(first.section_id, names)), words)

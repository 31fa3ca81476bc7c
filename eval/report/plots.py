"""Plots as SVG, drawn in the colours of the page; each has a title and can be read without colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eval.estimates import Estimate
from eval.probabilities import ReliabilityBin, RiskAtCoverage
from eval.report.markup import Markup, element, joined
from eval.report.words import percent

WIDTH: Final = 340
LABEL_WIDTH: Final = 84
BAR_HEIGHT: Final = 14
ROW_HEIGHT: Final = 24
PLOT: Final = 260
LEFT: Final = 44
TOP: Final = 12
BOTTOM: Final = 36
TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A named share with its interval."""

    name: str
    estimate: Estimate


def bars(title: str, shown: Sequence[Bar]) -> Markup:
    """Return horizontal bars from 0 to 1, each with its interval as a whisker and its figure in words."""
    room = WIDTH - LABEL_WIDTH - 56
    rows = [
        _bar(bar, place * ROW_HEIGHT + 6, room) for place, bar in enumerate(shown) if bar.estimate.value is not None
    ]
    return _svg(title, len(shown) * ROW_HEIGHT + 12, *rows)


def _bar(bar: Bar, top: int, room: int) -> Markup:
    value, low, high = (bar.estimate.value or 0.0), bar.estimate.low, bar.estimate.high
    middle = top + BAR_HEIGHT / 2
    x = [LABEL_WIDTH + share * room for share in (value, low, high)]
    return joined(
        element("text", bar.name, x=LABEL_WIDTH - 6, y=top + 11, text_anchor="end"),
        element("rect", x=LABEL_WIDTH, y=top, width=room, height=BAR_HEIGHT, class_="ground"),
        element("rect", x=LABEL_WIDTH, y=top, width=round(x[0] - LABEL_WIDTH, 1), height=BAR_HEIGHT, class_="bar"),
        element("line", x1=round(x[1], 1), x2=round(x[2], 1), y1=middle, y2=middle, class_="whisker"),
        element("text", percent(value), x=LABEL_WIDTH + room + 6, y=top + 11),
    )


def stacked(title: str, names: Sequence[str], shares: Sequence[Sequence[float]]) -> Markup:
    """Return bars made of parts that add up to 1; parts are told apart by their pattern as well as their colour."""
    room = WIDTH - LABEL_WIDTH - 8
    rows = []
    for place, (name, parts) in enumerate(zip(names, shares, strict=True)):
        top, x = place * ROW_HEIGHT + 6, float(LABEL_WIDTH)
        rows.append(element("text", name, x=LABEL_WIDTH - 6, y=top + 11, text_anchor="end"))
        for number, share in enumerate(parts):
            width = round(share * room, 1)
            rows.append(
                element("rect", x=round(x, 1), y=top, width=width, height=BAR_HEIGHT, class_=f"part part{number}")
            )
            x += share * room
    return _svg(title, len(names) * ROW_HEIGHT + 12, *rows)


def risk_coverage_plot(curve: Sequence[RiskAtCoverage]) -> Markup:
    """Return the share of wrong first answers over coverage."""
    highest = max([point.risk for point in curve] + [0.1])
    points = [(point.coverage, point.risk / highest) for point in curve]
    return _square("风险–覆盖曲线：作答的题越多，错的占比", "作答的题占全部", "其中答错的", points, y_top=highest)


def reliability_plot(bins: Sequence[ReliabilityBin]) -> Markup:
    """Return what came true over what was promised, with the diagonal of perfect honesty; dots grow with rows."""
    most = max([one.row_count for one in bins] + [1])
    dots = [
        element(
            "circle",
            cx=round(LEFT + one.mean_probability * PLOT, 1),
            cy=round(TOP + (1 - one.right_share) * PLOT, 1),
            r=round(3 + 7 * (one.row_count / most) ** 0.5, 1),
            class_="dot",
        )
        for one in bins
    ]
    diagonal = element("line", x1=LEFT, y1=TOP + PLOT, x2=LEFT + PLOT, y2=TOP, class_="diagonal")
    points = [(one.mean_probability, one.right_share) for one in bins]
    return _square("可靠性图：说有几成把握，实际对几成", "系统说的把握", "实际答对的", points, diagonal, *dots)


def _square(
    title: str, x_name: str, y_name: str, points: Sequence[tuple[float, float]], *more: Markup, y_top: float = 1.0
) -> Markup:
    """Return a plot of points in the unit square joined by a line; `y_top` is what the upper end stands for."""
    placed = " ".join(f"{LEFT + x * PLOT:.1f},{TOP + (1 - y) * PLOT:.1f}" for x, y in points)
    ticks = []
    for number in range(TICKS + 1):
        share = number / TICKS
        x, y = LEFT + share * PLOT, TOP + (1 - share) * PLOT
        ticks += [
            element("line", x1=LEFT, x2=LEFT + PLOT, y1=y, y2=y, class_="grid"),
            element("text", f"{share * 100:.0f}%", x=x, y=TOP + PLOT + 14, text_anchor="middle"),
            element("text", f"{share * y_top * 100:.0f}%", x=LEFT - 6, y=y + 4, text_anchor="end"),
        ]
    names = (
        element("text", x_name, x=LEFT + PLOT / 2, y=TOP + PLOT + 30, text_anchor="middle"),
        element("text", y_name, x=LEFT, y=TOP - 2, text_anchor="start"),
    )
    line = element("polyline", points=placed, class_="curve")
    return _svg(title, PLOT + TOP + BOTTOM, *ticks, *more, line, *names)


def _svg(title: str, height: int, *content: Markup) -> Markup:
    return element(
        "svg",
        element("title", title),
        *content,
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_label=title,
        class_="plot",
    )

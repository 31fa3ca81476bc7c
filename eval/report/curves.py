"""How far the probabilities can be trusted, as two square plots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eval.estimates import wilson_interval
from eval.probabilities import ReliabilityBin, RiskAtCoverage
from eval.report.markup import Markup, element, joined
from eval.report.svg import plot
from eval.report.words import percent

SIDE: Final = 270
LEFT: Final = 46
TOP: Final = 26
BOTTOM: Final = 42
STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
MOST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """A square whose sides are shares; its height stands for a whole number of steps."""

    step: float
    steps: int

    def x(self, share: float) -> float:
        """Return where a share lies from left to right."""
        return LEFT + share * SIDE

    def y(self, share: float) -> float:
        """Return where a share lies from the top downwards."""
        return TOP + (1 - share / (self.step * self.steps)) * SIDE

    def drawn(self, x_name: str, y_name: str) -> Markup:
        """Return lines and words of both sides."""
        across = [self._line(number * self.step) for number in range(self.steps + 1)]
        along = [
            element("text", f"{number * 20}%", x=self.x(number / 5), y=TOP + SIDE + 18, class_="middle")
            for number in range(6)
        ]
        names = (
            element("text", x_name, x=LEFT + SIDE / 2, y=TOP + SIDE + 37, class_="middle axis"),
            element("text", y_name, x=4, y=12, class_="axis"),
        )
        return joined(*across, *along, *names)

    def _line(self, share: float) -> Markup:
        y = self.y(share)
        words = element("text", f"{share:.0%}", x=LEFT - 7, y=y + 4, text_anchor="end")
        return joined(element("line", x1=LEFT, x2=LEFT + SIDE, y1=y, y2=y, class_="grid"), words)


def risk_coverage_plot(curve: Sequence[RiskAtCoverage], coverage: float, risk: float | None) -> Markup:
    """Return wrong first answers over rows answered; coverage and risk, where known, are where the system stands."""
    frame = _frame_for(max([*(point.risk for point in curve), risk or 0.0]))
    placed = " ".join(f"{frame.x(point.coverage):.1f},{frame.y(point.risk):.1f}" for point in curve)
    marks = [element("polyline", points=placed, class_="curve")]
    told = f"全部都答时 {percent(curve[-1].risk)} 第一个就错"
    if risk is not None:
        x, y = frame.x(coverage), frame.y(risk)
        near = -10 if coverage > 0.5 else 10  # noqa: PLR2004 - the words stand where there is room
        marks.append(element("circle", cx=x, cy=y, r=6, class_="now"))
        marks.append(
            element("text", "现在", x=x + near, y=y - 9, text_anchor="end" if near < 0 else "start", class_="axis")
        )
        told = f"现在作答 {percent(coverage)}，其中 {percent(risk)} 第一个就错；{told}"
    title = "风险–覆盖曲线（risk–coverage）"
    return plot(title, told, TOP + SIDE + BOTTOM, frame.drawn("作答的题占全部", "其中第一个就错的"), *marks)


def reliability_plot(bins: Sequence[ReliabilityBin]) -> Markup:
    """Return what came true over what was promised, with intervals and the diagonal of perfect honesty."""
    frame = Frame(step=0.2, steps=5)
    most = max(one.row_count for one in bins)
    diagonal = element("line", x1=LEFT, y1=TOP + SIDE, x2=LEFT + SIDE, y2=TOP, class_="diagonal")
    title = "可靠性图（reliability diagram）"
    told = "；".join(map(_told, bins))
    dots = [_dot(frame, one, most) for one in bins]
    return plot(title, told, TOP + SIDE + BOTTOM, frame.drawn("系统说的把握", "实际答对的"), diagonal, *dots)


def _told(one: ReliabilityBin) -> str:
    return f"{one.row_count} 题：说有 {one.mean_probability:.0%} 把握，实际对 {one.right_share:.0%}"


def _dot(frame: Frame, one: ReliabilityBin, most: int) -> Markup:
    x, y = frame.x(one.mean_probability), frame.y(one.right_share)
    low, high = (frame.y(end) for end in wilson_interval(one.right_share, one.row_count))
    return element(
        "g",
        element("title", _told(one)),
        element("path", d=f"M{x:.1f} {low:.1f}V{high:.1f}", class_="whisker"),
        element("circle", cx=x, cy=y, r=3 + 7 * math.sqrt(one.row_count / most), class_="dot"),
    )


def _frame_for(highest: float) -> Frame:
    """Return the frame with the finest lines that are few enough, as high as it must be."""
    step = next((step for step in STEPS if math.ceil(highest / step) <= MOST_LINES), STEPS[-1])
    return Frame(step=step, steps=max(1, math.ceil(highest / step)))

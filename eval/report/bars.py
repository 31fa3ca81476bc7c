"""Bars by category: shares with their intervals, and shares that add up to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eval.estimates import Estimate
from eval.report.markup import Markup, element
from eval.report.svg import WIDTH, fitting, plot
from eval.report.words import interval, percent

LABEL_WIDTH: Final = 78
LABEL_EMS: Final = 5.8
VALUE_WIDTH: Final = 52
BAR_HEIGHT: Final = 16
ROW_HEIGHT: Final = 27
TOP: Final = 4
BASELINE: Final = 12.5
CAP: Final = 4
# A narrower part has no room for its percentage.
LABELLED_SHARE: Final = 0.13


@dataclass(frozen=True, slots=True)
class Bar:
    """A named share with its interval; `is_total` sets it off from the categories."""

    name: str
    estimate: Estimate
    is_total: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """Named shares that add up to one."""

    name: str
    shares: tuple[float, ...]
    is_total: bool


def bars(title: str, shown: Sequence[Bar]) -> Markup:
    """Return horizontal bars from 0 to 1, each with its interval as a whisker and its figure in words."""
    rows = [_bar(bar, place * ROW_HEIGHT + TOP) for place, bar in enumerate(shown)]
    return plot(title, "；".join(map(_told, shown)), len(shown) * ROW_HEIGHT + TOP, *rows)


def _told(bar: Bar) -> str:
    estimate = bar.estimate
    return f"{bar.name} {percent(estimate.value or 0.0)}，95 % 区间 {interval(estimate)}，{estimate.row_count} 题"


def _bar(bar: Bar, top: float) -> Markup:
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    value, end = bar.estimate.value or 0.0, LABEL_WIDTH + room
    low, high = (LABEL_WIDTH + share * room for share in (bar.estimate.low, bar.estimate.high))
    middle = top + BAR_HEIGHT / 2
    caps = "".join(f"M{x:.1f} {middle - CAP:.1f}v{2 * CAP}" for x in (low, high))
    whisker = f"{caps}M{low:.1f} {middle:.1f}H{high:.1f}"
    return element(
        "g",
        element("title", _told(bar)),
        _label(bar.name, top),
        element("rect", x=LABEL_WIDTH, y=top, width=room, height=BAR_HEIGHT, class_="ground"),
        element("rect", x=LABEL_WIDTH, y=top, width=value * room, height=BAR_HEIGHT, class_="bar"),
        element("path", d=whisker, class_="halo"),
        element("path", d=whisker, class_="whisker"),
        element("text", percent(value), x=end + 7, y=top + BASELINE),
        class_="total" if bar.is_total else None,
    )


def stacks(title: str, part_names: Sequence[str], shown: Sequence[Stack]) -> Markup:
    """Return bars made of parts, told apart by place, pattern and colour; wide ones carry their percentage."""
    rows = [_stack(stack, part_names, place * ROW_HEIGHT + TOP) for place, stack in enumerate(shown)]
    told = "；".join(_told_parts(stack, part_names) for stack in shown)
    return plot(title, told, len(shown) * ROW_HEIGHT + TOP, _patterns(), *rows)


def _told_parts(stack: Stack, part_names: Sequence[str]) -> str:
    parts = (f"{name} {percent(share)}" for name, share in zip(part_names, stack.shares, strict=True))
    return f"{stack.name}：{'，'.join(parts)}"


def _stack(stack: Stack, part_names: Sequence[str], top: float) -> Markup:
    room = WIDTH - LABEL_WIDTH - TOP
    parts, x = [], float(LABEL_WIDTH)
    for number, share in enumerate(stack.shares):
        width = share * room
        if share:
            parts.append(element("rect", x=x, y=top, width=width, height=BAR_HEIGHT, class_=f"part part{number}"))
        if share >= LABELLED_SHARE:
            middle = x + width / 2
            parts.append(element("text", f"{share:.0%}", x=middle, y=top + BASELINE, class_="within"))
        x += width
    title = element("title", _told_parts(stack, part_names))
    return element("g", title, _label(stack.name, top), *parts, class_="total" if stack.is_total else None)


def legend(part_names: Sequence[str]) -> Markup:
    """Return what the parts of the stacks stand for."""
    keys = [
        element("span", _key(element("rect", width=22, height=14, class_=f"part part{number}")), name)
        for number, name in enumerate(part_names)
    ]
    return element("p", *keys, class_="legend")


def _key(drawn: Markup) -> Markup:
    return element("svg", drawn, viewBox="0 0 22 14", class_="key", aria_hidden="true")


def _label(name: str, top: float) -> Markup:
    return element("text", fitting(name, LABEL_EMS), x=LABEL_WIDTH - 7, y=top + BASELINE, text_anchor="end")


def _patterns() -> Markup:
    lines = element("path", d="M-1 1l2-2M0 6l6-6M5 7l2-2", class_="line1")
    dots = element("circle", cx=2.5, cy=2.5, r=0.9, class_="dot2")
    return element("defs", _pattern("fill1", 6, "back1", lines), _pattern("fill2", 5, "back2", dots))


def _pattern(name: str, size: int, back: str, drawn: Markup) -> Markup:
    ground = element("rect", width=size, height=size, class_=back)
    return element("pattern", ground, drawn, id=name, width=size, height=size, patternUnits="userSpaceOnUse")

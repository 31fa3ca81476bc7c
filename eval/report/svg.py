"""What all plots have in common: size, name, words for those who cannot see them, labels that fit."""

from typing import Final

from eval.report.markup import Markup, element

WIDTH: Final = 340
LATIN_EMS: Final = 0.6


def plot(title: str, description: str, height: float, *content: Markup) -> Markup:
    """Return a plot as wide as its place, in the colours of the page."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *content,
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        aria_label=title,
        class_="plot",
    )


def fitting(name: str, ems: float) -> str:
    """Return a name that is at most so wide, cut with an ellipsis; Latin letters are narrower than Chinese ones."""
    width = 0.0
    for place, character in enumerate(name):
        width += LATIN_EMS if character.isascii() else 1.0
        if width > ems:
            return f"{name[: max(1, place - 1)]}…"
    return name

"""HTML and SVG elements as text in which everything that comes from data is escaped."""

from collections.abc import Sequence
from html import escape
from typing import Final

# Elements that have no content and no end.
_VOID: Final = {"meta"}


class Markup(str):
    """Text that is markup already and goes in as it is."""

    __slots__ = ()


NOTHING: Final = Markup("")


def element(name: str, /, *content: str, **attributes: str | float | bool | None) -> Markup:
    """Return an element.

    Args:
        name: Of the element.
        content: Markup, or text, which is escaped.
        attributes: A trailing underscore is dropped and others become hyphens (`class_`, `stroke_width`); True gives
            an attribute without value, False and None none. Numbers have at most one decimal.
    """
    inside = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{inside}>")
    return Markup(f"<{name}{inside}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Return pieces one after the other, text among them escaped."""
    return Markup("".join(piece if isinstance(piece, Markup) else escape(piece) for piece in content))


def table(caption: str, heads: Sequence[str], rows: Sequence[Markup]) -> Markup:
    """Return a table that scrolls inside its own box where it is wider than the screen."""
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    content = element("table", element("caption", element("span", caption)), head, element("tbody", *rows))
    return element("div", content, class_="wide", tabindex="0", role="region", aria_label=caption)


def table_row(head: str, *cells: str, class_: str | None = None) -> Markup:
    """Return a row of a table: its head, and the content of its cells."""
    return element("tr", element("th", head, scope="row"), *(element("td", cell) for cell in cells), class_=class_)


def _attribute(key: str, value: str | float | bool | None) -> str:  # noqa: FBT001 - attributes may be flags
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
    return f' {name}="{escape(text)}"'

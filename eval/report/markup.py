"""HTML and SVG elements as text in which everything that comes from data is escaped."""

from html import escape
from typing import Final

# Elements that have no content and no end.
_EMPTY: Final = {"meta", "input", "line", "rect", "circle", "path", "polyline", "br"}


class Markup(str):
    """Text that is markup already and goes in as it is."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: str | float | bool | None) -> Markup:
    """Return an element.

    Args:
        name: Of the element.
        content: Markup, or text, which is escaped.
        attributes: A trailing underscore is dropped and others become hyphens (`class_`, `stroke_width`); True gives
            an attribute without value, False and None none.
    """
    inside = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Markup(f"<{name}{inside}>" if name in {"meta", "input", "br"} else f"<{name}{inside}/>")
    return Markup(f"<{name}{inside}>{joined(*content)}</{name}>")


def joined(*content: str) -> Markup:
    """Return pieces one after the other, text among them escaped."""
    return Markup("".join(piece if isinstance(piece, Markup) else escape(piece) for piece in content))


def _attribute(key: str, value: str | float | bool | None) -> str:  # noqa: FBT001 - attributes may be flags
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(f"{value:g}" if isinstance(value, float) else str(value))}"'

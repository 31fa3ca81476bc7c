"""A text cut where marks begin and end; offsets count code points."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of characters that are all marked alike."""

    text: str
    is_marked: bool
    is_misprint: bool


def marked_pieces(
    text: str, marks: Iterable[tuple[int, int]], misprints: Iterable[tuple[int, int]] = ()
) -> list[Piece]:
    """Return a text as consecutive pieces, in order; joined they are the text.

    Args:
        text: The text.
        marks: Spans (start, end) to be marked, end not included; what lies outside the text is left out.
        misprints: Spans of known misprints.
    """
    marked, misprinted = _inside(marks, len(text)), _inside(misprints, len(text))
    edges = {0, len(text), *(edge for span in (*marked, *misprinted) for edge in span)}
    places = sorted(edges)
    return [
        Piece(text[start:end], _covers(marked, start), _covers(misprinted, start)) for start, end in pairwise(places)
    ]


def _inside(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    cut = [(max(start, 0), min(end, length)) for start, end in spans]
    return [(start, end) for start, end in cut if start < end]


def _covers(spans: Sequence[tuple[int, int]], place: int) -> bool:
    return any(start <= place < end for start, end in spans)

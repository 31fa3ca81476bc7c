"""Printed glyphs to lines in reading order: columns, table cells, and what print repeats on every page."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

# All lengths are shares of the type size, unless they are shares of the page.
SEGMENT_GAP = 1.5
CELL_GAP = 2.0
SAME_LINE = 0.5
MIN_COLUMN_LINES = 5
MAX_CROSSING_SHARE = 0.3
MIN_FILLED_SHARE = 0.5
FILLED = 0.7
GUTTER_STEPS = range(35, 66)
EDGE_LINES = 2
MIN_REPETITIONS = 3
MIN_REPEATED_SHARE = 0.3
MAX_EDGE_CHARACTERS = 60
NUMBER = re.compile(r"\d{1,9}")
ROMAN = re.compile(r"[-—·]*[ivxlcIVXLC]{1,8}[-—·]*")


class Glyph(NamedTuple):
    """A printed character with its box in points, the page's lower left corner being the origin."""

    character: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line, or a piece of one between wide gaps.

    Attributes:
        words: As printed; cells of a table row are joined by tabs.
        left: Left edge in points, and so on.
        bottom: See `left`.
        right: See `left`.
        top: See `left`.
        size: Type size in points.
        column: Left and right edge of the column it stands in.
    """

    words: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    column: tuple[float, float] = (0.0, 0.0)


def page_lines(glyphs: Iterable[Glyph]) -> list[PrintedLine]:
    """Return the lines of a page in reading order: two columns one after the other, what spans both in its place."""
    segments = _segments(glyphs)
    gutter = _gutter(segments)
    if gutter is None:
        return _column_lines(segments)
    crossing = sorted((piece for piece in segments if piece.left < gutter < piece.right), key=lambda piece: -piece.top)
    lines: list[PrintedLine] = []
    ceiling = float("inf")
    for wide in [*crossing, None]:
        floor = float("-inf") if wide is None else wide.top
        band = [
            piece for piece in segments if floor <= _middle(piece) < ceiling and not piece.left < gutter < piece.right
        ]
        lines += _column_lines([piece for piece in band if piece.right <= gutter])
        lines += _column_lines([piece for piece in band if piece.left >= gutter])
        if wide is not None:
            lines += _column_lines([wide])
            ceiling = _middle(wide)
    return lines


def _segments(glyphs: Iterable[Glyph]) -> list[PrintedLine]:
    """Return runs of neighbouring glyphs, in the order of the file."""
    segments: list[list[Glyph]] = []
    pending_space = ""
    for glyph in glyphs:
        if glyph.character.isspace():
            pending_space = glyph.character if glyph.character == "\u3000" else " "
            continue
        last = segments[-1][-1] if segments else None
        if last is not None and _follows(last, glyph):
            if pending_space:
                segments[-1].append(last._replace(character=pending_space))
            segments[-1].append(glyph)
        else:
            segments.append([glyph])
        pending_space = ""
    return [_line(segment) for segment in segments]


def _follows(last: Glyph, glyph: Glyph) -> bool:
    height = max(last.size, glyph.size, 1.0)
    is_level = abs((last.bottom + last.top) - (glyph.bottom + glyph.top)) / 2 < SAME_LINE * height
    return is_level and -SAME_LINE * height < glyph.left - last.right < SEGMENT_GAP * height


def _line(glyphs: Sequence[Glyph]) -> PrintedLine:
    return PrintedLine(
        words="".join(glyph.character for glyph in glyphs),
        left=min(glyph.left for glyph in glyphs),
        bottom=min(glyph.bottom for glyph in glyphs),
        right=max(glyph.right for glyph in glyphs),
        top=max(glyph.top for glyph in glyphs),
        size=Counter(round(glyph.size, 1) for glyph in glyphs).most_common(1)[0][0],
    )


def _gutter(segments: list[PrintedLine]) -> float | None:
    """Return where the white space between two columns of text lies, or None when there is one column."""
    if len(segments) < 2 * MIN_COLUMN_LINES:
        return None
    left, right = min(piece.left for piece in segments), max(piece.right for piece in segments)
    places = [left + (right - left) * step / 100 for step in GUTTER_STEPS]
    best = min(places, key=lambda place: sum(piece.left < place < piece.right for piece in segments))
    crossing = sum(piece.left < best < piece.right for piece in segments)
    first = [piece for piece in segments if piece.right <= best]
    second = [piece for piece in segments if piece.left >= best]
    is_split = crossing <= MAX_CROSSING_SHARE * len(segments)
    # The cells of a table leave white space too, but only lines of running text fill their column.
    return best if is_split and all(_is_running_text(column) for column in (first, second)) else None


def _is_running_text(column: list[PrintedLine]) -> bool:
    if len(column) < MIN_COLUMN_LINES:
        return False
    width = max(piece.right for piece in column) - min(piece.left for piece in column)
    filled = sum(piece.right - piece.left >= FILLED * width for piece in column)
    characters = sum(len(piece.words) for piece in column) / len(column)
    return filled >= MIN_FILLED_SHARE * len(column) and characters >= MIN_COLUMN_LINES


def _column_lines(segments: list[PrintedLine]) -> list[PrintedLine]:
    """Return the lines of one column from top to bottom; pieces on one level become one line."""
    rows: list[list[PrintedLine]] = []
    for piece in sorted(segments, key=lambda piece: (-_middle(piece), piece.left)):
        if rows and abs(_middle(rows[-1][0]) - _middle(piece)) < SAME_LINE * max(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    lines = [_joined(sorted(row, key=lambda piece: piece.left)) for row in rows]
    if not lines:
        return []
    column = min(line.left for line in lines), max(line.right for line in lines)
    return [replace(line, column=column) for line in lines]


def _joined(row: list[PrintedLine]) -> PrintedLine:
    words = row[0].words
    for before, piece in pairwise(row):
        gap = (piece.left - before.right) / max(piece.size, 1.0)
        words += ("\t" if gap >= CELL_GAP else " " if gap > SAME_LINE else "") + piece.words
    return PrintedLine(
        words=words,
        left=row[0].left,
        bottom=min(piece.bottom for piece in row),
        right=max(piece.right for piece in row),
        top=max(piece.top for piece in row),
        size=max(row, key=lambda piece: len(piece.words)).size,
    )


def _middle(line: PrintedLine) -> float:
    return (line.bottom + line.top) / 2


def repeated_edges(pages: Sequence[list[PrintedLine]]) -> set[tuple[int, int]]:
    """Return (page, line) indexes of running heads, feet and page numbers.

    They are the outermost lines of a page and come again on many, a page number in them counted along with the pages.
    """
    needed = max(MIN_REPETITIONS, MIN_REPEATED_SHARE * len(pages) / 2)
    keys = {
        (page_index, line_index): [(is_top, key) for key in _repeated_keys(lines[line_index].words, page_index)]
        for page_index, lines in enumerate(pages)
        for is_top in (True, False)
        for line_index in _edge(lines, is_top=is_top)
    }
    counts = Counter(key for found in keys.values() for key in found)
    return {place for place, found in keys.items() if any(counts[key] >= needed for key in found)}


def _edge(lines: list[PrintedLine], *, is_top: bool) -> list[int]:
    """Return the outermost line; with the next one, where that stands apart from the text too."""
    order = range(len(lines)) if is_top else range(len(lines) - 1, -1, -1)
    edge = [index for index in order[:1] if len(lines[index].words) <= MAX_EDGE_CHARACTERS]
    if edge and len(order) > EDGE_LINES:
        second, third = lines[order[1]], lines[order[2]]
        gap = second.bottom - third.top if is_top else third.bottom - second.top
        if gap >= second.size and len(second.words) <= MAX_EDGE_CHARACTERS:
            edge.append(order[1])
    return edge


def _repeated_keys(words: str, page_index: int) -> list[Hashable]:
    """Return what may be the same on every page: the words, or the words around a number that counts the pages."""
    words = re.sub(r"\s", "", words)
    keys: list[Hashable] = ["roman page number" if ROMAN.fullmatch(words) else words]
    keys += [
        (words[: number.start()], words[number.end() :], int(number[0]) - page_index)
        for number in NUMBER.finditer(words)
    ]
    return keys

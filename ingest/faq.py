"""Rows of a sheet of questions and answers, in the field names that FAQ services share."""

import json
from dataclasses import dataclass

ITEM_SEPARATOR = "##"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqRow:
    """One question of a sheet.

    Attributes:
        row_number: Its row in the sheet, counted from 1; the header is row 1.
        standard_question: The question; "" in a row that only carries negative questions of the whole handbook.
        similar_questions: Other wordings of it.
        negative_questions: Questions that look as if it answered them, and it does not.
        answers: The answer's paragraphs.
        tags: Staff's own marks; kept, not searched.
        is_enabled: False for a row that is kept and not published.
    """

    row_number: int
    standard_question: str
    similar_questions: tuple[str, ...] = ()
    negative_questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    is_enabled: bool = True


def split_items(cell: str, *, at_line_ends: bool) -> tuple[str, ...]:
    """Return the items of a cell: a JSON array of strings, or texts between "##" and, where allowed, line ends."""
    if cell.startswith("["):
        try:
            items = json.loads(cell)
        except ValueError:
            items = None
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(item for item in items if item.strip())
    pieces = cell.split(ITEM_SEPARATOR)
    if at_line_ends:
        pieces = [line for piece in pieces for line in piece.splitlines()]
    return tuple(piece.strip() for piece in pieces if piece.strip())


def join_items(items: tuple[str, ...], *, at_line_ends: bool) -> str:
    """Return a cell from which `split_items` reads the same items."""
    joined = ITEM_SEPARATOR.join(items)
    return joined if split_items(joined, at_line_ends=at_line_ends) == items else json.dumps(items, ensure_ascii=False)

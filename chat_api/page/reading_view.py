"""A handbook to be read: its table of contents, and one section whole with the shared excerpt marked."""

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from chat_api.page.marked_text import Piece, marked_pieces
from chat_api.schema import HandbookSummary, QuestionBody, QuestionSummary
from chat_api.wire import handbook_summary, question_body, question_summary
from retriever.index import SearchIndex

MARK: Final = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsView:
    """A table of contents: the handbook, and its questions by part ("" for those without one)."""

    handbook: HandbookSummary
    parts: tuple[tuple[str, tuple[QuestionSummary, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """A section whole.

    Attributes:
        handbook: Its handbook.
        body: The section.
        paragraphs: Its text, cut where marks and misprints begin and end.
        is_marked: Whether an excerpt is marked.
        asked_edition: The edition that the link was made of, where that is another one now; else "".
        previous: The question before it, or None.
        following: The question after it, or None.
    """

    handbook: HandbookSummary
    body: QuestionBody
    paragraphs: tuple[tuple[Piece, ...], ...]
    is_marked: bool
    asked_edition: str
    previous: QuestionSummary | None
    following: QuestionSummary | None


def contents_view(index: SearchIndex, handbook_id: str) -> ContentsView:
    """Return the table of contents of a handbook; raises UnknownHandbook when it is not served."""
    handbook = index.handbook(handbook_id)
    lines = (question_summary(handbook, section) for section in handbook.entries)
    parts = tuple((part, tuple(group)) for part, group in groupby(lines, key=lambda line: line.part or ""))
    return ContentsView(handbook=_summary(index, handbook_id), parts=parts)


def reading_view(index: SearchIndex, handbook_id: str, section_id: str, *, edition: str, mark: str) -> ReadingView:
    """Return a section whole.

    Args:
        index: The served index.
        handbook_id: The handbook.
        section_id: The section.
        edition: The edition that the link was made of, or "".
        mark: The excerpt as "start-end" in the handbook's text, or ""; left out where the edition is another one now.

    Raises:
        UnknownHandbook: If the handbook is not served.
        UnknownSection: If it has no such section.
    """
    handbook, section = index.handbook(handbook_id), index.section(handbook_id, section_id)
    body = question_body(handbook, section)
    is_same = edition in {"", handbook.edition}
    found = MARK.fullmatch(mark) if is_same else None
    paragraphs = _paragraphs(body, [(int(found[1]), int(found[2]))] if found else [])
    before = [one for one in handbook.entries if one.start < section.start]
    behind = [one for one in handbook.entries if one.start > section.start]
    return ReadingView(
        handbook=_summary(index, handbook_id),
        body=body,
        paragraphs=paragraphs,
        is_marked=any(piece.is_marked for pieces in paragraphs for piece in pieces),
        asked_edition="" if is_same else edition[:40],
        previous=question_summary(handbook, before[-1]) if before else None,
        following=question_summary(handbook, behind[0]) if behind else None,
    )


def _paragraphs(body: QuestionBody, marks: list[tuple[int, int]]) -> tuple[tuple[Piece, ...], ...]:
    """Return the paragraphs, cut; marks and paragraphs count in the handbook, errata from the section's start."""
    misprints = [(body.start + note.start, body.start + note.end) for note in body.errata]
    return tuple(
        tuple(marked_pieces(one.text, _moved(marks, one.start), _moved(misprints, one.start)))
        for one in body.paragraphs
    )


def _moved(spans: list[tuple[int, int]], origin: int) -> list[tuple[int, int]]:
    return [(start - origin, end - origin) for start, end in spans]


def _summary(index: SearchIndex, handbook_id: str) -> HandbookSummary:
    outdated = index.outdated_ids(datetime.now().astimezone().date())
    return handbook_summary(index.entry(handbook_id), outdated)

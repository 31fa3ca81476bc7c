"""Sheets of questions and answers (.csv, .xlsx) as documents: each question on a line, its answer below."""

from dataclasses import replace
from pathlib import Path

from ingest.document import Document
from ingest.faq import FaqRow
from ingest.faq_sheet import load_faq


def read_sheet(path: Path) -> Document:
    """Return the document in a sheet; rows that are not enabled are left out of its text.

    Raises:
        UnreadableFile: If the file cannot be read.
        SheetInvalid: If rows are wrong.
    """
    rows = load_faq(path)
    lines: list[str] = []
    heading_levels: dict[int, int] = {}
    for row in published(rows):
        heading_levels[len(lines)] = 1
        lines += [row.standard_question, *"\n".join(row.answers).split("\n"), ""]
    disabled = sum(not row.is_enabled for row in rows)
    notes = (f"停用、不发布的行：{disabled} 行",) if disabled else ()
    return replace(Document.from_raw(path, "\n".join(lines), heading_levels), faq=rows, notes=notes)


def published(rows: tuple[FaqRow, ...]) -> tuple[FaqRow, ...]:
    """Return the rows whose question people may ask."""
    return tuple(row for row in rows if row.is_enabled and row.standard_question)

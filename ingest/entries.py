"""Entries, the citable units of documents without numbered questions, and the sections made from them."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.handbook import Part, Section
from corpus.text import folded
from ingest.document import Line
from ingest.sections import paragraph_of

IDENTITY_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place at which a citable unit begins.

    Attributes:
        section_id: Unique in the document.
        line_index: Its first line.
        body_index: The first line of its paragraphs.
        heading: Its heading's words.
        cited_as: What a person says when pointing at it; "" for the heading.
        part: The part it stands in.
        body_offset: How far into the line at `body_index` the first paragraph begins.
    """

    section_id: str
    line_index: int
    body_index: int
    heading: str
    cited_as: str = ""
    part: Part | None = None
    body_offset: int = 0


def make_sections(entries: Sequence[Entry], lines: list[Line], left_out: Iterable[int] = ()) -> tuple[Section, ...]:
    """Return the sections of entries in reading order; some lines, such as headings of parts, belong to none."""
    skipped = set(left_out)
    ends = [entry.line_index for entry in entries[1:]] + [len(lines)] * bool(entries)
    return tuple(_section(entry, lines, end, skipped) for entry, end in zip(entries, ends, strict=True))


def _section(entry: Entry, lines: list[Line], end_index: int, skipped: set[int]) -> Section:
    heading_line = lines[entry.line_index]
    indent = len(heading_line.words) - len(heading_line.words.lstrip())
    paragraphs = []
    for index in range(entry.body_index, end_index):
        line = lines[index]
        if index == entry.body_index and entry.body_offset:
            line = Line(start=line.start + entry.body_offset, end=line.end, words=line.words[entry.body_offset :])
        if line.words.strip() and index not in skipped:
            paragraphs.append(paragraph_of(line, index))
    return Section(
        section_id=entry.section_id,
        number=None,
        heading=entry.heading,
        part=entry.part,
        start=heading_line.start + indent,
        end=paragraphs[-1].end if paragraphs else heading_line.start + len(heading_line.words.rstrip()),
        paragraphs=tuple(paragraphs),
        cited_as=entry.cited_as,
    )


def identity(prefix: str, words: str, taken: set[str]) -> str:
    """Return a section id that follows from the words of a heading, so that it stays when others are added before it.

    The same words again give an id with a number behind; `taken` is added to.
    """
    digest = hashlib.sha256(re.sub(r"\s", "", folded(words)).encode("utf-8", "surrogatepass")).hexdigest()
    section_id = base = f"{prefix}-{digest[:IDENTITY_DIGITS]}"
    count = 1
    while section_id in taken:
        count += 1
        section_id = f"{base}-{count}"
    taken.add(section_id)
    return section_id


def next_words(lines: list[Line], index: int) -> int | None:
    """Return the index of the first line behind another that is not blank, or None."""
    return next((place for place in range(index + 1, len(lines)) if lines[place].words.strip()), None)


def is_rising(numbers: Sequence[tuple[int, int]]) -> bool:
    """Return whether each number is greater than the one before."""
    return all(before < after for before, after in pairwise(numbers))

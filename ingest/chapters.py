"""Plain chapters under headings, cited by the path of headings that leads to them."""

import re
from dataclasses import dataclass

from corpus.chinese_numbers import NUMERAL_CHARACTERS
from corpus.handbook import Part
from ingest.document import Line
from ingest.entries import Entry, identity
from ingest.outline import CONTENTS_LEADER

_CHINESE = f"[{NUMERAL_CHARACTERS}]{{1,7}}"
# Plain text has no heading styles; these openings, in this order of rank, stand for them.
RANKS = (
    re.compile(rf"第\s?(?:{_CHINESE}|\d{{1,4}})\s?[编篇部卷]分?"),
    re.compile(rf"第\s?(?:{_CHINESE}|\d{{1,4}})\s?(?:章|单元|讲)"),
    re.compile(rf"第\s?(?:{_CHINESE}|\d{{1,4}})\s?节"),
    re.compile(rf"{_CHINESE}\s?、"),
    re.compile(rf"[（(]\s?{_CHINESE}\s?[）)]"),
    re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\s?[^\d.%％]"),
    re.compile(r"\d{1,3}\s?[、.．](?!\d)"),
)
MAX_TITLE_CHARACTERS = 40
MIN_STYLED_HEADINGS = 2
# A question is no title of a chapter.
SENTENCE_END = re.compile(r"[。；;：:，,！!？?]$")
OPENING_TITLE = "开头"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading line: its index, its rank (1 is the highest), and its words."""

    line_index: int
    rank: int
    words: str


def find_headings(lines: list[Line]) -> list[Heading]:
    """Return the heading lines in order, by style where the file has styles, else by how they open.

    A numbered line is a heading only when words that are none follow it: a list is no row of chapters.
    """
    styled = [
        Heading(index, line.heading_level, " ".join(line.words.split()))
        for index, line in enumerate(lines)
        if line.heading_level is not None and line.words.strip()
    ]
    if len(styled) >= MIN_STYLED_HEADINGS:
        return styled
    found = [heading for index, line in enumerate(lines) if (heading := _by_opening(index, line)) is not None]
    return [heading for heading in found if _leads_to_words(heading, found, lines)]


def _by_opening(index: int, line: Line) -> Heading | None:
    words = line.words.strip()
    if not words or len(words) > MAX_TITLE_CHARACTERS or SENTENCE_END.search(words) or CONTENTS_LEADER.search(words):
        return None
    for rank, opening in enumerate(RANKS, start=1):
        if opening.match(words):
            return Heading(index, rank, " ".join(words.split()))
    return None


def _leads_to_words(heading: Heading, found: list[Heading], lines: list[Line]) -> bool:
    others = {other.line_index: other for other in found}
    for index in range(heading.line_index + 1, len(lines)):
        if lines[index].words.strip():
            other = others.get(index)
            return other is None or other.rank > heading.rank
    return False


def chapter_entries(headings: list[Heading], lines: list[Line]) -> tuple[list[Entry], set[int]]:
    """Return an entry for each heading with text of its own, and the lines of headings that only hold others."""
    entries: list[Entry] = []
    holders: set[int] = set()
    taken: set[str] = set()
    if any(line.words.strip() for line in lines[: headings[0].line_index]):
        entries.append(
            Entry(section_id=identity("c", OPENING_TITLE, taken), line_index=0, body_index=0, heading=OPENING_TITLE)
        )
    path: list[Heading] = []
    for place, heading in enumerate(headings):
        path = [*[above for above in path if above.rank < heading.rank], heading]
        end = headings[place + 1].line_index if place + 1 < len(headings) else len(lines)
        if not any(line.words.strip() for line in lines[heading.line_index + 1 : end]):
            holders.add(heading.line_index)
            continue
        full = " › ".join(step.words for step in path)
        above = " › ".join(step.words for step in path[:-1])
        entries.append(
            Entry(
                section_id=identity("c", full, taken),
                line_index=heading.line_index,
                body_index=heading.line_index + 1,
                heading=heading.words,
                cited_as=full,
                part=Part(number=1, title=above, label="") if above else None,
            )
        )
    return entries, holders

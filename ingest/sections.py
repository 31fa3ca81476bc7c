"""A document to its sections: parts, questions with their paragraphs, foreword and afterword."""

import re
from dataclasses import dataclass

from corpus.chinese_numbers import NUMERAL_CHARACTERS, chinese_numeral, parse_number
from corpus.handbook import Paragraph, Part, Section
from ingest.document import Document, Line
from ingest.numbering import PART_HEADING, number_mark
from ingest.outline import CONTENTS_LEADER, Outline, continuation, find_outline

# Titles of sections that stand beside the questions and have no number.
UNNUMBERED_TITLES = {
    "foreword": re.compile(r"前言|序言?|引言|导言|编者的话|编写说明|写在前面|卷首语"),
    "afterword": re.compile(r"后记|结语|结束语|编后记"),
    "appendix": re.compile(r"附录[一二三四五六七八九十\d]*"),
}
# Ideographs, Chinese punctuation and full-width forms; see `corpus.text.is_han`.
_WIDE = "[\u3400-\u4dbf\u4e00-\u9fff\u3001-\u303f\uff00-\uffef“”]"
HAN_SPACES = re.compile(rf"(?<={_WIDE})\s+(?={_WIDE})")
CONTENTS_TITLE = re.compile(r"目录|目次")
MIN_CONTENTS_LINES = 3
MAX_PART_TITLE_CHARACTERS = 40
NUMERAL = re.compile(rf"[{NUMERAL_CHARACTERS}]+|\d+")
LIST_STYLES = {"（1）", "1）", "1.", "①", "一、"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """A line at which something begins: a part, a question, a section without number, or a table of contents."""

    line_index: int
    body_index: int
    section_id: str = ""
    number: int | None = None
    heading: str = ""
    part: Part | None = None


def find_sections(document: Document) -> tuple[tuple[Section, ...], Outline]:
    """Return the sections in reading order and the outline they follow; no sections when nothing is numbered."""
    lines = document.lines()
    outline = find_outline(lines)
    openings = _openings(lines, outline)
    if not openings:
        return (), outline
    sections = []
    part = _inferred_first_part(openings)
    for opening, next_opening in zip(openings, [*openings[1:], None], strict=True):
        if opening.part is not None:
            part = opening.part
        if not opening.section_id:
            continue
        end_index = len(lines) if next_opening is None else next_opening.line_index
        sections.append(_section(opening, lines, end_index, outline, part))
    return tuple(sections), outline


def _openings(lines: list[Line], outline: Outline) -> list[_Opening]:
    openings = []
    for mark in outline.questions:
        rest = continuation(mark, lines)
        heading = mark.words if rest is None else mark.words + rest.words.strip()
        openings.append(
            _Opening(
                line_index=mark.line_index,
                body_index=mark.line_index + (1 if rest is None else 2),
                section_id=f"q{mark.number}",
                number=mark.number,
                heading=without_han_spaces(heading),
            )
        )
    if not openings:
        return []
    first_question = openings[0].line_index
    contents = _contents_ahead(lines, outline, first_question)
    taken = {opening.line_index for opening in openings} | {mark.line_index for mark in outline.contents} | {*contents}
    if contents:
        openings.append(_Opening(line_index=contents.start, body_index=contents.start))
    unnumbered: set[str] = set()
    for index, line in enumerate(lines):
        if index in taken:
            continue
        opening = _part_opening(lines, index, taken) or _unnumbered_opening(line, index, first_question)
        if opening is None or opening.section_id in unnumbered:
            continue
        if opening.section_id:
            unnumbered.add(opening.section_id)
        openings.append(opening)
    return sorted(openings, key=lambda opening: opening.line_index)


def _contents_ahead(lines: list[Line], outline: Outline, first_question: int) -> range:
    """Return the lines of the table of contents before the first question, with its own title and part headings."""
    marked = [mark.line_index for mark in outline.contents if mark.line_index < first_question]
    if len(marked) < MIN_CONTENTS_LINES:
        return range(0)
    start = marked[0]
    while start > 0 and _may_stand_in_contents(lines[start - 1]):
        start -= 1
    return range(start, marked[-1] + 1)


def _may_stand_in_contents(line: Line) -> bool:
    words = re.sub(r"\s", "", CONTENTS_LEADER.sub("", line.words))
    titles = [PART_HEADING, CONTENTS_TITLE, *UNNUMBERED_TITLES.values()]
    return not words or any(title.fullmatch(words) for title in titles)


def _part_opening(lines: list[Line], index: int, taken: set[int]) -> _Opening | None:
    match = PART_HEADING.fullmatch(lines[index].words.strip())
    number = parse_number(match[2]) if match else None
    if match is None or number is None or len(match[3]) > MAX_PART_TITLE_CHARACTERS:
        return None
    title, next_index = match[3].strip(), index + 1
    # Print breaks a long title; its rest stands on the very next line.
    while next_index < len(lines) and next_index not in taken and _is_title_rest(lines[next_index]):
        title += lines[next_index].words.strip()
        next_index += 1
    part = Part(number=number, title=without_han_spaces(title), label=re.sub(r"\s", "", match[1]))
    return _Opening(line_index=index, body_index=next_index, part=part)


def _is_title_rest(line: Line) -> bool:
    words = line.words.strip()
    return (
        0 < len(words) <= MAX_PART_TITLE_CHARACTERS
        and not re.search(r"[。！？?!；;：:]$", words)
        and not PART_HEADING.match(words)
        and number_mark(line, 0) is None
    )


def _unnumbered_opening(line: Line, index: int, first_question: int) -> _Opening | None:
    words = re.sub(r"\s", "", line.words)
    for section_id, title in UNNUMBERED_TITLES.items():
        if title.fullmatch(words) and (section_id == "foreword") == (index < first_question):
            return _Opening(line_index=index, body_index=index + 1, section_id=section_id, heading=words)
    return None


def _inferred_first_part(openings: list[_Opening]) -> Part | None:
    """Return the part of the questions before the first part heading, where print has lost its own."""
    parts = [opening.part for opening in openings if opening.part is not None]
    if not parts or parts[0].number <= 1:
        return None
    number = parts[0].number - 1
    label = NUMERAL.sub(chinese_numeral(number), parts[0].label, count=1)
    return Part(number=number, title="", label=label, is_inferred=True)


def _section(opening: _Opening, lines: list[Line], end_index: int, outline: Outline, part: Part | None) -> Section:
    contents = {mark.line_index for mark in outline.contents}
    paragraphs = tuple(
        paragraph_of(line, index)
        for index, line in enumerate(lines[opening.body_index : end_index], start=opening.body_index)
        if line.words.strip() and index not in contents
    )
    heading_line = lines[opening.body_index - 1]
    return Section(
        section_id=opening.section_id,
        number=opening.number,
        heading=opening.heading,
        part=None if opening.number is None else part,
        start=lines[opening.line_index].start + _indent(lines[opening.line_index].words),
        end=paragraphs[-1].end if paragraphs else heading_line.start + len(heading_line.words.rstrip()),
        paragraphs=paragraphs,
    )


def paragraph_of(line: Line, index: int) -> Paragraph:
    """Return the paragraph that a line is."""
    mark = number_mark(line, index)
    return Paragraph(
        start=line.start + _indent(line.words),
        end=line.start + len(line.words.rstrip()),
        is_list_item=mark is not None and mark.style in LIST_STYLES,
    )


def _indent(words: str) -> int:
    return len(words) - len(words.lstrip())


def without_han_spaces(words: str) -> str:
    """Return a heading without the spaces that typesetting left between Chinese characters."""
    return HAN_SPACES.sub("", words).strip()

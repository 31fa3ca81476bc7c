"""What the recogniser found and what a person should look at, and the rule that refuses an incomplete handbook."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, replace

from corpus.errors import NotAHandbook, QuestionsMissing
from corpus.handbook import Section, Structure
from corpus.text import is_han
from ingest.document import Document, Line
from ingest.numbering import NumberMark
from ingest.outline import Outline
from ingest.structure import Recognised

UNITS: dict[Structure, str] = {"questions": "问", "pairs": "问", "law": "条", "chapters": "节"}
LOW_CONFIDENCE = 0.6
NO_OUTLINE = Outline(style="", confidence=0.0, questions=())
ORDINARY_PUNCTUATION = set("，。、；：？！“”‘’（）《》〈〉【】—…·－～％")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Question numbers that were not found.

    Attributes:
        first: The first missing number.
        last: The last missing number of this run.
        after_line: Line number, from 1, of the question before the gap; 0 when it lies before the first question.
        unit: What is numbered: 问, or 条 in a law.
    """

    first: int
    last: int
    after_line: int
    unit: str = "问"

    def __str__(self) -> str:
        numbers = self.first if self.first == self.last else f"{self.first}–{self.last}"
        numbers = f"第{numbers}{self.unit}"
        return f"{numbers}（应在原文第 {self.after_line} 行之后）"


@dataclass(frozen=True, slots=True, kw_only=True)
class OddCharacter:
    """A character that print does not use.

    Attributes:
        character: The character itself.
        name: Its Unicode name.
        count: How often it stands in the text.
        first_line: Line number, from 1, of its first place.
    """

    character: str
    name: str
    count: int
    first_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """The account of one ingest; line numbers count from 1 and are those of the source file.

    Attributes:
        found_count: Numbered questions found; pairs, articles or chapters in documents of those kinds.
        expected_count: How many are expected, or None when nobody said.
        numbering_style: The outer numbering that was learnt, such as "一、".
        confidence: Evidence for it beside the next best style, in [0, 1].
        gaps: Missing numbers; when a count is expected, also those missing at the end.
        duplicate_lines: Lines that look like a question whose number is taken.
        out_of_order_lines: Lines that look like a question but break the order.
        contents_lines: Lines of a table of contents, which are not indexed.
        empty_answers: Numbers of questions without any paragraph.
        has_text: Whether any section has a paragraph that could be cited.
        odd_characters: Characters to look at, most frequent first, ties by character.
        bookmark_mark_count: Word-processor marks removed from the text.
        part_labels: The parts in order.
        inferred_part_labels: Parts whose heading is missing in print.
        unnumbered_sections: Headings of sections without a number, such as "前言".
        structure: The kind of document.
        structure_confidence: Evidence for that kind beside the next best, in [0, 1].
        evidence: Evidence for each kind, the strongest first.
        page_count: Printed pages, or 0 where the file has none.
        notes: What the reader of the file did.
    """

    found_count: int
    expected_count: int | None
    numbering_style: str
    confidence: float
    gaps: tuple[Gap, ...]
    duplicate_lines: tuple[int, ...]
    out_of_order_lines: tuple[int, ...]
    contents_lines: tuple[int, ...]
    empty_answers: tuple[int, ...]
    odd_characters: tuple[OddCharacter, ...]
    bookmark_mark_count: int
    part_labels: tuple[str, ...]
    inferred_part_labels: tuple[str, ...]
    unnumbered_sections: tuple[str, ...]
    has_text: bool
    structure: Structure = "questions"
    structure_confidence: float = 1.0
    evidence: tuple[tuple[Structure, float], ...] = ()
    page_count: int = 0
    notes: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """What people count in a document of this kind."""
        return UNITS[self.structure]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should look at before many people read it, in Chinese; empty when all is in order."""
        found = [f"缺号：{gap}" for gap in self.gaps]
        if self.expected_count not in {None, self.found_count}:
            found.append(f"应有 {self.expected_count} {self.unit}，找到 {self.found_count} {self.unit}")
        if self.structure_confidence < LOW_CONFIDENCE:
            found.append(f"结构不易分辨（把握 {self.structure_confidence:.0%}），请核对")
        for title, numbers in (
            ("编号重复的行", self.duplicate_lines),
            ("次序不对的行", self.out_of_order_lines),
            ("没有答案的问", self.empty_answers),
        ):
            if numbers:
                found.append(f"{title}：{'、'.join(map(str, numbers))}")
        return tuple(found)

    @property
    def is_complete(self) -> bool:
        """Whether no number is missing and the count is the expected one."""
        return not self.gaps and self.expected_count in {None, self.found_count}


def make_report(
    document: Document, sections: tuple[Section, ...], outline: Outline, expected_count: int | None
) -> IngestReport:
    """Return the report of one recognised document."""
    lines = document.lines()
    parts = list(dict.fromkeys(section.part for section in sections if section.part is not None))
    return IngestReport(
        found_count=len(outline.questions),
        expected_count=expected_count,
        numbering_style=outline.style,
        confidence=outline.confidence,
        gaps=_gaps(outline.questions, expected_count),
        duplicate_lines=tuple(mark.line_index + 1 for mark in outline.duplicates),
        out_of_order_lines=tuple(mark.line_index + 1 for mark in outline.out_of_order),
        contents_lines=tuple(mark.line_index + 1 for mark in outline.contents),
        empty_answers=tuple(section.number for section in sections if section.number and not section.paragraphs),
        odd_characters=_odd_characters(lines),
        bookmark_mark_count=document.bookmark_mark_count,
        part_labels=tuple(part.display for part in parts),
        inferred_part_labels=tuple(part.label for part in parts if part.is_inferred),
        unnumbered_sections=tuple(section.heading for section in sections if section.number is None),
        has_text=any(section.paragraphs for section in sections),
    )


def report_on(document: Document, recognised: Recognised, expected_count: int | None) -> IngestReport:
    """Return the report of a recognised document of any kind."""
    outline = recognised.outline if recognised.structure == "questions" else NO_OUTLINE
    found = make_report(document, recognised.sections, outline, expected_count)
    is_numbered = recognised.structure == "questions"
    empty = tuple(
        place
        for place, section in enumerate(recognised.sections, start=1)
        if not section.paragraphs and recognised.structure == "pairs"
    )
    return replace(
        found,
        found_count=recognised.count,
        gaps=found.gaps
        if is_numbered
        else tuple(Gap(first=first, last=last, after_line=line, unit="条") for first, last, line in recognised.gaps),
        empty_answers=found.empty_answers if is_numbered else empty,
        unnumbered_sections=found.unnumbered_sections if is_numbered else (),
        structure=recognised.structure,
        structure_confidence=recognised.confidence,
        evidence=recognised.evidence,
        page_count=len(document.page_starts),
        notes=document.notes,
    )


def require_complete(report: IngestReport, file_name: str, *, allow_missing: bool = False) -> None:
    """Return when the handbook may be published.

    Raises:
        NotAHandbook: If nothing that can be cited was found at all.
        QuestionsMissing: If fewer were found than expected, or a number is skipped, and that is not allowed.
    """
    if report.found_count == 0:
        raise NotAHandbook(
            f"{file_name}：没有找到编号的问题（如“一、……？”“第1问”“1.”）、问答对、法律条文或带标题的章节，"
            "它可能不是手册；确知结构时可用 --structure 指定。"
        )
    if not report.has_text:
        raise NotAHandbook(
            f"{file_name}：找到 {report.found_count} {report.unit}，但都只有标题，没有一段正文；它可能只是一份目录。"
        )
    if report.is_complete or allow_missing:
        return
    unit = report.unit
    expected = "" if report.expected_count is None else f"应有 {report.expected_count} {unit}，"
    missing = "，缺少" + "、".join(map(str, report.gaps)) if report.gaps else ""
    raise QuestionsMissing(
        f"{file_name}：{expected}找到 {report.found_count} {unit}{missing}。"
        "请核对原文；确认无误可加 --allow-missing 发布。"
    )


def _gaps(questions: tuple[NumberMark, ...], expected_count: int | None) -> tuple[Gap, ...]:
    gaps, number, line = [], 0, 0
    for mark in questions:
        if mark.number > number + 1:
            gaps.append(Gap(first=number + 1, last=mark.number - 1, after_line=line))
        number, line = mark.number, mark.line_index + 1
    if expected_count is not None and number < expected_count:
        gaps.append(Gap(first=number + 1, last=expected_count, after_line=line))
    return tuple(gaps)


def _odd_characters(lines: list[Line]) -> tuple[OddCharacter, ...]:
    counts: Counter[str] = Counter()
    first_lines: dict[str, int] = {}
    for line_number, line in enumerate(lines, start=1):
        for character in filter(_is_odd, line.words):
            counts[character] += 1
            first_lines.setdefault(character, line_number)
    return tuple(
        OddCharacter(
            character=character,
            name=unicodedata.name(character, f"U+{ord(character):04X}"),
            count=count,
            first_line=first_lines[character],
        )
        for character, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _is_odd(character: str) -> bool:
    is_ordinary = character.isascii() and (character.isprintable() or character == "\t")
    return not (
        is_ordinary or is_han(character) or character in ORDINARY_PUNCTUATION or character in "\u3000①②③④⑤⑥⑦⑧⑨⑩"
    )

"""A handbook in memory: its canonical text and the spans in it that have names."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from corpus.errata import Erratum

Structure = Literal["questions", "pairs", "law", "chapters"]
"""Numbered questions, pairs of question and answer, articles of a law, or chapters under headings."""
Visibility = Literal["public", "unlisted", "hidden"]
"""Everybody is answered from it; only who names it; nobody, and it is not indexed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the handbook (第五部分), as a heading above its questions.

    Attributes:
        number: Counted from 1.
        title: The words after the number, joined when print broke them over lines; "" when print has none.
        label: What print says before the title, such as "第五部分".
        is_inferred: True when no heading stands in the text and the number follows from the parts after it.
    """

    number: int
    title: str
    label: str
    is_inferred: bool = False

    @property
    def display(self) -> str:
        """Label and title as one line, such as "第五部分 农民工的成长和发展将得到进一步重视"."""
        return f"{self.label} {self.title}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One printed paragraph of an answer: `text[start:end]` of the handbook, without its surrounding spaces.

    Attributes:
        start: Offset of the first code point in the canonical text.
        end: Offset behind the last one.
        is_list_item: True when the paragraph opens with an inner number such as "（1）" or "1.".
    """

    start: int
    end: int
    is_list_item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A citable unit: a numbered question with its answer, or the foreword.

    Attributes:
        section_id: "q38" for a numbered question, "a19" for an article, "foreword" for the foreword; unique in its
            handbook.
        number: The question number; None for a section without one.
        heading: The heading's words without number and marks, runs of spaces removed between Chinese characters.
        part: The part it stands in, or None where the handbook has no parts.
        start: Offset of the heading line in the canonical text, in code points.
        end: Offset behind the last paragraph.
        paragraphs: The answer's paragraphs in reading order.
        cited_as: What a person says when pointing at it, such as "《劳动合同法》第十九条"; "" for what `label` says.
    """

    section_id: str
    number: int | None
    heading: str
    part: Part | None
    start: int
    end: int
    paragraphs: tuple[Paragraph, ...]
    cited_as: str = ""

    @property
    def label(self) -> str:
        """What a person says when pointing at it: "第38问", or the heading of a section without a number."""
        return self.cited_as or (self.heading if self.number is None else f"第{self.number}问")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handbook:
    """One edition of a handbook.

    Attributes:
        handbook_id: Short name in addresses, such as "industrial-workers-50".
        title: As printed on the cover.
        edition: What tells this edition from others, such as "2022年版".
        publisher: Who answers for the text.
        date: When it appeared, as far as known ("2022", "2022-05", "2022-05-01").
        text: The canonical text; every citation is a slice of it.
        sections: In reading order; no two overlap.
        errata: Known misprints, by position in the text.
        similar_questions: Other wordings of a question, as (section id, wording).
        negative_questions: Questions that look as if it answered them, and it does not.
        starter_questions: Questions a chat page may offer to begin with.
        structure: What its sections are.
        page_starts: Offset in the text at which each printed page begins; empty when the source has no pages.
        dictionary: Groups of words of one meaning; a text that holds one of them is also found by the others.
        effective_from: First day on which it is in force, as far as known ("2024-05-01", "2024-05", "2024"), or "".
        effective_to: Last such day, or "".
        replaces: Id of the handbook that it is a newer edition of, or "".
        visibility: Who is answered from it.
        warnings: What its ingest found that a person should look at, in Chinese.
    """

    handbook_id: str
    title: str
    edition: str
    publisher: str
    date: str
    text: str
    sections: tuple[Section, ...]
    errata: tuple[Erratum, ...] = ()
    similar_questions: tuple[tuple[str, str], ...] = ()
    negative_questions: tuple[str, ...] = ()
    starter_questions: tuple[str, ...] = ()
    structure: Structure = "questions"
    page_starts: tuple[int, ...] = ()
    dictionary: tuple[tuple[str, ...], ...] = ()
    effective_from: str = ""
    effective_to: str = ""
    replaces: str = ""
    visibility: Visibility = "public"
    warnings: tuple[str, ...] = ()

    @property
    def entries(self) -> tuple[Section, ...]:
        """What a reader looks up: the numbered questions, or where nothing is numbered every section."""
        return self.questions or self.sections

    def page_of(self, offset: int) -> int | None:
        """Return the page, counted from 1, on which a place of the text is printed; None without pages."""
        return bisect_right(self.page_starts, offset) or None

    @property
    def questions(self) -> tuple[Section, ...]:
        """The sections that have a question number, in reading order."""
        return tuple(section for section in self.sections if section.number is not None)

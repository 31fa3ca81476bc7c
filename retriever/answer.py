"""What the service says: an outcome, and word-for-word citations."""

from dataclasses import dataclass
from typing import Literal

from corpus.handbook import Handbook, Section
from retriever.answer_features import AnswerFeatures
from retriever.calibration import Status
from retriever.excerpts import Excerpt
from retriever.fusion import RankedSection
from retriever.highlight import Highlight


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedErratum:
    """A known misprint inside an excerpt; the excerpt shows it as printed. Offsets count from the excerpt's start."""

    start: int
    end: int
    printed: str
    corrected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A slice of a handbook: `handbook.text[start:end] == excerpt`.

    Attributes:
        handbook_id: The handbook.
        handbook_title: Its title.
        edition: Its edition.
        part: The part as one line, or None.
        section_id: The section.
        question_number: The section's number, or None.
        label: "第38问", or the heading of a section without a number.
        question: The section's heading.
        excerpt: Word for word.
        start: Offset in the canonical text, in code points.
        end: Offset behind the last one.
        highlights: Words of the question, as spans of the excerpt.
        passage_id: The passage in it that fits the question best.
        errata: Known misprints in the excerpt.
        page: The printed page on which the excerpt begins, counted from 1; None for a source without pages.
        is_outdated: True when the edition is no longer in force, or a newer one is.
        effective_from: First day on which the edition is in force, as far as known, or "".
        effective_to: Last such day, or "".
    """

    handbook_id: str
    handbook_title: str
    edition: str
    part: str | None
    section_id: str
    question_number: int | None
    label: str
    question: str
    excerpt: str
    start: int
    end: int
    highlights: tuple[Highlight, ...]
    passage_id: str
    errata: tuple[CitedErratum, ...]
    page: int | None = None
    is_outdated: bool = False
    effective_from: str = ""
    effective_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A question of a handbook that can be asked instead.

    `question_number` is None, and `section_id` says where, in a handbook without numbered questions.
    """

    handbook_id: str
    question_number: int | None
    question: str
    section_id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The outcome of one question.

    Attributes:
        status: answered: the citations answer it. clarify: perhaps; see the suggestions. abstained: the handbooks do
            not answer it, and there are no citations.
        answer_probability: Calibrated chance, in [0, 1], that the first citation's section answers.
        understood_as: The text that was searched, when it is more than the question itself.
        citations: Best first; none overlap.
        suggestions: Near questions, best first; empty when answered.
        matched_by: "number" when a question was asked for by its number, else "content".
        index_version: The version that answered.
        ranking: All candidate sections in order, for evaluation and for explaining the answer.
        features: What the probability was computed from; None when no section was found or one was asked for by number.
    """

    status: Status
    answer_probability: float
    understood_as: str | None
    citations: tuple[Citation, ...]
    suggestions: tuple[Suggestion, ...]
    matched_by: Literal["number", "content"]
    index_version: str
    ranking: tuple[RankedSection, ...]
    features: AnswerFeatures | None


def cite(excerpt: Excerpt, section: Section, handbook: Handbook, highlights: tuple[Highlight, ...]) -> Citation:
    """Return the citation of an excerpt."""
    return Citation(
        handbook_id=handbook.handbook_id,
        handbook_title=handbook.title,
        edition=handbook.edition,
        part=section.part.display if section.part else None,
        section_id=section.section_id,
        question_number=section.number,
        label=section.label,
        question=section.heading,
        excerpt=handbook.text[excerpt.start : excerpt.end],
        start=excerpt.start,
        end=excerpt.end,
        highlights=highlights,
        passage_id=excerpt.passage.passage_id,
        errata=errata_within(handbook, excerpt.start, excerpt.end),
        page=handbook.page_of(excerpt.start),
        effective_from=handbook.effective_from,
        effective_to=handbook.effective_to,
    )


def suggestion_of(handbook_id: str, section: Section) -> Suggestion:
    """Return the suggestion of a section."""
    return Suggestion(
        handbook_id=handbook_id,
        question_number=section.number,
        question=section.heading,
        section_id=section.section_id,
        label=section.label,
    )


def errata_within(handbook: Handbook, start: int, end: int) -> tuple[CitedErratum, ...]:
    """Return the errata that lie wholly in a span of the handbook's text, with offsets from the span's start."""
    return tuple(
        CitedErratum(
            start=erratum.start - start,
            end=erratum.end - start,
            printed=erratum.printed,
            corrected=erratum.corrected,
        )
        for erratum in handbook.errata
        if start <= erratum.start and erratum.end <= end
    )

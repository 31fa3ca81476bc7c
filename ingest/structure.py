"""What kind of document it is, by the evidence of all its lines, and the sections that follow from that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from corpus.handbook import Section, Structure
from ingest.chapters import chapter_entries, find_headings
from ingest.document import Document, Line
from ingest.entries import Entry, make_sections
from ingest.law import Law, find_laws, law_entries
from ingest.outline import QUESTION_END, Outline
from ingest.pairs import find_pairs, pair_entries, sheet_entries
from ingest.sections import find_sections

STRUCTURES: tuple[Structure, ...] = get_args(Structure)
# What one unit of a kind is worth. A numbered line that asks nothing may be a list or a chapter, so it counts less.
NUMBERED_QUESTION = 2.0
NUMBERED_LINE = 0.35
# Numbers that say 问 themselves need no question mark.
ASKING_STYLES = {"第N问", "问题N", "QN"}
PAIR = 1.9
ARTICLE = 2.2
CHAPTER = 1.0
# Fewer articles than this are quoted in a booklet, and make no law.
MIN_ARTICLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A document cut into sections.

    Attributes:
        structure: The kind it was read as.
        confidence: Evidence for it as a share of the evidence for it and the next best kind, in [0, 1].
        evidence: Evidence for each kind, the strongest first, ties in the order of STRUCTURES.
        sections: In reading order.
        count: Questions, pairs, articles or chapters found; a foreword, preamble or appendix does not count.
        outline: The outer numbering, for numbered questions.
        gaps: Missing articles as (first, last, line number of the one before).
    """

    structure: Structure
    confidence: float
    evidence: tuple[tuple[Structure, float], ...]
    sections: tuple[Section, ...]
    count: int
    outline: Outline
    gaps: tuple[tuple[int, int, int], ...] = ()


def recognise(document: Document, structure: Structure | None = None, title: str = "") -> Recognised:
    """Return the sections of a document.

    Args:
        document: As read.
        structure: Read it as this kind, whatever the evidence; None to choose by evidence.
        title: The handbook's title, for a law whose text does not name itself.
    """
    lines = document.lines()
    numbered, outline = find_sections(document)
    laws, pairs, headings = find_laws(lines, title), find_pairs(lines), find_headings(lines)
    cuts: dict[Structure, Callable[[], tuple[Section, ...]]] = {
        "questions": lambda: numbered,
        "pairs": lambda: make_sections(
            *(sheet_entries(lines), lines, ()) if document.faq else _placed(pair_entries(pairs, lines), lines)
        ),
        "law": lambda: make_sections(*_placed(law_entries(laws, lines), lines)),
        "chapters": lambda: make_sections(*_placed(chapter_entries(headings, lines), lines)),
    }
    counts: dict[Structure, int] = {
        "questions": len(outline.questions),
        "pairs": len(document.heading_levels) if document.faq else len(pairs),
        "law": sum(len(law.articles) for law in laws),
        "chapters": len(headings),
    }
    found: dict[Structure, float] = {
        "questions": 0.0 if document.faq else _evidence_of_questions(outline),
        "pairs": PAIR * counts["pairs"],
        "law": 0.0 if document.faq else _evidence_of_laws(laws),
        "chapters": 0.0 if document.faq else CHAPTER * len(headings),
    }
    evidence = tuple(sorted(found.items(), key=lambda item: -item[1]))
    chosen = structure or evidence[0][0]
    is_found = counts[chosen] > 0
    other = max(value for kind, value in found.items() if kind != chosen)
    return Recognised(
        structure=chosen,
        confidence=found[chosen] / (found[chosen] + other) if found[chosen] else 0.0,
        evidence=evidence,
        sections=cuts[chosen]() if is_found else (),
        count=counts[chosen],
        outline=outline,
        gaps=tuple(gap for law in laws for gap in law.gaps) if chosen == "law" else (),
    )


def _placed(entries: tuple[list[Entry], set[int]], lines: list[Line]) -> tuple[list[Entry], list[Line], set[int]]:
    return entries[0], lines, entries[1]


def _evidence_of_questions(outline: Outline) -> float:
    asking = sum(bool(QUESTION_END.search(mark.words)) or outline.style in ASKING_STYLES for mark in outline.questions)
    # A heading broken over two lines shows its question mark on the second: where most ask, all do.
    share = asking / max(len(outline.questions), 1)
    worth = NUMBERED_LINE + (NUMBERED_QUESTION - NUMBERED_LINE) * share
    return worth * len(outline.questions)


def _evidence_of_laws(laws: tuple[Law, ...]) -> float:
    return ARTICLE * sum(len(law.articles) for law in laws if len(law.articles) >= MIN_ARTICLES)

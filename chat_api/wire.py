"""The retriever's types to the wire format."""

from datetime import datetime

from chat_api.schema import (
    AskResponse,
    CitationBody,
    ErratumNote,
    HandbookList,
    HandbookSummary,
    ParagraphBody,
    QuestionBody,
    QuestionList,
    QuestionSummary,
    Span,
    SuggestionBody,
)
from corpus.handbook import Handbook, Section
from retriever.answer import Answer, Citation, CitedErratum, Suggestion, errata_within
from retriever.artifact import HandbookEntry
from retriever.index import SearchIndex


def ask_response(answer: Answer, answer_id: str, contact: str, took_ms: float) -> AskResponse:
    """Return the body of an answer; whom to ask is said unless the handbook answers."""
    return AskResponse(
        answer_id=answer_id,
        status=answer.status,
        answer_probability=round(answer.answer_probability, 4),
        understood_as=answer.understood_as,
        citations=[citation_body(citation) for citation in answer.citations],
        suggestions=[suggestion_body(suggestion) for suggestion in answer.suggestions],
        contact=None if answer.status == "answered" else contact,
        index_version=answer.index_version,
        took_ms=round(took_ms, 2),
    )


def citation_body(citation: Citation) -> CitationBody:
    """Return the body of a citation."""
    return CitationBody(
        handbook_id=citation.handbook_id,
        handbook_title=citation.handbook_title,
        edition=citation.edition,
        part=citation.part,
        question_number=citation.question_number,
        label=citation.label,
        question=citation.question,
        excerpt=citation.excerpt,
        start=citation.start,
        end=citation.end,
        highlights=[Span(start=span.start, end=span.end) for span in citation.highlights],
        passage_id=citation.passage_id,
        errata=erratum_notes(citation.errata),
        url=section_url(citation.handbook_id, citation.question_number, citation.section_id),
        page=citation.page,
        outdated=citation.is_outdated,
        effective_from=citation.effective_from,
        effective_to=citation.effective_to,
    )


def erratum_notes(errata: tuple[CitedErratum, ...]) -> list[ErratumNote]:
    """Return the bodies of errata."""
    return [
        ErratumNote(start=note.start, end=note.end, printed=note.printed, corrected=note.corrected) for note in errata
    ]


def suggestion_body(suggestion: Suggestion) -> SuggestionBody:
    """Return the body of a suggestion."""
    return SuggestionBody(
        handbook_id=suggestion.handbook_id,
        question_number=suggestion.question_number,
        question=suggestion.question,
        label=suggestion.label,
        url=section_url(suggestion.handbook_id, suggestion.question_number, suggestion.section_id),
    )


def handbook_summary(entry: HandbookEntry, outdated: frozenset[str]) -> HandbookSummary:
    """Return a handbook as a line of a list; `outdated` are the ids of those that no longer count."""
    return HandbookSummary(
        id=entry.handbook_id,
        title=entry.title,
        edition=entry.edition,
        publisher=entry.publisher,
        date=entry.date,
        question_count=entry.question_count,
        url=f"/v1/handbooks/{entry.handbook_id}",
        structure=entry.structure,
        passage_count=entry.passage_count,
        wording_count=entry.wording_count,
        effective_from=entry.effective_from,
        effective_to=entry.effective_to,
        outdated=entry.handbook_id in outdated,
        health="check" if entry.warnings else "ok",
        warnings=list(entry.warnings),
    )


def question_summary(handbook: Handbook, section: Section) -> QuestionSummary:
    """Return a section as a line of the table of contents."""
    return QuestionSummary(
        question_number=section.number,
        label=section.label,
        question=section.heading,
        part=section.part.display if section.part else None,
        url=section_url(handbook.handbook_id, section.number, section.section_id),
    )


def handbook_list(index: SearchIndex) -> HandbookList:
    """Return the public handbooks of an index."""
    outdated = index.outdated_ids(datetime.now().astimezone().date())
    return HandbookList(
        handbooks=[
            handbook_summary(entry, outdated) for entry in index.manifest.handbooks if entry.visibility == "public"
        ],
        index_version=index.manifest.version,
    )


def question_list(handbook: Handbook) -> QuestionList:
    """Return the table of contents of a handbook."""
    return QuestionList(
        handbook_id=handbook.handbook_id,
        questions=[question_summary(handbook, section) for section in handbook.entries],
    )


def question_body(handbook: Handbook, section: Section) -> QuestionBody:
    """Return a section whole."""
    return QuestionBody(
        handbook_id=handbook.handbook_id,
        handbook_title=handbook.title,
        edition=handbook.edition,
        part=section.part.display if section.part else None,
        question_number=section.number,
        label=section.label,
        question=section.heading,
        start=section.start,
        end=section.end,
        text=handbook.text[section.start : section.end],
        paragraphs=[
            ParagraphBody(start=paragraph.start, end=paragraph.end, text=handbook.text[paragraph.start : paragraph.end])
            for paragraph in section.paragraphs
        ],
        errata=erratum_notes(errata_within(handbook, section.start, section.end)),
    )


def section_url(handbook_id: str, number: int | None, section_id: str) -> str:
    """Return the address of a section's full text."""
    place = f"sections/{section_id}" if number is None else f"questions/{number}"
    return f"/v1/handbooks/{handbook_id}/{place}"

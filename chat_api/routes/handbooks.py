"""The handbooks themselves: lists, tables of contents, and whole questions."""

from datetime import datetime

from fastapi import APIRouter

from chat_api.dependencies import RetrieverDep
from chat_api.schema import HandbookBody, HandbookList, QuestionBody, QuestionList
from chat_api.wire import handbook_list, handbook_summary, question_body, question_list

router = APIRouter(prefix="/v1/handbooks", tags=["handbooks"])


@router.get("", operation_id="list_handbooks", summary="全部手册")
def list_handbooks(retriever: RetrieverDep) -> HandbookList:
    """List the public handbooks that are served."""
    return handbook_list(retriever.index)


@router.get("/{handbook_id}", operation_id="get_handbook", summary="一本手册")
def get_handbook(handbook_id: str, retriever: RetrieverDep) -> HandbookBody:
    """Describe one handbook."""
    handbook = retriever.index.handbook(handbook_id)
    parts = dict.fromkeys(section.part.display for section in handbook.entries if section.part)
    outdated = retriever.index.outdated_ids(datetime.now().astimezone().date())
    return HandbookBody(
        **handbook_summary(retriever.index.entry(handbook_id), outdated).model_dump(),
        parts=list(parts),
        starter_questions=list(handbook.starter_questions),
    )


@router.get("/{handbook_id}/questions", operation_id="list_questions", summary="目录")
def list_questions(handbook_id: str, retriever: RetrieverDep) -> QuestionList:
    """List what can be looked up in a handbook: its numbered questions, articles, pairs or chapters."""
    return question_list(retriever.index.handbook(handbook_id))


@router.get("/{handbook_id}/questions/{question_number}", operation_id="get_question", summary="一问的全文")
def get_question(handbook_id: str, question_number: int, retriever: RetrieverDep) -> QuestionBody:
    """Return one question with its whole answer."""
    return question_body(
        retriever.index.handbook(handbook_id), retriever.index.section(handbook_id, f"q{question_number}")
    )


@router.get("/{handbook_id}/sections/{section_id}", operation_id="get_section", summary="前言等的全文")
def get_section(handbook_id: str, section_id: str, retriever: RetrieverDep) -> QuestionBody:
    """Return a section whole, such as the foreword, which has no number."""
    return question_body(retriever.index.handbook(handbook_id), retriever.index.section(handbook_id, section_id))

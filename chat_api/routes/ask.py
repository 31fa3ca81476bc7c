"""Questions, type-ahead and feedback: what a worker's phone calls."""

import secrets
import time
from typing import Annotated

from fastapi import APIRouter, Query

from chat_api.dependencies import RetrieverDep, ServicesDep
from chat_api.redact import redacted
from chat_api.schema import AskRequest, AskResponse, FeedbackRequest, FeedbackResponse, SuggestionList
from chat_api.wire import ask_response, suggestion_body

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post("/ask", operation_id="ask", summary="提问")
def ask(request: AskRequest, retriever: RetrieverDep, services: ServicesDep) -> AskResponse:
    """Answer a question with word-for-word excerpts, ask back, or abstain; all three are 200."""
    started = time.perf_counter()
    answer = retriever.answer(request.question, request.history, request.handbook, request.limit)
    seconds = time.perf_counter() - started
    services.metrics.answers.labels(answer.status).inc()
    services.metrics.retrieval_seconds.observe(seconds)
    return ask_response(answer, "a_" + secrets.token_hex(8), services.settings.contact, seconds * 1000)


@router.get("/suggest", operation_id="suggest", summary="输入时的提示")
def suggest(
    retriever: RetrieverDep,
    q: Annotated[str, Query(max_length=500, description="已经输入的字。")] = "",
    limit: Annotated[int, Query(ge=1, le=10, description="最多几条。")] = 5,
) -> SuggestionList:
    """Offer questions of the handbooks for what has been typed so far."""
    return SuggestionList(suggestions=[suggestion_body(suggestion) for suggestion in retriever.suggest(q, limit)])


@router.post("/feedback", operation_id="give_feedback", summary="反馈")
def give_feedback(request: FeedbackRequest, services: ServicesDep) -> FeedbackResponse:
    """Keep whether an answer was useful; personal numbers in the reason are masked first."""
    reason = redacted(request.reason) if request.reason else None
    services.feedback.save(request.answer_id, useful=request.useful, reason=reason)
    services.metrics.feedback.labels(str(request.useful).lower()).inc()
    return FeedbackResponse(answer_id=request.answer_id, useful=request.useful)

"""Questions, type-ahead and feedback: what a worker's phone calls."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from chat_api.answering import answer_question
from chat_api.dependencies import PermittedFeedbackDep, PermittedQuestionDep, RetrieverDep, ServicesDep
from chat_api.redact import redacted
from chat_api.schema import AskResponse, FeedbackResponse, SuggestionList
from chat_api.wire import suggestion_body

router = APIRouter(prefix="/v1", tags=["ask"])


@router.post("/ask", operation_id="ask", summary="提问")
async def ask(permitted: PermittedQuestionDep, services: ServicesDep) -> AskResponse:
    """Answer a question with word-for-word excerpts, ask back, or abstain; all three are 200."""
    async with services.search_slots:
        may_be_kept = permitted.check in {"pass", None}
        answer = await run_in_threadpool(answer_question, permitted.request, services, may_be_kept=may_be_kept)
    return answer.model_copy(update={"question_check": permitted.check})


@router.get("/suggest", operation_id="suggest", summary="输入时的提示")
def suggest(
    retriever: RetrieverDep,
    q: Annotated[str, Query(max_length=500, description="已经输入的字。")] = "",
    limit: Annotated[int, Query(ge=1, le=10, description="最多几条。")] = 5,
) -> SuggestionList:
    """Offer questions of the handbooks for what has been typed so far."""
    return SuggestionList(suggestions=[suggestion_body(suggestion) for suggestion in retriever.suggest(q, limit)])


@router.post("/feedback", operation_id="give_feedback", summary="反馈")
def give_feedback(request: PermittedFeedbackDep, services: ServicesDep) -> FeedbackResponse:
    """Keep whether an answer was useful; personal numbers in the reason are masked first."""
    reason = redacted(request.reason) if request.reason else None
    services.database.feedback.save(request.answer_id, useful=request.useful, reason=reason)
    services.metrics.feedback.labels(str(request.useful).lower()).inc()
    return FeedbackResponse(answer_id=request.answer_id, useful=request.useful)

"""The ways in of OpenAI's chat completions, so that existing chat programs can ask; nothing is generated here."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from chat_api.answering import answer_question
from chat_api.completion import completion_of, events_of, question_of
from chat_api.completion_schema import ANY_HANDBOOK, Completion, CompletionError, CompletionRequest, Model, ModelList
from chat_api.dependencies import AskerDep, PermittedQuestion, RetrieverDep, ServicesDep, permitted_question

ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": CompletionError, "description": "请求有误，error.message 说明原因。"},
    "5XX": {"model": CompletionError, "description": "服务暂时不能回答。"},
}
router = APIRouter(prefix="/v1", tags=["openai"], responses=ERRORS)


async def _permitted(request: CompletionRequest, asker: AskerDep, services: ServicesDep) -> PermittedQuestion:
    return await permitted_question(question_of(request), asker, services)


@router.post(
    "/chat/completions",
    operation_id="create_chat_completion",
    summary="提问（OpenAI 格式）",
    responses={200: {"content": {"text/event-stream": {}}, "description": "stream 为 true 时是事件流。"}},
    response_model=Completion,
)
async def create_chat_completion(
    request: CompletionRequest, permitted: Annotated[PermittedQuestion, Depends(_permitted)], services: ServicesDep
) -> Completion | StreamingResponse:
    """Answer the last message of the user with word-for-word excerpts, as text with their sources."""
    async with services.search_slots:
        may_be_kept = permitted.check in {"pass", None}
        answer = await run_in_threadpool(answer_question, permitted.request, services, may_be_kept=may_be_kept)
    answer = answer.model_copy(update={"question_check": permitted.check})
    if not request.stream:
        return completion_of(answer, request.model)
    with_usage = request.stream_options is not None and request.stream_options.include_usage
    events = events_of(answer, request.model, with_usage=with_usage)
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.get("/models", operation_id="list_models", summary="可以问什么（OpenAI 格式）")
def list_models(_: AskerDep, retriever: RetrieverDep) -> ModelList:
    """List what `model` can be: all handbooks together, or one of them."""
    public = [entry.handbook_id for entry in retriever.index.manifest.handbooks if entry.visibility == "public"]
    return ModelList(data=[Model(id=name) for name in (ANY_HANDBOOK, *public)])

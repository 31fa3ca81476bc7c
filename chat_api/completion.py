"""A conversation in OpenAI's form to a question, and the answer back into that form."""

import time
from collections.abc import Iterator

from chat_api.completion_schema import (
    ANY_HANDBOOK,
    AssistantMessage,
    Choice,
    Chunk,
    Completion,
    CompletionRequest,
    Usage,
)
from chat_api.render_text import render_whole
from chat_api.schema import MAX_HISTORY, AskRequest, AskResponse
from corpus.errors import InvalidQuestion
from retriever.normalise import checked_question

DONE = "data: [DONE]\n\n"


def question_of(request: CompletionRequest) -> AskRequest:
    """Return what the last message of the user asks; earlier ones that could be asked are its history.

    Raises:
        InvalidQuestion: If there is no message of a user, or the last one cannot be asked.
    """
    texts = [message.text.strip() for message in request.messages if message.role == "user"]
    if not texts:
        raise InvalidQuestion("没有 user 的消息，请把问题放在最后一条 user 消息里。", code="question_blank")
    return AskRequest(
        question=checked_question(texts[-1]),
        history=[text for text in texts[:-1] if _can_be_asked(text)][-MAX_HISTORY:],
        handbook=None if request.model == ANY_HANDBOOK else request.model,
    )


def completion_of(answer: AskResponse, model: str) -> Completion:
    """Return an answer as the assistant's message."""
    choice = Choice(message=AssistantMessage(content=render_whole(answer)))
    return Completion(id=_id(answer), created=int(time.time()), model=model, choices=[choice], wengong=answer)


def events_of(answer: AskResponse, model: str, *, with_usage: bool) -> Iterator[str]:
    """Yield an answer as server-sent events, a paragraph each; its parts with their places come with the last one."""
    identity = {"id": _id(answer), "created": int(time.time()), "model": model}

    def event(delta: dict[str, str], finish_reason: str | None = None, whole: AskResponse | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason, "logprobs": None}
        return _event(Chunk.model_validate({**identity, "choices": [choice], "wengong": whole}))

    yield event({"role": "assistant", "content": ""})
    for paragraph in render_whole(answer).splitlines(keepends=True):
        yield event({"content": paragraph})
    yield event({}, "stop", answer)
    if with_usage:
        yield _event(Chunk.model_validate({**identity, "choices": [], "usage": Usage()}))
    yield DONE


def _event(chunk: Chunk) -> str:
    left_out = {name for name in ("usage", "wengong") if getattr(chunk, name) is None}
    return f"data: {chunk.model_dump_json(exclude=left_out)}\n\n"


def _id(answer: AskResponse) -> str:
    return f"chatcmpl-{answer.answer_id}"


def _can_be_asked(text: str) -> bool:
    try:
        checked_question(text)
    except InvalidQuestion:
        return False
    return True

"""OpenAI's own client asks the service over real HTTP."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openai
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openai import OpenAI

from chat_api import create_app
from chat_api.limits.buckets import LEAST_BURST
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

HANDBOOK = "industrial-workers-50"
KEY = "k" * 24
QUESTION = "农民工怎么提升学历"


Connect = Callable[..., OpenAI]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """A function that gives a client of an address; all are closed at the end."""
    with ExitStack() as stack:

        def connected(address: str, key: str = KEY) -> OpenAI:
            return stack.enter_context(OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0))

        yield connected


@pytest.fixture
def chat(serve: Callable[[Any], str], connect: Connect, data_folder: Path) -> OpenAI:
    return connect(serve(app(data_folder)))


def app(data_folder: Path, **settings: Any) -> FastAPI:
    return create_app(ServerSettings(**settings), RetrieverSettings(data=data_folder))


def user(*texts: str) -> list[Any]:
    return [{"role": "user", "content": text} for text in texts]


def ask(chat: OpenAI, *texts: str, model: str = "wengong") -> Any:
    return chat.chat.completions.create(model=model, messages=user(*texts))


def test_the_answer_is_the_excerpts_word_for_word_with_their_sources(chat: OpenAI, client: TestClient) -> None:
    completion = ask(chat, QUESTION)
    said = completion.choices[0].message.content
    expected = client.post("/v1/ask", json={"question": QUESTION}).json()["citations"]
    assert [one["excerpt"] for one in completion.wengong["citations"]] == [one["excerpt"] for one in expected]
    for citation in expected:
        assert citation["excerpt"] in said
        assert f"{citation['label']} {citation['question']}" in said
    assert said.count("〔出处〕《产业工人队伍建设改革职工知识50问》2022年版") == len(expected)
    assert (completion.choices[0].finish_reason, completion.usage.total_tokens) == ("stop", 0)
    assert re.fullmatch(r"chatcmpl-a_[0-9a-f]{16}", completion.id)


def test_no_answer_is_said_with_whom_to_ask_and_what_is_near(chat: OpenAI) -> None:
    completion = ask(chat, "今天天气怎么样")
    assert completion.wengong["status"] == "abstained"
    said = completion.choices[0].message.content
    assert said.startswith("手册里没有找到能回答这个问题的内容。")
    assert "12351" in said


def test_earlier_messages_of_the_user_are_the_history(chat: OpenAI) -> None:
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        *user("求学圆梦行动是什么", "问" * 501, "\x00"),
        {"role": "assistant", "content": "……"},
        {"role": "user", "content": [{"type": "text", "text": "资助了多少人"}, {"type": "image_url"}]},
    ]
    completion: Any = chat.chat.completions.create(model="wengong", messages=messages)  # type: ignore[arg-type]
    assert completion.wengong["citations"][0]["question_number"] == 38
    assert "求学圆梦" in completion.wengong["understood_as"]


def test_a_stream_says_the_same_piece_by_piece(chat: OpenAI) -> None:
    whole = ask(chat, QUESTION, model=HANDBOOK)
    options: Any = {"include_usage": True}
    stream = chat.chat.completions.create(
        model=HANDBOOK, messages=user(QUESTION), stream=True, stream_options=options, temperature=0.2
    )
    chunks: list[Any] = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == whole.choices[0].message.content
    assert len([piece for piece in pieces if piece]) > 3
    assert chunks[0].choices[0].delta.role == "assistant"
    *_, last, usage = chunks
    assert (last.choices[0].finish_reason, usage.usage.total_tokens) == ("stop", 0)
    assert last.wengong["citations"][0]["excerpt"] == whole.wengong["citations"][0]["excerpt"]


def test_the_models_are_all_handbooks_together_and_each(chat: OpenAI) -> None:
    assert [model.id for model in chat.models.list()] == ["wengong", HANDBOOK]


@pytest.mark.parametrize(
    ("texts", "model", "kind", "code"),
    [
        (["工会"], "no-such", openai.NotFoundError, "unknown_handbook"),
        ([" "], "wengong", openai.UnprocessableEntityError, "question_blank"),
        (["问" * 501], "wengong", openai.UnprocessableEntityError, "question_too_long"),
        ([], "wengong", openai.UnprocessableEntityError, "invalid_request"),
    ],
)
def test_errors_have_the_shape_that_the_client_reads(
    chat: OpenAI, texts: list[str], model: str, kind: type[openai.APIStatusError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        ask(chat, *texts, model=model)
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["code"] == code
    assert caught.value.body["message"]


def test_without_a_message_of_the_user_there_is_no_question(chat: OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="user"):
        chat.chat.completions.create(model="wengong", messages=[{"role": "system", "content": "工会"}])


def test_a_key_is_needed_where_the_service_asks_for_one(
    serve: Callable[[Any], str], connect: Connect, data_folder: Path
) -> None:
    address = serve(app(data_folder, auth="api_key", api_keys=[KEY]))
    assert ask(connect(address), "第38问").wengong["status"] == "answered"
    stranger = connect(address, "x" * 24)
    for call in (lambda: ask(stranger, "第38问"), stranger.models.list):
        with pytest.raises(openai.AuthenticationError) as caught:
            call()
        assert isinstance(caught.value.body, dict)
        assert caught.value.body["code"] == "token_invalid"


def test_too_many_requests_are_told_in_the_same_shape(
    serve: Callable[[Any], str], connect: Connect, data_folder: Path
) -> None:
    limits = LimitSettings(rate_limit="on", rate_limit_address=1)
    chat = connect(serve(create_app(ServerSettings(), RetrieverSettings(data=data_folder), limit_settings=limits)))
    for _ in range(LEAST_BURST):
        ask(chat, "第38问")
    with pytest.raises(openai.RateLimitError) as caught:
        ask(chat, "第38问")
    assert int(caught.value.response.headers["retry-after"]) > 0

"""The wire format of OpenAI's chat completions, as far as a service needs it that generates nothing.

Source: the OpenAI API reference, "Chat Completions". Programs send many fields that mean nothing here (temperature,
tools, …): they are taken and ignored, as every compatible service does.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat_api.schema import AskResponse, Response

ANY_HANDBOOK = "wengong"
MAX_MESSAGES = 400


class Lenient(BaseModel):
    """A part of a request: fields that are not known are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(Lenient):
    """A part of a message; only text is read."""

    type: str = "text"
    text: str = ""


class Message(Lenient):
    """A message of the conversation."""

    role: str = Field(description="只看 user 的消息：最后一条是问题，先前的是上下文。")
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        """Its text, parts joined by line breaks."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(Lenient):
    """What a stream should hold."""

    include_usage: bool = False


class CompletionRequest(Lenient):
    """A conversation to be continued."""

    model: str = Field(default=ANY_HANDBOOK, max_length=64, description="wengong 查全部手册，手册编号只查那一本。")
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None


class Usage(Response):
    """Tokens of a language model; there is none."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class AssistantMessage(Response):
    """The answer as text."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(Response):
    """The only answer."""

    index: int = 0
    message: AssistantMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Completion(Response):
    """An answer."""

    id: str = Field(description="chatcmpl- 加 answer_id；反馈时用后者。")
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Unix 时间，秒。")
    model: str
    choices: list[Choice]
    usage: Usage = Usage()
    wengong: AskResponse = Field(description="/v1/ask 的回答，含每段原文的出处；OpenAI 的接口里没有这一项。")


class Chunk(Response):
    """A piece of an answer that is streamed."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[dict[str, Any]]
    usage: Usage | None = None
    wengong: AskResponse | None = None


class Model(Response):
    """What can be asked under one name."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "wengong"


class ModelList(Response):
    """Everything that can be asked."""

    object: Literal["list"] = "list"
    data: list[Model]


class CompletionErrorDetail(Response):
    """What went wrong, as programs of OpenAI's interface read it."""

    message: str
    type: Literal["invalid_request_error", "server_error"]
    param: None = None
    code: str = Field(description="与 /v1/ask 的 code 相同。")


class CompletionError(Response):
    """The body of an error where programs of OpenAI's interface ask."""

    error: CompletionErrorDetail

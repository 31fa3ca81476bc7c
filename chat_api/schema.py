"""The wire format of version 1: every request and response body, each field described."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from retriever.normalise import MAX_QUESTION_CHARACTERS

MAX_HISTORY = 10
Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
Offset = Annotated[int, Field(ge=0)]


class Request(BaseModel):
    """A request body: unknown fields are refused, and nothing is converted from another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Response(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True)


class AskRequest(Request):
    """A question."""

    question: Question = Field(description="问题原话，1 到 500 个字。", examples=["农民工怎么提升学历"])
    history: list[Question] = Field(
        default_factory=list, max_length=MAX_HISTORY, description="同一个人先前问过的问题，从早到晚，最多 10 条。"
    )
    handbook: str | None = Field(default=None, max_length=64, description="只查这本手册；不填则查全部。")
    limit: int = Field(default=3, ge=1, le=10, description="最多返回几段原文。")
    text_max_bytes: int | None = Field(
        default=None, ge=100, le=20_000, description="要一段可直接发送的纯文字时，最多多少字节（UTF-8）。"
    )


class Span(Response):
    """A span of code points, end not included."""

    start: Offset
    end: Offset


class ErratumNote(Span):
    """A known misprint; the text shows it as printed. Offsets count from the start of the text it comes with."""

    printed: str = Field(description="原书所印。")
    corrected: str = Field(description="应作；空表示应删去。")


class CitationBody(Response):
    """An excerpt, word for word: the handbook's canonical text from `start` to `end`."""

    handbook_id: str
    handbook_title: str
    edition: str
    part: str | None = Field(description="所在部分，如“第五部分 ……”；没有则为 null。")
    question_number: int | None = Field(description="问号；前言等没有编号的为 null。")
    label: str = Field(description="口头怎么说，如“第38问”。")
    question: str = Field(description="这一问的标题。")
    excerpt: str = Field(description="原文，一字不改。")
    start: Offset = Field(description="在手册正文里的起点，按 Unicode 码位计。")
    end: Offset = Field(description="终点（不含）。")
    highlights: list[Span] = Field(description="与问题相同的词，相对 excerpt 的位置，按码位计。")
    passage_id: str
    errata: list[ErratumNote] = Field(description="原文里的已知误字。")
    url: str = Field(description="这一问全文的地址。")
    page: int | None = Field(description="从第几页开始，从 1 数起；原文件不分页则为 null。")
    outdated: bool = Field(description="true 表示这一版已经失效，或已有新版。")
    effective_from: str = Field(description="从哪天起有效，如 2024-05-01；不知道则为空。")
    effective_to: str = Field(description="到哪天为止有效；没有则为空。")


class SuggestionBody(Response):
    """A question of a handbook."""

    handbook_id: str
    question_number: int | None = Field(description="问号；没有编号的手册为 null，这时看 label 和 url。")
    question: str
    label: str = Field(description="口头怎么说，如“第38问”“《劳动合同法》第十九条”。")
    url: str = Field(description="全文的地址。")


class AskResponse(Response):
    """An answer. Abstaining is an answer too."""

    answer_id: str = Field(description="反馈时用。", examples=["a_5f2c8e1d9b3a4c70"])
    status: Literal["answered", "clarify", "abstained"] = Field(
        description="answered：答了；clarify：可能相关，请职工选；abstained：手册没有答案。"
    )
    answer_probability: float = Field(ge=0, le=1, description="第一段原文所在的问题确实回答了提问的概率。")
    understood_as: str | None = Field(description="实际按什么查找，与提问相同时为 null。")
    citations: list[CitationBody] = Field(description="最好的在前，互不重叠。")
    suggestions: list[SuggestionBody] = Field(description="相近的问题；answered 时为空。")
    contact: str | None = Field(description="手册没有答案时可以问谁；answered 时为 null。")
    index_version: str
    took_ms: float = Field(ge=0, description="查找用时，毫秒。")
    urgent_contact: str | None = Field(
        default=None, description="问题里有轻生、受伤、骚扰等字眼时马上可以找谁；应放在最前面显示。"
    )
    text: str | None = Field(
        default=None, description="请求里有 text_max_bytes 时：回答排成的一段文字，放不下时只截原文，不截出处。"
    )
    question_check: Literal["pass", "review", "unchecked"] | None = Field(
        default=None, description="微信内容检测的结论；不是 pass 的问题不要再展示给别人。没有检测时为 null。"
    )


class HandbookSummary(Response):
    """A handbook that is served."""

    id: str
    title: str
    edition: str
    publisher: str
    date: str
    question_count: int = Field(description="多少问；法律为多少条，问答表为多少对，分章节的为多少节。")
    url: str
    structure: Literal["questions", "pairs", "law", "chapters"] = Field(description="按什么结构识别。")
    passage_count: int = Field(description="多少段可供引用的原文。")
    wording_count: int = Field(description="多少种问法，含标题、相似问和反例问。")
    effective_from: str
    effective_to: str
    outdated: bool = Field(description="true 表示这一版已经失效，或已有新版。")
    health: Literal["ok", "check"] = Field(description="check 表示识别时有要留意的地方，见 warnings。")
    warnings: list[str] = Field(description="要留意的地方；没有则为空。")


class HandbookList(Response):
    """The handbooks that are served."""

    handbooks: list[HandbookSummary]
    index_version: str


class HandbookBody(HandbookSummary):
    """A handbook with its table of contents."""

    parts: list[str]
    starter_questions: list[str]


class QuestionSummary(Response):
    """A line of the table of contents."""

    question_number: int | None
    label: str
    question: str
    part: str | None
    url: str


class QuestionList(Response):
    """The questions of a handbook, in order."""

    handbook_id: str
    questions: list[QuestionSummary]


class ParagraphBody(Span):
    """A paragraph; offsets count in the canonical text."""

    text: str


class QuestionBody(Response):
    """A question or another section, whole."""

    handbook_id: str
    handbook_title: str
    edition: str
    part: str | None
    question_number: int | None
    label: str
    question: str
    start: Offset
    end: Offset
    text: str = Field(description="标题和答案的原文，一字不改。")
    paragraphs: list[ParagraphBody]
    errata: list[ErratumNote] = Field(description="已知误字，相对 text 的位置。")


class SuggestionList(Response):
    """Questions to offer while somebody is typing."""

    suggestions: list[SuggestionBody]


class FeedbackRequest(Request):
    """What somebody thought of an answer."""

    answer_id: str = Field(pattern=r"^a_[0-9a-f]{16}$", description="回答里的 answer_id。")
    useful: bool = Field(description="有用为 true。")
    reason: str | None = Field(default=None, max_length=500, description="原因，可不填。")


class FeedbackResponse(Response):
    """A receipt."""

    answer_id: str
    useful: bool


class LoginRequest(Request):
    """A login code of a mini-program."""

    code: str = Field(
        min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.\-]+$", description="wx.login 给出的 code，只能用一次。"
    )


class LoginResponse(Response):
    """A session."""

    token: str = Field(description="以后放在请求头 Authorization: Bearer 里。")
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- the name of a scheme, no secret
    expires_in: int = Field(description="多少秒后失效，届时重新登录。")


class Health(Response):
    """A sign of life."""

    status: Literal["ok"] = "ok"


class Ready(Health):
    """The service can answer."""

    index_version: str
    handbook_count: int


class Problem(Response):
    """An error, as RFC 9457 describes it, with a stable code and a message that can be shown as it is."""

    type: str = Field(description="urn:wengong:error: 加 code。")
    title: str
    status: int
    detail: str = Field(description="中文说明，可以直接显示。")
    instance: str = Field(description="出错的路径。")
    code: str
    request_id: str

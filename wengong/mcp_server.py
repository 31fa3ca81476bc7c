"""The handbooks as tools of the Model Context Protocol, for desktop assistants and agents: reading only.

Source: the Model Context Protocol specification, "Tools". The answers are those of `/v1/ask`, word for word, so that a
language model that calls them has something true to cite. The only module that imports mcp, of the extra `mcp`.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from chat_api.schema import AskResponse, HandbookList, QuestionBody, QuestionList
from chat_api.wire import ask_response, handbook_list, question_body, question_list
from corpus.errors import WengongError
from retriever.normalise import MAX_QUESTION_CHARACTERS
from retriever.pipeline import Retriever

INSTRUCTIONS = (
    "这些工具从工会手册里摘取原文，不生成内容。转述时请逐字引用 excerpt 并注明 label、part 和 edition；"
    "status 为 abstained 表示手册没有答案，请如实说没有，并转告 contact，不要自行补充。"
)
Question = Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS, description="职工的问题，原话即可。")]
Handbook = Annotated[str, Field(max_length=64, description="手册编号，见 list_handbooks。")]
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


@contextmanager
def _told() -> Iterator[None]:
    """Tell expected errors in their own words; of others the protocol's library says only that there was one."""
    try:
        yield
    except WengongError as error:
        raise ToolError(error.message) from error


def build_server(current: Callable[[], Retriever], contact: str) -> MCPServer[None]:
    """Return a server of three ways to look something up and a list of the handbooks.

    Args:
        current: Gives the retriever of the published index.
        contact: Whom to ask where the handbooks have no answer.
    """
    server: MCPServer[None] = MCPServer("wengong", title="问工", instructions=INSTRUCTIONS, log_level="ERROR")

    @server.tool(title="查手册", annotations=READ_ONLY)
    @_told()
    def search_handbook(
        question: Question,
        handbook_id: Annotated[str | None, Field(max_length=64, description="只查这本；不填查全部。")] = None,
        limit: Annotated[int, Field(ge=1, le=10, description="最多几段原文。")] = 3,
    ) -> AskResponse:
        """按职工的原话查工会手册，返回逐字的原文、第几问、所在部分和版次；手册没有答案时如实说没有。"""
        started = time.perf_counter()
        answer = current().answer(question, handbook_id=handbook_id, limit=limit)
        return ask_response(answer, "a_" + secrets.token_hex(8), contact, (time.perf_counter() - started) * 1000)

    @server.tool(title="一问的全文", annotations=READ_ONLY)
    @_told()
    def get_question(
        handbook_id: Handbook,
        section_id: Annotated[str, Field(max_length=200, description="第 38 问是 q38；其他见 list_questions。")],
    ) -> QuestionBody:
        """返回一问（一条、一节）的标题和答案全文，一字不改。"""
        index = current().index
        return question_body(index.handbook(handbook_id), index.section(handbook_id, section_id))

    @server.tool(title="一本手册的目录", annotations=READ_ONLY)
    @_told()
    def list_questions(handbook_id: Handbook) -> QuestionList:
        """列出一本手册里全部的问（条、节）和编号。"""
        return question_list(current().index.handbook(handbook_id))

    @server.tool(title="有哪些手册", annotations=READ_ONLY)
    @_told()
    def list_handbooks() -> HandbookList:
        """列出可以查的手册、版次和是否已失效。"""
        return handbook_list(current().index)

    return server

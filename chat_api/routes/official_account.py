"""Where WeChat sends what people write to the official account."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse

from chat_api.answering import answer_question
from chat_api.dependencies import Services, ServicesDep
from chat_api.wechat.callback import CallbackQuery
from chat_api.wechat.official_account import Fields, Handbooks, OfficialAccount
from chat_api.wechat.services import OfficialAccountServices
from corpus.access_errors import WeChatOff

# WeChat hangs up after five seconds, and the way there and back takes some of them.
REPLY_LIMIT_S: Final = 4.0
# Understood, and nothing to say: WeChat neither sends the message again nor shows an error.
SUCCESS: Final = "success"
router = APIRouter(prefix="/v1/wechat/mp", tags=["wechat"], include_in_schema=False)
QueryDep = Annotated[CallbackQuery, Query()]


@router.get("")
def prove(query: QueryDep, services: ServicesDep) -> PlainTextResponse:
    """Show WeChat that this address knows the token."""
    _official_account(services).seal.check_address(query)
    return PlainTextResponse(query.echostr)


@router.post("")
async def receive(query: QueryDep, request: Request, services: ServicesDep) -> Response:
    """Reply to a message, in time or not at all."""
    parts = _official_account(services)
    message = parts.seal.open(query, await request.body())
    try:
        async with asyncio.timeout(REPLY_LIMIT_S), services.search_slots:
            # A thread cannot be stopped, only no longer waited for.
            reply = await asyncio.to_thread(_reply_to, parts.account, message, services)
    except TimeoutError:
        services.metrics.official_account_replies.labels("late").inc()
        return PlainTextResponse(SUCCESS)
    services.metrics.official_account_replies.labels("replied" if reply else "silent").inc()
    if not reply:
        return PlainTextResponse(SUCCESS)
    return Response(parts.seal.seal(reply, query), media_type="application/xml")


def _reply_to(account: OfficialAccount, message: Fields, services: Services) -> str:
    def text_of(handbook_id: str, number: int) -> str:
        index = services.live_retriever.get().index
        section = index.section(handbook_id, f"q{number}")
        return index.handbook(handbook_id).text[section.start : section.end]

    handbooks = Handbooks(
        answer=lambda asked: answer_question(asked, services),
        text_of=text_of,
    )
    return account.reply_to(message, handbooks)


def _official_account(services: Services) -> OfficialAccountServices:
    if services.official_account is None:
        raise WeChatOff("本服务没有接公众号。")
    return services.official_account

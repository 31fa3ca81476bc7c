"""Whether a person's words may be searched for: own blocked words first, then WeChat's check of content."""

import asyncio
from collections.abc import Callable
from typing import Final, Literal

from chat_api.wechat.access_token import AccessTokens
from chat_api.wechat.blocked_words import BlockedWords
from chat_api.wechat.circuit_breaker import CircuitBreaker
from chat_api.wechat.credentials import Credentials
from chat_api.wechat.login import LOGIN_EXPIRED
from chat_api.wechat.platform import Reply, WeChatPlatform, error_code
from corpus.access_errors import ContentCheckUnavailable, NotLoggedIn, QuestionRejected, WeChatUnavailable

# pass: WeChat has nothing against it. review: a person should look before others see it. unchecked: nobody looked.
Verdict = Literal["pass", "review", "unchecked"]
CHECK_LIMIT_S: Final = 1.0
MAX_CHECKED_CHARACTERS: Final = 2500
SCENE_COMMENT: Final = 2
TOKEN_DEAD: Final = frozenset({40001, 40014, 42001})
# Idle for two hours, or of another app than the one that is configured now: a new login mends both.
OPENID_STALE: Final = frozenset({61010, 40003, 43104})
RISKY_V1: Final = 87014
# Empty, too long, malformed: a text's own fault must not pause the check for everybody else.
TEXT_UNFIT: Final = frozenset({44002, 45002, 47001})
REJECTED: Final = "问题含有不适宜的内容，请修改后再试。"


class ContentCheck:
    """Checks texts; `count` is called with each outcome, so that an operator sees when the check is off.

    When WeChat cannot be asked, a text is let through unchecked (only words of the handbook go out in answer) or
    refused, as it was set; after many failures WeChat is left alone for a while.
    """

    def __init__(
        self,
        platform: WeChatPlatform,
        tokens: AccessTokens | None,
        credentials: Credentials,
        *,
        refuses_when_down: bool,
        count: Callable[[str], None],
    ) -> None:
        self._platform = platform
        self._tokens = tokens
        self._credentials = credentials
        self._refuses_when_down = refuses_when_down
        self._count = count
        self._breaker = CircuitBreaker()

    async def check(self, text: str, openid: str) -> Verdict:
        """Return what WeChat thinks of a text that a person wrote.

        Raises:
            QuestionRejected: If it must not be searched for.
            NotLoggedIn: If the person has not used the mini-program for two hours.
            ContentCheckUnavailable: If WeChat cannot be asked, and such texts are to be refused.
        """
        if self._breaker.is_open:
            return self._without_wechat("skipped")
        try:
            async with asyncio.timeout(CHECK_LIMIT_S):
                reply = await self._asked(text, openid)
        except (WeChatUnavailable, TimeoutError):
            self._breaker.failed()
            return self._without_wechat("down")
        self._breaker.succeeded()
        return self._verdict(reply)

    async def _asked(self, text: str, openid: str) -> Reply:
        """Return WeChat's judgement; a dead token is replaced once."""
        body = {"version": 2, "openid": openid, "scene": SCENE_COMMENT, "content": text[:MAX_CHECKED_CHARACTERS]}
        token = await self._tokens.get() if self._tokens else None
        reply = await self._sent(body, token)
        if self._tokens and error_code(reply) in TOKEN_DEAD:
            reply = await self._sent(body, await self._tokens.get(dead_token=token))
        failed = error_code(reply)
        if failed not in OPENID_STALE | TEXT_UNFIT | {0, RISKY_V1}:
            raise self._credentials.refused(failed)
        return reply

    async def _sent(self, body: Reply, token: str | None) -> Reply:
        parameters = {"access_token": token} if token else {}
        return await self._platform.post("/wxa/msg_sec_check", parameters, body, CHECK_LIMIT_S)

    def _verdict(self, reply: Reply) -> Verdict:
        failed, result = error_code(reply), reply.get("result")
        if failed in OPENID_STALE:
            self._count("stale")
            raise NotLoggedIn(LOGIN_EXPIRED)
        suggest = result.get("suggest") if isinstance(result, dict) else None
        if failed == RISKY_V1 or suggest == "risky":
            self._count("risky")
            raise QuestionRejected(REJECTED)
        # A judgement that we do not know is no consent.
        verdict: Verdict = "pass" if suggest == "pass" else "review"
        self._count(verdict)
        return verdict

    def _without_wechat(self, why: str) -> Verdict:
        self._count(why)
        if self._refuses_when_down:
            raise ContentCheckUnavailable("内容检测暂不可用，请稍后再试。")
        return "unchecked"


def refuse_blocked(words: BlockedWords, texts: list[str], count: Callable[[str], None]) -> None:
    """Refuse texts that hold a blocked word.

    Raises:
        QuestionRejected: If one does.
    """
    if any(words.are_in(text) for text in texts):
        count("blocked")
        raise QuestionRejected(REJECTED)

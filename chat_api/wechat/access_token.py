"""The service's own token at WeChat: fetched once, shared by all questions, replaced when it dies."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from chat_api.wechat.credentials import Credentials
from chat_api.wechat.platform import WeChatPlatform, error_code

TOKEN_LIMIT_S: Final = 3.0
# WeChat keeps the old token alive for this long beside a new one.
RENEWED_BEFORE_END_S: Final = 300


class AccessTokens:
    """Gives the access token, from a cache of this process.

    WeChat gives every process the same token (`stable_token` without force), so that several need no common cache.
    """

    def __init__(
        self, platform: WeChatPlatform, credentials: Credentials, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._platform = platform
        self._credentials = credentials
        self._now_s = now_s
        self._lock = asyncio.Lock()
        self._token = ""
        self._good_until_s = 0.0

    async def get(self, dead_token: str | None = None) -> str:
        """Return a token that is alive.

        Args:
            dead_token: One that WeChat has just refused. When WeChat goes on giving it, another is forced, once.

        Raises:
            WeChatUnavailable: If WeChat gives none.
        """
        async with self._lock:
            if self._token and self._token != dead_token and self._now_s() < self._good_until_s:
                return self._token
            token, lifetime_s = await self._fetched(force=False)
            if token == dead_token:
                token, lifetime_s = await self._fetched(force=True)
            self._token, self._good_until_s = token, self._now_s() + lifetime_s - RENEWED_BEFORE_END_S
            return token

    async def _fetched(self, *, force: bool) -> tuple[str, int]:
        body = {"grant_type": "client_credential", **self._credentials.fields(), "force_refresh": force}
        reply = await self._platform.post("/cgi-bin/stable_token", {}, body, TOKEN_LIMIT_S)
        token, lifetime_s = reply.get("access_token"), reply.get("expires_in")
        if not isinstance(token, str) or not isinstance(lifetime_s, int):
            raise self._credentials.refused(error_code(reply))
        return token, lifetime_s

"""HTTP to WeChat's servers. The only module that imports httpx, which is in the extra `wechat`."""

import asyncio
from typing import Final

import httpx

from chat_api.wechat.platform import BUSY
from corpus.access_errors import WeChatUnavailable

CALLS_AT_ONCE: Final = 32
JSON: Final = {"Content-Type": "application/json; charset=utf-8"}


class HttpTransport:
    """Keeps connections to WeChat.

    Requests go to httpx's transport itself: its client writes every address to the log, and the address of a login
    holds the secret. For the same reason no error of httpx leaves this module.
    """

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=CALLS_AT_ONCE, max_keepalive_connections=CALLS_AT_ONCE)
        self._transport = httpx.AsyncHTTPTransport(limits=limits)
        # The pool of connections looks through all that wait each time; hundreds would wait here for nothing else.
        self._slots = asyncio.Semaphore(CALLS_AT_ONCE)

    async def send(self, method: str, address: str, content: bytes, limit_s: float) -> tuple[int, bytes]:
        """Return the status and the body of a reply.

        Raises:
            WeChatUnavailable: If there is none within the limit.
        """
        request = httpx.Request(method, address, content=content, headers=JSON)
        try:
            async with asyncio.timeout(limit_s), self._slots:
                response = await self._transport.handle_async_request(request)
                return response.status_code, await response.aread()
        except (httpx.HTTPError, OSError):  # of which TimeoutError is one
            raise WeChatUnavailable(BUSY) from None

    async def close(self) -> None:
        """Give back all connections."""
        await self._transport.aclose()

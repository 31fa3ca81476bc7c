"""The calls to WeChat's servers: what is sent, and how a reply is read."""

import json
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from corpus.access_errors import WeChatUnavailable

Reply = dict[str, Any]
BUSY: Final = "微信服务繁忙，请稍后再试。"
OK: Final = 200


class Transport(Protocol):
    """Sends requests."""

    async def send(self, method: str, address: str, content: bytes, limit_s: float) -> tuple[int, bytes]:
        """Return the status and the body of a reply.

        Raises:
            WeChatUnavailable: If there is none within the limit.
        """

    async def close(self) -> None:
        """Give back all connections."""


class WeChatPlatform:
    """WeChat's HTTP interface at one address."""

    def __init__(self, address: str, transport: Transport) -> None:
        self._address = address
        self._transport = transport

    async def get(self, path: str, parameters: dict[str, str], limit_s: float) -> Reply:
        """Return the reply to a GET.

        Raises:
            WeChatUnavailable: If there is none within the limit, or it is no JSON object.
        """
        return _parsed(*await self._transport.send("GET", self._url(path, parameters), b"", limit_s))

    async def post(self, path: str, parameters: dict[str, str], body: Reply, limit_s: float) -> Reply:
        """Return the reply to a POST.

        Raises:
            WeChatUnavailable: If there is none within the limit, or it is no JSON object.
        """
        # Chinese must travel as itself: the content check looks at the bytes, and lets any \\u escape pass.
        content = json.dumps(body, ensure_ascii=False).encode()
        return _parsed(*await self._transport.send("POST", self._url(path, parameters), content, limit_s))

    async def close(self) -> None:
        """Give back all connections."""
        await self._transport.close()

    def _url(self, path: str, parameters: dict[str, str]) -> str:
        return f"{self._address}{path}?{urlencode(parameters)}" if parameters else self._address + path


def _parsed(status: int, content: bytes) -> Reply:
    """Return the JSON object of a reply, whatever media type it claims: jscode2session says text/plain."""
    try:
        reply = json.loads(content) if status == OK else None
    except ValueError:
        reply = None
    if not isinstance(reply, dict):
        raise WeChatUnavailable(BUSY)
    return reply


def error_code(reply: Reply) -> int:
    """Return the error code of a reply; one without any is a success."""
    code = reply.get("errcode", 0)
    return code if isinstance(code, int) else -1

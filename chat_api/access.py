"""Who is asking: nobody in particular, a program with a key, or a person of a mini-program."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final, Literal

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chat_api.settings import ServerSettings
from chat_api.state import SessionStore
from corpus.access_errors import NotLoggedIn
from corpus.errors import SettingsInvalid

WECHAT_HEADER_PREFIX: Final = b"x-wx-"
NOT_LOGGED_IN: Final = {
    "api_key": "需要有效的密钥：请求头 Authorization: Bearer 密钥。",
    "wechat": "登录已过期，请重新打开小程序。",
    "cloudrun": "请从微信小程序里提问。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who sent a request.

    Attributes:
        openid: A person of the mini-program, or None. Never shown or logged.
        token: The person's session, or None.
    """

    openid: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a request counts for, as far as its headers alone say.

    Attributes:
        kind: A program with a key, or a person whom WeChat's cloud names.
        name: Of the key a checksum; "" for a person, who is counted when the openid is known.
    """

    kind: Literal["key", "user"]
    name: str = ""


class Access:
    """Decides who may ask, from the headers of a request."""

    def __init__(self, settings: ServerSettings, sessions: SessionStore) -> None:
        if settings.auth == "api_key" and not settings.api_keys:
            raise SettingsInvalid("WENGONG_AUTH=api_key 需要至少一个密钥，写在 WENGONG_API_KEYS 里（JSON 数组）。")
        self._auth = settings.auth
        self._key_checksums = [_checksum(key.get_secret_value()) for key in settings.api_keys]
        self._sessions = sessions

    async def asker(self, headers: Headers) -> Asker:
        """Return who sent a request.

        Raises:
            NotLoggedIn: If it may not be answered as it is.
            StateUnavailable: If the sessions cannot be read.
        """
        if self._auth == "none":
            return Asker()
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_key(token):
            return Asker()
        openid = await self._openid(headers, token if scheme.lower() == "bearer" else "")
        if not openid:
            raise NotLoggedIn(NOT_LOGGED_IN[self._auth])
        return Asker(openid=openid, token=token if self._auth == "wechat" else None)

    def caller(self, headers: Headers) -> Caller | None:
        """Return who a request counts for; None where only its address tells."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_key(token):
            return Caller(kind="key", name=_checksum(token).hex())
        is_person = self._auth == "cloudrun" and headers.get("x-wx-source") and headers.get("x-wx-openid")
        return Caller(kind="user") if is_person else None

    async def _openid(self, headers: Headers, token: str) -> str | None:
        if self._auth == "cloudrun":
            # X-WX-SOURCE is what WeChat adds to calls of its own.
            return headers.get("x-wx-openid") if headers.get("x-wx-source") else None
        if self._auth == "wechat" and token:
            return await run_in_threadpool(self._sessions.openid_of, token)
        return None

    def _is_key(self, token: str) -> bool:
        checksum = _checksum(token)
        # All are compared, so that the time says nothing of which key was nearly right.
        return sum(hmac.compare_digest(checksum, known) for known in self._key_checksums) > 0


class WithoutWeChatHeaders:
    """ASGI middleware: takes away the headers of WeChat's cloud that say who asks; anybody can send them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            # In place: the observer outside looks for the route in the same scope.
            scope["headers"] = [pair for pair in scope["headers"] if not pair[0].startswith(WECHAT_HEADER_PREFIX)]
        await self._app(scope, receive, send)


def _checksum(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()

"""Pages and their files are sent compressed; pages are checked for newer ones each time, their files kept."""

from http import HTTPStatus
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES: Final = frozenset({"/", "/embed", "/widget.js"})
KEPT: Final = "public, max-age=31536000, immutable"
FOLDERS: Final = ("/static/", "/read/")


class CompressedPages:
    """ASGI middleware: compresses the public pages, and nothing that may hold a secret beside what somebody typed."""

    def __init__(self, app: ASGIApp, kept_below: str) -> None:
        """Prepare; what lies below the address `kept_below` never changes."""
        self._app = app
        self._kept_below = kept_below
        self._compressed = GZipMiddleware(app, minimum_size=500)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not (scope["path"] in PAGES or scope["path"].startswith(FOLDERS)):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_kept = scope["path"].startswith(self._kept_below) and message["status"] == HTTPStatus.OK
                MutableHeaders(scope=message).setdefault("Cache-Control", KEPT if is_kept else "no-cache")
            await send(message)

        await self._compressed(scope, receive, send_with_headers)

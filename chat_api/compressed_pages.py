"""Pages and their scripts are sent compressed, and checked for newer ones each time."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGES: Final = frozenset({"/", "/embed", "/widget.js"})
FOLDERS: Final = ("/static/", "/read/")


class CompressedPages:
    """ASGI middleware: compresses the public pages, and nothing that may hold a secret beside what somebody typed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressed = GZipMiddleware(app, minimum_size=500)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not (scope["path"] in PAGES or scope["path"].startswith(FOLDERS)):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Scripts of two versions that met in a browser's cache would not fit together.
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-cache")
            await send(message)

        await self._compressed(scope, receive, send_with_headers)

"""Requests that are too large are turned away before anything reads them."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat_api.errors import HTTP_MESSAGES, problem_response

MAX_BODY_BYTES = 64 * 1024
# Enough for any length there can be; int() refuses to read thousands of digits.
MAX_LENGTH_DIGITS = 20


class BodyLimit:
    """ASGI middleware: reads the body of a request up to a limit, and answers 413 beyond it.

    A part that is put into the service can name addresses with a limit of their own in `app.state.own_body_limits`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"} or _has_own_limit(scope):
            await self._app(scope, receive, send)
            return
        body = None if _announced_bytes(scope) > MAX_BODY_BYTES else await _read(receive)
        if body is None:
            response = problem_response(scope, 413, *HTTP_MESSAGES[413])
            await response(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


def _has_own_limit(scope: Scope) -> bool:
    return "app" in scope and scope["path"] in getattr(scope["app"].state, "own_body_limits", ())


def _announced_bytes(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0][:MAX_LENGTH_DIGITS]) if lengths and lengths[0].isdigit() else 0


async def _read(receive: Receive) -> bytes | None:
    """Return the whole body, or None when it is longer than the limit."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    is_read = False

    async def replay() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay

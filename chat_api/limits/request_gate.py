"""The first thing a request meets: is it too large to be looked at, are there too many like it, is there room?"""

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chat_api.access import Access
from chat_api.errors import HTTP_MESSAGES, problem_response
from chat_api.limits.answer_slots import AnswerSlots
from chat_api.limits.rate_limits import RateLimits
from chat_api.observability import Metrics
from corpus.limit_errors import Overloaded, RateLimited

MAX_HEADER_BYTES: Final = 16 * 1024
# Asked by machines, or sent from memory: they cost less than the counting.
NOT_COUNTED: Final = ("/static/", "/console/static/")
# The page without scripts says it in HTML, by its own route.
QUESTIONS: Final = frozenset({"/v1/ask", "/v1/chat/completions"})
OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestGate:
    """ASGI middleware: 431 to too many headers, 429 to too many requests of one caller, 503 where no answer is free.

    A question that cannot be answered in time is turned away here, before anything of it is read: saying no must cost
    less than answering.
    """

    def __init__(
        self, app: ASGIApp, access: Access, rate_limits: RateLimits, slots: AnswerSlots, metrics: Metrics
    ) -> None:
        self._app = app
        self._slots = slots
        self._access = access
        self._rate_limits = rate_limits
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _header_bytes(scope) > MAX_HEADER_BYTES:
            self._metrics.refused.labels("headers").inc()
            await problem_response(scope, 431, *HTTP_MESSAGES[431])(scope, receive, send)
            return
        try:
            await self._count(scope)
            if self._slots.is_full and scope["method"] == "POST" and scope["path"] in QUESTIONS:
                raise self._slots.turn_away()
        except Overloaded as error:
            await problem_response(scope, 503, error.code, error.message)(scope, receive, send)
            return
        except RateLimited as error:
            response = problem_response(scope, 429, error.code, error.message, error.retry_after_s)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _count(self, scope: Scope) -> None:
        path = scope["path"]
        if path in OPERATIONS or path.startswith(NOT_COUNTED):
            return
        caller = self._access.caller(Headers(scope=scope))
        if caller is None:
            # Without an address, as over a socket of this machine, all are one.
            await self._rate_limits.admit("address", scope["client"][0] if scope.get("client") else "")
        elif caller.kind == "key":
            await self._rate_limits.admit("key", caller.name)


def _header_bytes(scope: Scope) -> int:
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return address + sum(len(name) + len(value) for name, value in scope["headers"])

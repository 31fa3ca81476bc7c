"""What an operator can see of the service: one log line a request, and metrics. Never the text of a question."""

import re
import secrets
import sys
import time

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat_api.errors import HTTP_MESSAGES, problem_response

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Any other word in a method's place would be a label of its own, and a caller could make as many as it likes.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LATENCY_BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


def make_logger() -> structlog.typing.FilteringBoundLogger:
    """Return a logger that writes one JSON object a line to standard error, and changes no global setting."""
    logger: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(20),
    )
    return logger


class Metrics:
    """The numbers at `/metrics`, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wengong_http_requests_total", "HTTP requests.", ["route", "method", "status"], registry=self.registry
        )
        self.latency_seconds = Histogram(
            "wengong_http_request_seconds",
            "Time to answer an HTTP request.",
            ["route"],
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.answers = Counter("wengong_answers_total", "Answers by outcome.", ["status"], registry=self.registry)
        self.retrieval_seconds = Histogram(
            "wengong_retrieval_seconds",
            "Time to find an answer, without HTTP.",
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.feedback = Counter("wengong_feedback_total", "Feedback.", ["useful"], registry=self.registry)
        self.content_checks = Counter(
            "wengong_content_checks_total",
            "Checks of what people typed, by outcome.",
            ["outcome"],
            registry=self.registry,
        )
        self.official_account_replies = Counter(
            "wengong_official_account_replies_total",
            "Messages to the official account, by what became of them.",
            ["outcome"],
            registry=self.registry,
        )
        self.index_info = Gauge("wengong_index_info", "The served index version.", ["version"], registry=self.registry)

    def show_index(self, version: str) -> None:
        """Make a version the one that is served."""
        self.index_info.clear()
        self.index_info.labels(version).set(1)


class RequestObserver:
    """ASGI middleware: gives every request an id, and leaves one log line and its metrics behind.

    An error that nobody expected is logged here, and answered like any other unless an answer has already begun.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, logger: structlog.typing.FilteringBoundLogger) -> None:
        self._app = app
        self._metrics = metrics
        self._logger = logger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status, has_begun = time.perf_counter(), 500, False

        async def send_with_id(message: Message) -> None:
            nonlocal status, has_begun
            if message["type"] == "http.response.start":
                status, has_begun = message["status"], True
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            self._logger.exception("request failed", request_id=request_id, route=_route(scope))
            if has_begun:
                raise
            await problem_response(scope, 500, *HTTP_MESSAGES[500])(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - started
            route, method = _route(scope), scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.requests.labels(route, method, status).inc()
            self._metrics.latency_seconds.labels(route).observe(seconds)
            self._logger.info(
                "request",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                took_ms=round(seconds * 1000, 2),
            )


def _request_id(scope: Scope) -> str:
    """Return the id that a proxy gave the request, when it is a sound one, else a new one."""
    for name, value in scope["headers"]:
        given = value.decode("latin-1") if name == b"x-request-id" else ""
        if REQUEST_ID.fullmatch(given):
            return str(given)
    return secrets.token_hex(8)


def _route(scope: Scope) -> str:
    """Return the pattern that was matched, so that neither logs nor metrics hold what a person typed in an address."""
    route = scope.get("route")
    return str(getattr(route, "path", "unmatched"))

"""What an operator can see of the service: one log line a request, and metrics. Never the text of a question."""

import re
import secrets
import sys
import time
from pathlib import Path
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat_api.errors import HTTP_MESSAGES, problem_response

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Any other word in a method's place would be a label of its own, and a caller could make as many as it likes.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
STEP_BUCKETS_S = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5)
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
    """The numbers at `/metrics`, in a registry of their own; added up where several workers write into one folder.

    prometheus-client writes there when PROMETHEUS_MULTIPROC_DIR was set before it was imported, as `workers` does it.
    """

    def __init__(self, worker_folder: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self._worker_folder = worker_folder
        self._version = ""
        self._add_requests()
        self._add_answers()
        self._add_troubles()

    def show_index(self, version: str) -> None:
        """Make a version the one that is served."""
        if self._worker_folder is None:
            self.index_info.clear()
        elif self._version:
            # What several processes share cannot be taken back, only be set to none.
            self.index_info.labels(self._version).set(0)
        self.index_info.labels(version).set(1)
        self.index_openings.labels("opened").inc()
        self._version = version

    def count_limit(self, event: str) -> None:
        """Count a request that was one too many of its kind, or a Redis that could not say so."""
        if event == "redis_unavailable":
            self.redis_failures.inc()
        else:
            self.refused.labels(event).inc()

    def count_answer(self, status: str, seconds: float, steps_ms: dict[str, float]) -> None:
        """Count an answer, and the time that it and each of its steps took."""
        self.answers.labels(status).inc()
        self.retrieval_seconds.observe(seconds)
        for step, milliseconds in steps_ms.items():
            self.step_seconds.labels(step).observe(milliseconds / 1000)

    def exposition(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        if self._worker_folder is None:
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._worker_folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _add_requests(self) -> None:
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

    def _add_answers(self) -> None:
        self.answers = Counter("wengong_answers_total", "Answers by outcome.", ["status"], registry=self.registry)
        self.retrieval_seconds = Histogram(
            "wengong_retrieval_seconds",
            "Time to find an answer, without HTTP.",
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.step_seconds = Histogram(
            "wengong_step_seconds",
            "Time of each step of an answer.",
            ["step"],
            buckets=STEP_BUCKETS_S,
            registry=self.registry,
        )
        self.answers_running = self._gauge("wengong_answers_running", "Questions that are being answered.")
        self.answers_waiting = self._gauge("wengong_answers_waiting", "Questions that wait to be answered.")
        self.index_info = self._gauge("wengong_index_info", "Processes that serve an index version.", "version")
        self.index_openings = Counter(
            "wengong_index_openings_total",
            "Published index versions that were looked at, by outcome: opened, or the error's code.",
            ["outcome"],
            registry=self.registry,
        )

    def _add_troubles(self) -> None:
        self.errors = Counter(
            "wengong_errors_total", "Expected errors that people were told, by code.", ["code"], registry=self.registry
        )
        self.refused = Counter(
            "wengong_refused_total",
            "Requests that were turned away so that others are served, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.records_lost = Counter(
            "wengong_records_lost_total",
            "Answers that were given, but could not be counted or logged.",
            registry=self.registry,
        )
        self.redis_failures = Counter(
            "wengong_redis_failures_total",
            "Times that Redis was found to be gone, and limits were counted on this machine.",
            registry=self.registry,
        )

    def _gauge(self, name: str, documentation: str, *labels: str) -> Gauge:
        mode: Literal["livesum"] = "livesum"
        return Gauge(name, documentation, labels, registry=self.registry, multiprocess_mode=mode)


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

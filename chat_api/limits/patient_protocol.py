"""HTTP connections that are given up when nothing comes of them: uvicorn's own protocol waits for ever."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import uvicorn
from fastapi import FastAPI

from chat_api.limits.rate_limits import network_of
from chat_api.limits.settings import LimitSettings

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as FastestProtocol
else:
    # Chosen by uvicorn at run time, by what is installed.
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as FastestProtocol

GRACEFUL_STOP_S: Final = 10

# Twice what an application would be shown, so that most who send too much are told so.
MAX_HEAD_BYTES: Final = 32 * 1024
# Who sends a body more slowly than this is not on a bad network, but keeps a connection busy.
LEAST_BYTES_PER_S: Final = 1024
_CLOSING: Final = "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n{more}\r\n"
TOO_SLOW: Final = _CLOSING.format(status="408 Request Timeout", more="").encode()
TOO_LARGE: Final = _CLOSING.format(status="431 Request Header Fields Too Large", more="").encode()
TOO_MANY: Final = _CLOSING.format(status="503 Service Unavailable", more="retry-after: 5\r\n").encode()


class ServerConfig(uvicorn.Config):
    """What uvicorn is told: to serve an app, or what makes one in each worker, within some limits."""

    def __init__(self, app: FastAPI | Callable[[], FastAPI], limits: LimitSettings, workers: int = 1) -> None:
        super().__init__(
            app,
            http=PatientProtocol,
            ws="none",
            factory=not isinstance(app, FastAPI),
            workers=workers,
            # Of its own accord h11 would give up earlier, with an answer that says nothing.
            h11_max_incomplete_event_size=2 * MAX_HEAD_BYTES,
            forwarded_allow_ips=limits.trusted_proxies,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_STOP_S,
        )
        self.limits = limits
        # How many connections each address has open.
        self.open_by: Counter[str] = Counter()


class PatientProtocol(FastestProtocol):
    """One connection; a request that does not come to its end in time, or has too long a head, closes it."""

    config: ServerConfig
    _alarm: asyncio.TimerHandle | None = None
    _started_at_s = 0.0
    _received_bytes = 0
    # The request before the one that is coming in now.
    _earlier: object = None
    # Whose connection it is; "" where nobody is counted.
    _peer = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; one connection too many ends at once."""
        super().connection_made(transport)
        limits, open_by = self.config.limits, self.config.open_by
        if self.client is not None and not limits.trusts(self.client[0]):
            self._peer = network_of(self.client[0])
            open_by[self._peer] += 1
        if len(self.connections) > limits.max_connections or open_by[self._peer] > limits.max_connections_per_address:
            self._give_up(TOO_MANY)
        else:
            self._expect_request()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._alarm is None:
            self._expect_request()
        self._received_bytes += len(data)
        super().data_received(data)
        if self._is_whole():
            self._stop_waiting()
        elif self.cycle is self._earlier and self._received_bytes > MAX_HEAD_BYTES:
            self._give_up(TOO_LARGE)

    def on_response_complete(self) -> None:
        """Go on with the next request, of which something may have come already."""
        before = self.cycle
        super().on_response_complete()
        if self.cycle is not before and self.cycle.more_body and self._alarm is None:
            self._expect_request()
            self._earlier = before

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        if self._peer:
            self.config.open_by[self._peer] -= 1
            if not self.config.open_by[self._peer]:
                del self.config.open_by[self._peer]
        super().connection_lost(exc)

    def _expect_request(self) -> None:
        self._earlier, self._received_bytes, self._started_at_s = self.cycle, 0, self.loop.time()
        self._alarm = self.loop.call_later(self.config.limits.request_timeout_s, self._look)

    def _look(self) -> None:
        self._alarm = None
        if self._is_whole() or self.transport.is_closing():
            return
        has_head = self.cycle is not self._earlier
        if has_head and self._received_bytes >= LEAST_BYTES_PER_S * (self.loop.time() - self._started_at_s):
            self._alarm = self.loop.call_later(self.config.limits.request_timeout_s, self._look)
        else:
            self._give_up(TOO_SLOW)

    def _is_whole(self) -> bool:
        return self.cycle is not self._earlier and not self.cycle.more_body

    def _stop_waiting(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _give_up(self, words: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(words)
            self.transport.close()

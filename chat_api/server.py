"""Runs the service on a socket of this machine, in one process or in several."""

import gc
import resource
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from chat_api.app import create_app
from chat_api.limits.patient_protocol import ServerConfig
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from chat_api.workers import WorkerPlan, serve_with_workers
from corpus.errors import AddressUnavailable
from retriever.settings import RetrieverSettings, read_settings

# Who takes nothing of an answer for so long is gone.
UNREAD_LIMIT_MS: Final = 30_000
# Index, database, log and what comes and goes, beside the connections.
OTHER_FILES: Final = 200


def serve(
    settings: ServerSettings,
    retriever_settings: RetrieverSettings,
    announce: Callable[[str], None],
    extend: Callable[[FastAPI], None] | None = None,
) -> None:
    """Serve until the process is told to stop.

    Args:
        settings: Where to listen and what to say.
        retriever_settings: Where the index lies.
        announce: Called once with the address, when questions can be asked.
        extend: Called with the service before it starts, to put more into it; with several workers in each of them,
            for which it must be something that can be pickled.

    Raises:
        AddressUnavailable: If another program listens there, or the address is not this machine's.
        EncoderError: If the encoder cannot be loaded.
        StateUnavailable: If the database cannot be opened.
    """
    limits = read_settings(LimitSettings)
    listener = _listener(settings)
    _allow_files(limits.max_connections + OTHER_FILES)

    def announced() -> None:
        announce(_address(settings.host, listener.getsockname()[1]))

    if settings.workers > 1:
        plan = WorkerPlan(
            settings=settings, retriever_settings=retriever_settings, limit_settings=limits, extend=extend
        )
        serve_with_workers(plan, listener, announced)
        return
    # Requests run side by side; several threads for the products of one only wait for each other.
    threadpool_limits(1)
    app = create_app(settings, retriever_settings, limit_settings=limits)
    if extend is not None:
        extend(app)
    _AnnouncingServer(ServerConfig(app, limits), announced).run(sockets=[listener])


def can_listen(settings: ServerSettings) -> None:
    """Return when the address to listen on is free.

    Raises:
        AddressUnavailable: If another program listens there, or the address is not this machine's.
    """
    _listener(settings).close()


def _allow_files(count: int) -> None:
    """Let the process open so many files and connections, or as many as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _listener(settings: ServerSettings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise AddressUnavailable(
            f"无法监听 {settings.host}:{settings.port}（{error.strerror}）。换一个端口：wengong serve --port 8001"
        ) from error
    # Connections inherit it. asyncio does so itself for sockets of its own making only: without, the second part of an
    # answer waits until the first is acknowledged, 40 ms on a connection that is kept open.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # of Linux; connections inherit it
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_LIMIT_MS)
    return listener


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        # What lies here now stays, so that the collector need not look at it again and again.
        gc.freeze()
        if self.started:
            self._on_started()

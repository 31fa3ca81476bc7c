"""Runs the service on a socket of this machine."""

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from threadpoolctl import threadpool_limits

from chat_api.app import create_app
from chat_api.settings import ServerSettings
from corpus.errors import AddressUnavailable
from retriever.settings import RetrieverSettings

GRACEFUL_STOP_S = 10


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
        extend: Called with the service before it starts, to put more into it.

    Raises:
        AddressUnavailable: If another program listens there, or the address is not this machine's.
        EncoderError: If the encoder cannot be loaded.
        StateUnavailable: If the database cannot be opened.
    """
    listener = _listener(settings)
    # Requests run side by side; several threads for the products of one only wait for each other.
    threadpool_limits(1)
    app = create_app(settings, retriever_settings)
    if extend is not None:
        extend(app)
    server = _AnnouncingServer(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACEFUL_STOP_S,
        ),
        lambda: announce(_address(settings.host, listener.getsockname()[1])),
    )
    server.run(sockets=[listener])


def _listener(settings: ServerSettings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise AddressUnavailable(
            f"无法监听 {settings.host}:{settings.port}（{error.strerror}）。换一个端口：wengong serve --port 8001"
        ) from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

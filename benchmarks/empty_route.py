"""A FastAPI service whose only route says the same every time: what the framework alone costs.

.venv/bin/python -m benchmarks.empty_route ANSWER.json
"""

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from chat_api.limits.patient_protocol import ServerConfig
from chat_api.limits.settings import LimitSettings


def create_app(answer: dict[str, Any]) -> FastAPI:
    """Return a service that takes any JSON and gives this one."""
    app = FastAPI()

    @app.post("/v1/ask")
    async def ask(_: dict[str, Any]) -> dict[str, Any]:
        return answer

    return app


def main() -> None:
    """Serve on a free port, which is announced as `wengong serve` does it."""
    config = ServerConfig(create_app(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), LimitSettings())
    config.port = 0
    listener = config.bind_socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as the service does
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True)  # noqa: T201
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()

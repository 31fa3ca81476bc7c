"""A real service in a process of its own."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

WORKERS = 4


class Service(NamedTuple):
    """A running service: its process and where it listens."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def ask(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Send one request over a connection of its own, so that any worker may get it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} | (headers or {})
        connection.request("GET" if body is None else "POST", path, content, sent)
        response = connection.getresponse()
        read = response.read()
        connection.close()
        return response.status, read

    def versions(self) -> set[str]:
        """The index versions that many requests in a row meet."""
        return {json.loads(self.ask("/readyz")[1])["index_version"] for _ in range(WORKERS * 5)}

    def metric(self, line: str) -> float:
        """The value of one line of the metrics."""
        text = self.ask("/metrics")[1].decode()
        found = re.search(rf"^{re.escape(line)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


Start = Callable[..., Service]


def apart(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What a function returns that is called in a thread of its own, where no browser keeps an event loop running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments, **named).result()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that runs `wengong serve` on a data folder with some settings."""
    with ExitStack() as stack:

        def started(data: Path, workers: int = WORKERS, **settings: str) -> Service:
            log = tmp_path / f"log-{time.monotonic_ns()}"
            given = {f"WENGONG_{name.upper()}": value for name, value in settings.items()}
            environment = {"PATH": os.environ["PATH"], "WENGONG_DATA": str(data), **given}  # noqa: TID251
            command = [sys.executable, "-m", "wengong", "serve", "--port", "0", "--workers", str(workers)]
            with log.open("w") as written:
                process = subprocess.Popen(command, stderr=written, env=environment, text=True)
            stack.callback(stop, process)
            while not (announced := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())):
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            return Service(process, int(announced[1]), log)

        yield started


def stop(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise

"""A running service, and clients that ask it."""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from retriever.normalise import MAX_QUESTION_CHARACTERS

REPOSITORY = Path(__file__).resolve().parent.parent
QUESTIONS = REPOSITORY / "eval" / "datasets" / "worker-questions" / "rows.jsonl"
# Less than the `Retry-After` of 5 s: people are less patient than programs.
PAUSE_AFTER_REFUSAL_S = 2.0
SERVE = ("-m", "wengong", "serve", "--port", "0")


def labelled_questions() -> list[str]:
    """Return the labelled questions; those that are refused (blank, too long, control characters) are left out."""
    rows = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row.strip().isprintable() and 0 < len(row.strip()) <= MAX_QUESTION_CHARACTERS]


@dataclass
class Load:
    """What clients met."""

    answered_ms: list[float] = field(default_factory=list)
    refused_ms: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Running:
    """A service that runs: where it listens, and its process."""

    port: int
    process_id: int


@contextmanager
def service(data: Path, settings: dict[str, str], log: Path, program: Sequence[str] = SERVE) -> Iterator[Running]:
    """Run `wengong serve`, or another program that announces its address, until the end of the block."""
    environment = {"PATH": "/usr/bin:/bin", "WENGONG_DATA": str(data), "WENGONG_RATE_LIMIT": "off", **settings}
    with log.open("w") as written:
        process = subprocess.Popen([sys.executable, *program], stderr=written, env=environment, cwd=REPOSITORY)
    while not (announced := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())):
        if process.poll() is not None:
            raise SystemExit(log.read_text())
        time.sleep(0.1)
    try:
        yield Running(int(announced[1]), process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: str) -> int:
    """Send one question and return the status of its answer."""
    body = json.dumps({"question": question}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    answer_head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    await reader.readexactly(int(answer_head.split("content-length: ")[1].split("\r\n")[0]))
    return int(answer_head.split(" ")[1])


async def client(port: int, questions: list[str], number: int, until: float, load: Load) -> None:
    """Ask one question after the other until the time is over."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            started = time.perf_counter()
            status = await ask(reader, writer, questions[number % len(questions)])
            number += 7919  # a prime: every client walks through all questions in an order of its own
            took_ms = (time.perf_counter() - started) * 1000
            if status == HTTPStatus.OK:
                load.answered_ms.append(took_ms)
            elif status == HTTPStatus.SERVICE_UNAVAILABLE:
                load.refused_ms.append(took_ms)
                await asyncio.sleep(PAUSE_AFTER_REFUSAL_S)
            else:
                load.failed += 1
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        load.failed += 1


async def press(port: int, questions: list[str], clients: int, seconds: float) -> Load:
    """Let so many clients ask for some seconds."""
    load = Load()
    started = time.perf_counter()
    await asyncio.gather(*(client(port, questions, number, started + seconds, load) for number in range(clients)))
    load.seconds = time.perf_counter() - started
    return load


def quantile_ms(values_ms: list[float], share: float) -> float:
    """Return a quantile of at least one time: the smallest that at least such a share does not exceed."""
    return sorted(values_ms)[min(len(values_ms) - 1, int(share * len(values_ms)))]

"""Many mini-program users at once: each logs in and asks three questions, over HTTP, beside a fake WeChat.

    .venv/bin/python -m benchmarks.wechat_users --users 500

Fake and service are processes of their own on this machine; so the figure holds for the cores that all three share.
Each user arrives within the first seconds and reads for a while between
questions; `--read-s 0 --arrive-s 0` sends everything at once instead. The exit code is 1 when a request failed.
"""

import argparse
import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from retriever.normalise import MAX_QUESTION_CHARACTERS

REPOSITORY = Path(__file__).resolve().parent.parent
QUESTIONS = REPOSITORY / "eval" / "datasets" / "worker-questions" / "rows.jsonl"
# All users come from one address here.
APP = {"WENGONG_AUTH": "wechat", "WENGONG_RATE_LIMIT": "off", "WENGONG_WECHAT_APPID": "wx0000000000000fake"}
APP_SECRET = "fake-secret-0123456789abcdef01234"  # noqa: S105 -- of the fake
ASKED_EACH = 3
LOGIN, ASK = "/v1/wechat/login", "/v1/ask"


@dataclass
class Seen:
    """What the users saw: the time of each request by kind, and what went wrong."""

    took_ms: dict[str, list[float]] = field(default_factory=lambda: {LOGIN: [], ASK: []})
    failed: list[str] = field(default_factory=list)
    in_flight: int = 0
    peak_in_flight: int = 0
    online: int = 0
    peak_online: int = 0


async def post(port: int, seen: Seen, path: str, body: dict[str, str], token: str = "") -> dict[str, str]:
    """Send a request over a connection of its own, and note how long the answer took."""
    content = json.dumps(body, ensure_ascii=False).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: here", "Content-Type: application/json", "Connection: close"]
    lines += [f"Content-Length: {len(content)}", *([f"Authorization: Bearer {token}"] if token else [])]
    started = time.perf_counter()
    seen.in_flight += 1
    seen.peak_in_flight = max(seen.peak_in_flight, seen.in_flight)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("\r\n".join([*lines, "", ""]).encode() + content)
    head, _, answered = (await reader.read(-1)).partition(b"\r\n\r\n")
    writer.close()
    seen.in_flight -= 1
    seen.took_ms[path].append((time.perf_counter() - started) * 1000)
    answer: dict[str, str] = json.loads(answered or b"{}")
    if not head.startswith(b"HTTP/1.1 200") or answer.get("question_check", "pass") != "pass":
        seen.failed.append(f"{path} {head[:40]!r} {answer.get('code')} {answer.get('question_check')}")
    return answer


async def use(number: int, port: int, questions: list[str], seen: Seen, given: argparse.Namespace) -> None:
    """Be one user."""
    await asyncio.sleep(random.uniform(0, given.arrive_s))
    seen.online += 1
    seen.peak_online = max(seen.peak_online, seen.online)
    token = (await post(port, seen, LOGIN, {"code": f"user-{number}"})).get("token", "")
    for question in questions:
        await asyncio.sleep(random.uniform(0.5, 1.5) * given.read_s)
        await post(port, seen, ASK, {"question": question}, token)
    seen.online -= 1


async def run(ports: list[int], given: argparse.Namespace) -> Seen:
    """Return what all users saw."""
    rows = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    # Those that must be refused (blank, too long, with control characters) would count as failed.
    rows = [row for row in rows if row.strip().isprintable() and 0 < len(row.strip()) <= MAX_QUESTION_CHARACTERS]
    seen = Seen()
    picked = [random.sample(rows, ASKED_EACH) for _ in range(given.users)]
    people = (use(n, ports[n % len(ports)], asked, seen, given) for n, asked in enumerate(picked))
    await asyncio.gather(*people)
    return seen


@contextmanager
def started(command: list[str], settings: dict[str, str], announcement: str) -> Iterator[str]:
    """Run a program until its line that matches, and give the first group of it."""
    pairs = [f"{name}={value}" for name, value in settings.items()]
    with subprocess.Popen(
        ["/usr/bin/env", *pairs, sys.executable, *command],
        cwd=REPOSITORY,
        stdout=-1,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output: Iterable[str] = process.stdout or ()
        found = next(match for line in output if (match := re.search(announcement, line)))
        # Read on, so that the pipe never fills up.
        reader = threading.Thread(target=lambda: [None for _ in output])
        reader.start()
        try:
            yield found[1]
        finally:
            process.terminate()
            process.wait(30)
            reader.join(10)


def report(seen: Seen, seconds: float) -> bool:
    """Print the figures, and return whether all went well."""
    for path, took_ms in seen.took_ms.items():
        ordered = sorted(took_ms)
        shown = {part: ordered[min(int(part / 100 * len(ordered)), len(ordered) - 1)] for part in (50, 95, 99, 100)}
        figures = "  ".join(f"p{part} {value:.0f} ms" for part, value in shown.items())
        sys.stdout.write(f"{path:16}  {len(ordered)} requests  {figures}\n")
    every = sorted(value for took_ms in seen.took_ms.values() for value in took_ms)
    sys.stdout.write(f"all p99 {every[int(0.99 * len(every))]:.0f} ms, {len(every) / seconds:.0f} requests a second\n")
    sys.stdout.write(f"users online at once {seen.peak_online}, requests in flight at once {seen.peak_in_flight}\n")
    sys.stdout.write(f"failed {len(seen.failed)} {seen.failed[:3] or ''}\n")
    return not seen.failed


def main() -> None:
    """Start everything, run the users, print what they saw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--arrive-s", type=float, default=10, help="all arrive within so many seconds")
    parser.add_argument("--read-s", type=float, default=8, help="how long a user reads before the next question")
    parser.add_argument("--latency-ms", type=int, default=50, help="of the fake WeChat")
    parser.add_argument("--servers", type=int, default=1, help="processes of `wengong serve` on one data folder")
    given = parser.parse_args()
    with ExitStack() as stack:
        fake = stack.enter_context(
            started(["-m", "tests.wechat_fake", "--latency-ms", str(given.latency_ms)], {}, r"(http://[\d.:]+)")
        )
        data = stack.enter_context(tempfile.TemporaryDirectory())
        settings = {**APP, "WENGONG_WECHAT_SECRET": APP_SECRET, "WENGONG_WECHAT_API": fake, "WENGONG_DATA": data}
        serve = ["-m", "wengong", "serve", "--port", "0"]
        ports = [
            int(stack.enter_context(started(serve, settings, r"已启动.*?http://127\.0\.0\.1:(\d+)")))
            for _ in range(given.servers)
        ]
        began = time.perf_counter()
        seen = asyncio.run(run(ports, given))
        is_well = report(seen, time.perf_counter() - began)
    sys.exit(not is_well)


if __name__ == "__main__":
    main()

"""Requests that nobody should send, by the thousand: none of them may be a 500.

    .venv/bin/python -m benchmarks.fuzz --requests 1000000        # make fuzz

A real service gets random requests for every route of its description, and some for none: bodies that are nearly right,
bodies that are not JSON, questions of all kinds of characters, labelled questions that were cut and mixed, odd methods,
addresses, headers and query strings. The same seed sends the same requests.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.clients import Running, labelled_questions, service

CONNECTIONS = 8
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "QUERY")
ODD_TEXTS = (
    "", " ", "\u200b", "\x00", "\ud800", "😀" * 300, "问" * 501, "A" * 5000, "%", "%00", "../..", "第0问",
    "第999999999999问",
    "第-1问", "<script>", "' or 1=1 --", "\u202e工会", "é" * 200, "一" * 500, "\n\t\r", "第三十八问" * 40, "nan",
    "1e400",
    "۱۲۳", "𝟛𝟠", "工\u0301会", "?" * 500, "那" * 20, "。" * 100, "q38 第7届 10+N 25条 2.5%", "劳动合同法第十九条之一",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 3.5, 1e308, 10**30, [], {}, [[]], {"a": {"b": []}}, "x", [None], ["a"] * 50,
    {"question": "工会"},
)  # fmt: skip


def texts(chance: random.Random, questions: list[str]) -> str:
    """Return a text: odd, labelled, cut, mixed of two, or of random characters."""
    match chance.randrange(5):
        case 0:
            return chance.choice(ODD_TEXTS)
        case 1:
            return chance.choice(questions)
        case 2:
            question = chance.choice(questions)
            return question[chance.randrange(len(question)) :] + chance.choice(ODD_TEXTS)
        case 3:
            return chance.choice(questions)[:20] + chance.choice(questions)[-20:]
        case _:
            return "".join(
                chr(chance.choice((chance.randrange(0x250), chance.randrange(0x4E00, 0x9FFF)))) for _ in range(9)
            )


def bodies(chance: random.Random, questions: list[str]) -> bytes:
    """Return the body of a question, of feedback or of something else, right or not."""
    text = texts(chance, questions)
    body: Any = chance.choice(
        (
            {"question": text},
            {"question": text, "history": [texts(chance, questions) for _ in range(chance.randrange(13))]},
            {"question": text, "limit": chance.choice(ODD_VALUES), "handbook": chance.choice(ODD_VALUES)},
            {"question": text, "text_max_bytes": chance.randrange(50, 3000)},
            {
                "model": chance.choice(("wengong", "industrial-workers-50", text)),
                "messages": [{"role": "user", "content": text}],
            },
            {
                "messages": [{"role": chance.choice(("user", "system", text)), "content": chance.choice(ODD_VALUES)}],
                "stream": True,
            },
            {
                "answer_id": chance.choice(("a_0123456789abcdef", text)),
                "useful": chance.choice(ODD_VALUES),
                "reason": text,
            },
            {"code": text},
            chance.choice(ODD_VALUES),
        )
    )
    written = json.dumps(body).encode()
    match chance.randrange(8):
        case 0:
            return written[: chance.randrange(len(written) + 1)]
        case 1:
            return bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
        case 2:
            return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        case _:
            return written


def requests(seed: int, routes: list[tuple[str, str]], questions: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield requests without end, each with the route that it is meant for."""
    chance = random.Random(seed)
    while True:
        method, route = chance.choice(routes)
        path = "/".join(
            quote(texts(chance, questions).encode("utf-8", "surrogatepass"), safe="") if part.startswith("{") else part
            for part in route.split("/")
        )
        if chance.random() < 0.5:  # noqa: PLR2004 - a fair coin
            query = {chance.choice(("q", "limit", "lang", "h", "x")): texts(chance, questions) for _ in range(2)}
            path += "?" + urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in query.items()})
        if chance.random() < 0.1:  # noqa: PLR2004
            method = chance.choice(METHODS)
        body = bodies(chance, questions) if method not in {"GET", "HEAD"} or chance.random() < 0.1 else b""  # noqa: PLR2004
        kind = chance.choice(
            ("application/json",) * 6 + ("text/plain", "application/x-www-form-urlencoded", "", "x/y; q")
        )
        lines = [f"{method} {path} HTTP/1.1", "Host: a", f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
        if chance.random() < 0.1:  # noqa: PLR2004
            lines.append(
                chance.choice(("Authorization: Bearer x", "Authorization: Basic :", "Cookie: a=b; =", "Accept: ;;"))
            )
        yield route, "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body


async def status_of(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bool]:
    """Send a request and return the status of its answer, and whether the connection stays open."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, is_head = int(head.split(" ")[1]), request.startswith(b"HEAD ")
    if "transfer-encoding: chunked" in head and not is_head:
        while (size := int(await reader.readline(), 16)) >= 0:
            await reader.readexactly(size + 2)
            if size == 0:
                break
    elif "content-length: " in head and not is_head:
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
    return status, "connection: close" not in head


async def send_all(running: Running, count: int, seed: int, routes: list[tuple[str, str]]) -> Counter[tuple[str, int]]:
    """Send so many requests and return how often each route gave each status; 0 for a connection that broke."""
    source = requests(seed, routes, labelled_questions())
    seen: Counter[tuple[str, int]] = Counter()
    left = count

    async def one_connection() -> None:
        nonlocal left
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        while left > 0:
            left -= 1
            route, request = next(source)
            try:
                status, stays = await status_of(reader, writer, request)
            except (OSError, asyncio.IncompleteReadError):
                status, stays = 0, False
            seen[route, status] += 1
            if not stays:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))
    return seen


def routes_of(running: Running) -> list[tuple[str, str]]:
    """Return the routes of the description, and some that are not in it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/openapi.json") as response:
        paths = json.load(response)["paths"]
    described = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [
        *described,
        ("GET", "/"),
        ("POST", "/"),
        ("GET", "/{any}"),
        ("GET", "/console/{any}"),
        ("GET", "/widget.js"),
    ]


def main() -> None:
    """Send them and print a table in Markdown; the exit code is 1 when the service failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        with service(Path(folder) / "data", {}, Path(folder) / "log") as running:
            seen = asyncio.run(send_all(running, given.requests, given.seed, routes_of(running)))
        tracebacks = (Path(folder) / "log").read_text(encoding="utf-8").count("Traceback")
    failed = sum(count for (_, status), count in seen.items() if status in {0, 500})
    statuses = sorted({status for _, status in seen})
    print("| route | " + " | ".join(map(str, statuses)) + " |\n|---" + "|---" * len(statuses) + "|")  # noqa: T201
    for route in sorted({route for route, _ in seen}):
        print(f"| {route} | " + " | ".join(f"{seen[route, status] or ''}" for status in statuses) + " |")  # noqa: T201
    minutes = (time.monotonic() - began) / 60
    print(f"\n{given.requests:,} requests in {minutes:.1f} min: {failed} failed, {tracebacks} tracebacks.")  # noqa: T201
    raise SystemExit(bool(failed or tracebacks))


if __name__ == "__main__":
    main()

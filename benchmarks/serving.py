"""What serving costs beside answering: the service, and an empty route of the same server, asked by the same clients.

    .venv/bin/python -m benchmarks.serving --rounds 3 --seconds 10

Both are run in turn, several times over, and the ratio of each round is shown: this machine is noisy, a ratio is less
so. Every question differs from the one before; nothing is answered from a cache.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.clients import SERVE, Load, ask, labelled_questions, press, quantile_ms, service

CLIENTS = 8
SEED = 7
TYPICAL_QUESTION = "农民工怎么提升学历"


async def paced(port: int, questions: list[str], asked_per_s: float, seconds: float) -> Load:
    """Ask at random moments, so many a second; the time of an answer counts from the moment it was due."""
    load, chance, due = Load(seconds=seconds), random.Random(SEED), 0.0
    waiting: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    for number in range(int(asked_per_s * seconds)):
        due += chance.expovariate(asked_per_s)
        waiting.put_nowait((due, questions[number * 7919 % len(questions)]))
    began = time.perf_counter()

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not waiting.empty():
            moment, question = waiting.get_nowait()
            await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
            await ask(reader, writer, question)
            load.answered_ms.append((time.perf_counter() - began - moment) * 1000)
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(4 * CLIENTS)))
    return load


def typical_answer(data: Path, log: Path) -> bytes:
    """Return the JSON of one answer."""
    with service(data, {}, log) as running:
        request = urllib.request.Request(
            f"http://127.0.0.1:{running.port}/v1/ask",
            json.dumps({"question": TYPICAL_QUESTION}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:  # noqa: S310 - an address of this machine
            body: bytes = response.read()
            return body


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    questions = labelled_questions()
    print("| round | service | answers a second | p50 ms at half load | p99 ms at half load |")  # noqa: T201
    print("|---|---|---|---|---|")  # noqa: T201
    shares, delays = [], []
    with tempfile.TemporaryDirectory() as folder:
        data, log, stored = Path(folder) / "data", Path(folder) / "log", Path(folder) / "answer.json"
        stored.write_bytes(typical_answer(data, log))
        programs = {"empty route": ("-m", "benchmarks.empty_route", str(stored)), "wengong": SERVE}
        for number in range(1, given.rounds + 1):
            rates, p99s = {}, {}
            for name, program in programs.items():
                with service(data, {}, log, program) as running:
                    asyncio.run(press(running.port, questions, CLIENTS, 1.0))
                    full = asyncio.run(press(running.port, questions, CLIENTS, given.seconds))
                    rates[name] = len(full.answered_ms) / full.seconds
                    half = asyncio.run(paced(running.port, questions, rates[name] / 2, given.seconds))
                p99s[name] = quantile_ms(half.answered_ms, 0.99)
                p50 = quantile_ms(half.answered_ms, 0.5)
                print(f"| {number} | {name} | {rates[name]:.0f} | {p50:.1f} | {p99s[name]:.1f} |", flush=True)  # noqa: T201
            shares.append(rates["wengong"] / rates["empty route"])
            delays.append(p99s["wengong"] / p99s["empty route"])
    share, delay = statistics.median(shares), statistics.median(delays)
    print(f"\nThroughput: {share:.2f} of the empty route's; p99 at half load: {delay:.1f} times its p99 (medians).")  # noqa: T201


if __name__ == "__main__":
    main()

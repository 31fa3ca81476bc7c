"""What becomes of the time of an answer when far more is asked than can be answered.

    .venv/bin/python -m benchmarks.overload --clients 8,64,512,2048

So many clients ask without a pause, each over a connection of its own; once with the limits of the settings, and once
with a queue without end. Service and clients share the cores of this machine.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks.clients import labelled_questions, press, quantile_ms, service

LIMITS = {"as shipped": {}, "no limit": {"WENGONG_ANSWER_QUEUE": "1000000", "WENGONG_ANSWER_WAIT_S": "60"}}


def shown(values_ms: list[float], share: float) -> str:
    """A quantile in milliseconds, as text."""
    return f"{quantile_ms(values_ms, share):.0f}" if values_ms else "-"


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="8,64,512,2048")
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    questions = labelled_questions()
    print("| limits | clients | answered a second | p50 ms | p99 ms | refused a second | their p99 ms | failed |")  # noqa: T201
    print("|---|---|---|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as folder:
        for name, settings in LIMITS.items():
            with service(Path(folder) / "data", settings, Path(folder) / "log") as running:
                for clients in map(int, given.clients.split(",")):
                    load = asyncio.run(press(running.port, questions, clients, given.seconds))
                    print(  # noqa: T201
                        f"| {name} | {clients} | {len(load.answered_ms) / load.seconds:.0f} "
                        f"| {shown(load.answered_ms, 0.5)} | {shown(load.answered_ms, 0.99)} "
                        f"| {len(load.refused_ms) / load.seconds:.0f} | {shown(load.refused_ms, 0.99)} "
                        f"| {load.failed} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()

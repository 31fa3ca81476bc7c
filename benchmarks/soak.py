"""Publishing over and over under load: does a request fail, does memory grow, do files stay open?

    .venv/bin/python -m benchmarks.soak --minutes 30        # make soak

A real service answers questions without a pause while two versions of a small handbook are published in turn. What is
told at the end: requests that failed, publications, and memory and open files after the first tenth and at the end.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.clients import labelled_questions, press, quantile_ms, service
from ingest.handbook import SHIPPED_HANDBOOKS
from ingest.pipeline import build_index
from retriever.encoder_choice import open_encoder
from retriever.publish import current_version_folder, switch_back

HANDBOOK = SHIPPED_HANDBOOKS / "industrial-workers-50"
CLIENTS = 2
MEGABYTE = 1_000_000
SETTLED = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakFigures:
    """What became of the service.

    Attributes:
        minutes: How long it was asked.
        publications: How often another version was made the served one.
        answered: Requests that were answered.
        refused: Requests that were turned away as too many.
        failed: Connections that broke, or any other answer; must be 0.
        p99_ms: Of the answers.
        memory_mb_settled: Its own memory when a tenth of the time was over (median until a fifth was).
        memory_mb_end: The median of the last tenth.
        files_settled: Open files, sockets among them, likewise.
        files_end: Likewise.
    """

    minutes: float
    publications: int
    answered: int
    refused: int
    failed: int
    p99_ms: float
    memory_mb_settled: float
    memory_mb_end: float
    files_settled: float
    files_end: float


def soak(data: Path, minutes: float, pause_s: float) -> SoakFigures:
    """Return the figures of a service on an empty data folder; another version is published every `pause_s`."""
    versions = _two_versions(data / "index")
    questions = labelled_questions()
    with (
        service(data, {}, data / "log") as running,
        _publishing(data / "index", versions, pause_s) as publications,
        _watching(running.process_id) as seen,
    ):
        load = asyncio.run(press(running.port, questions, CLIENTS, minutes * 60))
    tenth = max(1, int(len(seen) * SETTLED))
    settled, end = seen[tenth : 2 * tenth] or seen[:1], seen[-tenth:]
    return SoakFigures(
        minutes=minutes,
        publications=len(publications),
        answered=len(load.answered_ms),
        refused=len(load.refused_ms),
        failed=load.failed,
        p99_ms=quantile_ms(load.answered_ms, 0.99),
        memory_mb_settled=statistics.median(memory for memory, _ in settled),
        memory_mb_end=statistics.median(memory for memory, _ in end),
        files_settled=statistics.median(files for _, files in settled),
        files_end=statistics.median(files for _, files in end),
    )


def _two_versions(index_folder: Path) -> list[str]:
    """Return the names of two versions: of the handbook, and of the handbook without its negative questions."""
    encoder = open_encoder()
    with tempfile.TemporaryDirectory() as folder:
        other = Path(folder) / HANDBOOK.name
        other.mkdir()
        for path in HANDBOOK.iterdir():
            if path.name != "negative_questions.jsonl":
                (other / path.name).write_bytes(path.read_bytes())
        names = []
        for source in (other, HANDBOOK):
            build_index([source], index_folder, encoder)
            names.append(current_version_folder(index_folder).name)
    return names


@contextmanager
def _publishing(index_folder: Path, versions: list[str], pause_s: float) -> Iterator[list[str]]:
    """Publish the versions in turn; give the list of those that were."""
    published: list[str] = []
    is_over = threading.Event()

    def publish() -> None:
        while not is_over.wait(pause_s):
            name = versions[len(published) % len(versions)]
            switch_back(name, index_folder)
            published.append(name)

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield published
    finally:
        is_over.set()
        thread.join()


@contextmanager
def _watching(process_id: int) -> Iterator[list[tuple[float, int]]]:
    """Give the megabytes and open files of a process, looked at every second."""
    seen: list[tuple[float, int]] = []
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(1.0):
            status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
            memory_mb = int(status.split("RssAnon:")[1].split()[0]) * 1024 / MEGABYTE
            seen.append((memory_mb, len(list(Path(f"/proc/{process_id}/fd").iterdir()))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def main() -> None:
    """Measure and print one JSON object; the exit code is 1 when a request failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--pause-s", type=float, default=1.8, help="Between two publications.")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        figures = soak(Path(folder), given.minutes, given.pause_s)
    print(json.dumps(asdict(figures) | {"seconds_in_all": round(time.monotonic() - began)}, indent=2))  # noqa: T201
    raise SystemExit(bool(figures.failed))


if __name__ == "__main__":
    main()

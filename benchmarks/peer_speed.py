"""How fast and how large other libraries are at the same work, each in an environment of its own.

    .venv/bin/python -m benchmarks.peer_speed --python txtai=/tmp/txtai/bin/python --python bm25s=/tmp/bm25s/bin/python

A library without an environment of its own is looked for in this one, and said to be missing where it is not there.
All search the shipped handbook's passages and ways to ask by the shipped encoder, one thread, and are asked the same
labelled questions one after the other, in processes that follow each other.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.peer_searches import SEARCHES

REPOSITORY = Path(__file__).resolve().parent.parent
ASKED = 300
WARM_UP = 20
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TOKENIZERS_PARALLELISM"), "1")
MEGABYTE = 1_000_000
COLUMNS = ("ready_s", "p50_ms", "p99_ms", "asked_per_s", "memory_mb", "installed_mb")


def measure(name: str, work: Path) -> dict[str, float]:
    """Return the figures of one library in this process; what it needs has been written to a folder."""
    texts, questions = (json.loads((work / f"{part}.json").read_bytes()) for part in ("texts", "questions"))
    started = time.perf_counter()
    search = SEARCHES[name](texts, work / "index")
    search.ask(questions[0])
    ready_s = time.perf_counter() - started
    for question in questions[:WARM_UP]:
        search.ask(question)
    times_ms = []
    for question in questions[:ASKED]:
        begun = time.perf_counter()
        search.ask(question)
        times_ms.append((time.perf_counter() - begun) * 1000)
    return {
        "ready_s": ready_s,
        "p50_ms": statistics.median(times_ms),
        "p99_ms": sorted(times_ms)[int(0.99 * len(times_ms))],
        "asked_per_s": 1000 * len(times_ms) / sum(times_ms),
        "memory_mb": _memory_mb(),
        "installed_mb": _installed_mb(),
    }


def _memory_mb() -> float:
    """Return how much memory this process has now, pages of files in it counted."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024 / MEGABYTE


def _installed_mb() -> float:
    """Return how much lies in this environment's packages."""
    packages = Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    kept = (path for path in packages.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sum(path.stat().st_size for path in kept) / MEGABYTE


def prepare(work: Path) -> None:
    """Write the texts, the questions and our index to a folder."""
    from benchmarks.clients import labelled_questions
    from eval.peers.texts import searched_texts
    from ingest.handbook import SHIPPED_HANDBOOKS
    from ingest.pipeline import build_index
    from retriever.encoder_choice import open_encoder
    from retriever.index import SearchIndex
    from retriever.publish import current_version_folder

    encoder, index_folder = open_encoder(), work / "index"
    started = time.perf_counter()
    build_index([SHIPPED_HANDBOOKS / "industrial-workers-50"], index_folder, encoder)
    print(f"Our index is built once and kept, in {time.perf_counter() - started:.1f} s.\n")  # noqa: T201
    index = SearchIndex.open(current_version_folder(index_folder), encoder.encoder_id)
    texts = [text.text for text in searched_texts(index)]
    (work / "texts.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    (work / "questions.json").write_text(json.dumps(labelled_questions(), ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FOLDER"), help="One library, in this process.")
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure[0], Path(given.measure[1]))))  # noqa: T201
        return
    pythons = dict(pair.split("=", 1) for pair in given.python)
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        print("| library | " + " | ".join(COLUMNS) + " |\n|---" + "|---" * len(COLUMNS) + "|")  # noqa: T201
        for name in SEARCHES:
            command = [pythons.get(name, sys.executable), "-m", "benchmarks.peer_speed", "--measure", name, folder]
            environment = {"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **ONE_THREAD}
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                reason = done.stderr.strip().splitlines()[-1]
                print(f"| {name} | not measured: {reason} |" + " |" * (len(COLUMNS) - 1))  # noqa: T201
                continue
            figures = json.loads(done.stdout.splitlines()[-1])
            print(f"| {name} | " + " | ".join(f"{figures[column]:.3g}" for column in COLUMNS) + " |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

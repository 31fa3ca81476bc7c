"""What an index of some handbooks costs: time, disk, memory, and how near its searches come to exact ones."""

import random
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.handbook import Handbook
from corpus.manifest import MANIFEST_NAME
from ingest.pipeline import build_index
from ingest.progress import Progress
from retriever.encoder import Encoder
from retriever.index_kind import index_kind
from retriever.normalise import Normaliser
from retriever.pipeline import Retriever
from retriever.publish import current_version_folder

ASKED = 200
RECALL_AT = 10
SEED = 7
PIECES = "pieces"
MEGABYTE = 1_000_000
WATCHED_EVERY_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFigures:
    """What building cost. Pages of files in memory, which the system takes back when it needs room, are told apart."""

    handbook_count: int
    passage_count: int
    wording_count: int
    kind: str
    build_s: float
    one_changed_s: float
    build_peak_mb: float
    build_peak_with_files_mb: float
    index_mb: float
    pieces_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFigures:
    """What answering costs, and how much of what an exact search finds is found."""

    open_s: float
    memory_mb: float
    memory_with_files_mb: float
    answer_p50_ms: float
    answer_p99_ms: float
    search_p50_ms: float
    exact_p50_ms: float
    recall_at_10: float
    found_itself: float


def measure_build(folders: list[Path], index_folder: Path, encoder: Encoder, progress: Progress) -> BuildFigures:
    """Return the figures of building an index from nothing, and again after a change of one handbook."""
    shutil.rmtree(index_folder, ignore_errors=True)
    with _peak_memory_mb() as peaks:
        started = time.perf_counter()
        manifest = build_index(folders, index_folder, encoder, progress=progress)
        build_s = time.perf_counter() - started
    version = current_version_folder(index_folder)
    return BuildFigures(
        handbook_count=len(folders),
        passage_count=sum(entry.passage_count for entry in manifest.handbooks),
        wording_count=sum(entry.wording_count for entry in manifest.handbooks),
        kind=index_kind(sum(entry.passage_count for entry in manifest.handbooks)),
        build_s=build_s,
        one_changed_s=_again(folders, index_folder, encoder),
        build_peak_mb=max(own for own, _ in peaks),
        build_peak_with_files_mb=max(own + files for own, files in peaks),
        index_mb=_size_mb(version),
        pieces_mb=_size_mb(index_folder / PIECES),
    )


def _again(folders: list[Path], index_folder: Path, encoder: Encoder) -> float:
    manifest = folders[0] / MANIFEST_NAME
    words = manifest.read_text(encoding="utf-8")
    try:
        manifest.write_text(words.replace('publisher = "', 'publisher = "改'), encoding="utf-8")
        started = time.perf_counter()
        build_index(folders, index_folder, encoder)
        return time.perf_counter() - started
    finally:
        manifest.write_text(words, encoding="utf-8")


def measure_asking(index_folder: Path, encoder: Encoder) -> AskFigures:
    """Return the figures of answering headings of the handbooks, each shortened as people shorten them."""
    started = time.perf_counter()
    retriever = Retriever.open_current(index_folder, encoder)
    open_s = time.perf_counter() - started
    asked = _questions(retriever)
    times_ms, found = [], 0
    for question, key in asked:
        started = time.perf_counter()
        answer = retriever.answer(question)
        times_ms.append((time.perf_counter() - started) * 1000)
        found += bool(answer.ranking) and answer.ranking[0].key == key
    search_ms, exact_ms, recall = _recall(retriever, encoder, [question for question, _ in asked])
    return AskFigures(
        open_s=open_s,
        memory_mb=_memory_mb()[0],
        memory_with_files_mb=sum(_memory_mb()),
        answer_p50_ms=statistics.median(times_ms),
        answer_p99_ms=sorted(times_ms)[int(0.99 * len(times_ms))],
        search_p50_ms=search_ms,
        exact_p50_ms=exact_ms,
        recall_at_10=recall,
        found_itself=found / len(asked),
    )


def _questions(retriever: Retriever) -> list[tuple[str, tuple[str, str]]]:
    chance = random.Random(SEED)
    handbook_ids = list(retriever.index.handbooks)
    asked = []
    for _ in range(ASKED):
        handbook: Handbook = retriever.index.handbooks[chance.choice(handbook_ids)]
        section = chance.choice(handbook.entries)
        cut = chance.randint(0, max(0, len(section.heading) // 4))
        asked.append((section.heading[cut:][:60], (handbook.handbook_id, section.section_id)))
    return asked


def _recall(retriever: Retriever, encoder: Encoder, questions: list[str]) -> tuple[float, float, float]:
    """Return the median milliseconds of searches and of exact ones, and the share of exact hits that is found."""
    dense, normalise = retriever.index.passage_space.dense, Normaliser()
    rows = np.arange(dense.row_count)
    search_ms, exact_ms, found, total = [], [], 0, 0
    for question in questions[: ASKED // 2]:
        query = encoder.encode([normalise(question)])
        started = time.perf_counter()
        hits = {hit.row for hit in dense.search(query, RECALL_AT)}
        search_ms.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        # In blocks, since rows that are stored in fewer bits are unpacked to be compared.
        similarities = np.concatenate(
            [dense.cosine_similarities(query, rows[start : start + 50_000]) for start in range(0, len(rows), 50_000)]
        )
        exact_ms.append((time.perf_counter() - started) * 1000)
        best = np.argsort(-similarities, kind="stable")[:RECALL_AT].tolist()
        found += len(hits & set(best))
        total += len(best)
    return statistics.median(search_ms), statistics.median(exact_ms), found / total


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


@contextmanager
def _peak_memory_mb() -> Iterator[list[tuple[float, float]]]:
    """Give what `_memory_mb` says now and then while something is done."""
    seen, is_over = [_memory_mb()], threading.Event()

    def watch() -> None:
        while not is_over.wait(WATCHED_EVERY_S):
            seen.append(_memory_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


def _memory_mb() -> tuple[float, float]:
    """Return the megabytes of this process's own memory, and those of file pages in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own, files = (int(status.split(name)[1].split()[0]) * 1024 / MEGABYTE for name in ("RssAnon:", "RssFile:"))
    return own, files

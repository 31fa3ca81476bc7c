"""What each step of an answer takes, beside the least that it could take on this machine.

    .venv/bin/python -m benchmarks.steps

The floor of encoding is cutting the question into tokens and reading their vectors; that of searching is reading every
vector and every posting of the question's terms once, at the speed at which this machine reads memory. One thread.
"""

import json
import statistics
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from benchmarks.clients import labelled_questions
from retriever.artifact import FILES
from retriever.encoder_choice import SHIPPED_MODEL_FOLDER, open_encoder
from retriever.pipeline import Retriever
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings, read_settings
from retriever.steps import watched_steps
from retriever.terms import terms

WARM_UP = 50
READ_BYTES = 64_000_000
POSTING_BYTES = 8


def memory_bytes_per_us() -> float:
    """Return how fast one thread reads memory: the best of several sums over more than fits into a cache."""
    numbers = np.ones(READ_BYTES // 4, dtype=np.float32)
    times_us = []
    for _ in range(10):
        started = time.perf_counter()
        np.dot(numbers, numbers)
        times_us.append((time.perf_counter() - started) * 1e6)
    return READ_BYTES / min(times_us)


def encode_floor_us(questions: list[str]) -> float:
    """Return the median microseconds of cutting a question into tokens and reading a row for each."""
    tokenizer = Tokenizer.from_file(str(SHIPPED_MODEL_FOLDER / "tokenizer.json"))
    table = np.zeros((tokenizer.get_vocab_size(), 512), dtype=np.int8)
    times_us = []
    for question in questions:
        started = time.perf_counter()
        table[tokenizer.encode(question, add_special_tokens=False).ids].sum(axis=0)
        times_us.append((time.perf_counter() - started) * 1e6)
    return statistics.median(times_us)


def search_bytes(version: Path, retriever: Retriever, questions: list[str]) -> float:
    """Return the median bytes that a search must read: all vectors, and the postings of the question's terms."""
    vectors = sum((version / name).stat().st_size for name in (FILES.passage_vectors, FILES.wording_vectors))
    counts = []
    for question in questions:
        spaces = (retriever.index.passage_space, retriever.index.wording_space)
        counts.append(
            sum(
                int(np.count_nonzero(space.lexical.bm25_scores([term]))) for space in spaces for term in terms(question)
            )
        )
    return vectors + POSTING_BYTES * statistics.median(counts)


def main() -> None:
    """Measure and print a table in Markdown."""
    threadpool_limits(1)
    index_folder = read_settings(RetrieverSettings).index_folder
    retriever, questions = Retriever.open_current(index_folder, open_encoder()), labelled_questions()
    took_us: dict[str, list[float]] = defaultdict(list)
    for number, question in enumerate(questions):
        started = time.perf_counter()
        retriever.answer(question)
        whole_us = (time.perf_counter() - started) * 1e6
        with watched_steps() as steps_ms:
            retriever.answer(question)
        if number >= WARM_UP:
            took_us["whole"].append(whole_us)
            for name, milliseconds in steps_ms.items():
                took_us[name].append(milliseconds * 1000)
    bytes_read = search_bytes(current_version_folder(index_folder), retriever, questions[:200])
    floors_us = {
        "encode": encode_floor_us(questions),
        "search": bytes_read / memory_bytes_per_us(),
    }
    print(json.dumps({"search_mb": bytes_read / 1e6, "memory_gb_per_s": memory_bytes_per_us() / 1000}))  # noqa: T201
    print("| step | p50 us | p99 us | floor us |\n|---|---|---|---|")  # noqa: T201
    for name, times in took_us.items():
        floor = f"{floors_us[name]:.0f}" if name in floors_us else ""
        p99 = sorted(times)[int(0.99 * len(times))]
        print(f"| {name} | {statistics.median(times):.0f} | {p99:.0f} | {floor} |")  # noqa: T201


if __name__ == "__main__":
    main()

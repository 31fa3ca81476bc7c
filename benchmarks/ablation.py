"""What each way to a better answer contributes: all is fitted anew without it, and the same rows are asked again."""

import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from corpus.dictionary import DICTIONARY_NAME
from corpus.similar_questions import NEGATIVE_QUESTIONS_NAME, SIMILAR_QUESTIONS_NAME
from eval.calibrate import calibrate
from eval.compare import Comparison, compare_runs
from eval.dataset import load_dataset
from eval.fit_answer import PLAIN_TARGETS, Targets
from eval.run import WHOLE, RunHeader, run_rows
from eval.store import StoredRun, stored
from eval.systems import HybridSystem
from ingest.pipeline import build_index
from retriever import Retriever, signals
from retriever.artifact import read_manifest
from retriever.encoder import Encoder
from retriever.index import SearchIndex
from retriever.publish import current_version_folder
from retriever.query import Query
from retriever.signals import Candidate

DATASET = "worker-questions"
MEGABYTE = 1_000_000
CURATION = (SIMILAR_QUESTIONS_NAME, NEGATIVE_QUESTIONS_NAME)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to a better answer, and how to do without it.

    Attributes:
        name: For the table.
        signals: Signals that are zero without it.
        patches: What is put in place of functions, by their dotted name.
        files: Files of the handbook that are left out.
    """

    name: str
    signals: tuple[str, ...] = ()
    patches: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()


WAYS = (
    Way(name="nothing"),
    Way(name="negative questions", files=(NEGATIVE_QUESTIONS_NAME,)),
    Way(name="dictionary", files=(DICTIONARY_NAME,)),
    Way(
        name="dense search",
        signals=(
            "passage_similarity", "wording_similarity", "wording_similarity_mean", "negative_similarity",
            "negative_similarity_mean",
        ),
    ),
    Way(
        name="lexical search",
        signals=(
            "passage_coverage", "wording_coverage", "wording_coverage_mean", "negative_coverage",
            "negative_coverage_mean",
        ),
    ),
    Way(name="numbers and Latin words", signals=("figure_share", "figure_coverage")),
    Way(name="linear model", signals=("classifier_score", "negative_classifier_score")),
    Way(name="spelling by ear", patches={"retriever.sounds.Sounds.respelled": lambda _sounds, text: text}),
    Way(name="earlier questions", patches={"retriever.context_reading.contexts": lambda _text, _earlier: []}),
    Way(name="several questions in one", patches={"retriever.reader.several_asks": lambda _text: []}),
    Way(name="neighbouring passages", patches={"retriever.excerpts.MAX_CHARACTERS": 0}),
)  # fmt: skip
BASE_ENCODER = "tuning of the encoder"


@dataclass(frozen=True, kw_only=True)
class Ablation:
    """What came of doing without a way.

    Attributes:
        name: Of the way.
        run: The run without it.
        comparison: Of the whole with it; None for the whole itself.
        median_ms: Median time of an answer.
        index_mb: Size of the index version on disk.
    """

    name: str
    run: StoredRun
    comparison: Comparison | None
    median_ms: float
    index_mb: float


def ablate(
    handbook: Path,
    encoder: Encoder,
    base: Encoder | None,
    split: Literal["dev", "test"],
    *,
    with_similar_questions: bool,
    progress: Callable[[str], None],
) -> Iterator[Ablation]:
    """Yield the whole, then what is left without each way.

    Weights and thresholds are fitted on dev each time.

    Args:
        handbook: Its folder.
        encoder: The shipped encoder.
        base: The encoder before it was tuned on the handbook, for a row of its own; None for no such row.
        split: The rows that are asked.
        with_similar_questions: Whether the handbook's similar and negative questions are used at all.
        progress: Called with the name of each way before it is measured.
    """
    left_out = () if with_similar_questions else CURATION
    whole: StoredRun | None = None
    ways = [(way, encoder) for way in WAYS if not set(way.files) & set(left_out)]
    if base is not None:
        ways.append((Way(name=BASE_ENCODER), base))
    for way, its_encoder in ways:
        progress(way.name)
        with _version(handbook, its_encoder, (*left_out, *way.files)) as folder, _without(way):
            run, median_ms = _asked(folder, its_encoder, split)
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        comparison = compare_runs(whole, run) if whole is not None else None
        whole = whole or run
        yield Ablation(name=way.name, run=run, comparison=comparison, median_ms=median_ms, index_mb=size / MEGABYTE)


@contextmanager
def _version(handbook: Path, encoder: Encoder, left_out: Sequence[str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / handbook.name
        shutil.copytree(handbook, copy, ignore=shutil.ignore_patterns(*left_out))
        build_index([copy], Path(temporary) / "index", encoder)
        yield current_version_folder(Path(temporary) / "index")


@contextmanager
def _without(way: Way) -> Iterator[None]:
    found = signals.find_candidates

    def silenced(query: Query, index: SearchIndex, handbook_ids: frozenset[str] | None) -> list[Candidate]:
        zeros = dict.fromkeys(way.signals, 0.0)
        return [Candidate(one.key, one.signals._replace(**zeros)) for one in found(query, index, handbook_ids)]

    with ExitStack() as stack:
        if way.signals:
            stack.enter_context(patch("retriever.single_reading.find_candidates", silenced))
        for target, replacement in way.patches.items():
            stack.enter_context(patch(target, replacement))
        yield


def _asked(folder: Path, encoder: Encoder, split: Literal["dev", "test"]) -> tuple[StoredRun, float]:
    is_curated = read_manifest(folder).handbooks[0].is_curated
    targets = Targets() if is_curated else PLAIN_TARGETS
    retriever = Retriever.open(folder, encoder, calibrate(folder, encoder, DATASET, targets))
    header = RunHeader(dataset=DATASET, split=split, system="hybrid", encoder_id=encoder.encoder_id, corpus_sha256={})
    run = run_rows(header, load_dataset(DATASET, split), HybridSystem(retriever))
    return stored(run), statistics.median(run.milliseconds[WHOLE])

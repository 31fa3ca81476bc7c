from pathlib import Path

import pytest

from corpus.errors import RunUnreadable
from eval.figures import compute_figures
from eval.run import Latency, RunHeader
from eval.store import FIGURES_NAME, HEADER_NAME, ROWS_NAME, StoredRun, load_run, save_run


@pytest.fixture
def run(row, serve) -> StoredRun:
    rows = (row("a", {"q1": 2}, evidence=("证据",)), row("s", {"q1": 2, "q2": 2}, "several", needs=(("q1",), ("q2",))))
    served = (serve("a", "q1 q2", "answered", 0.9, q1="含证据的一段\n"), serve("s", "", "refused"))
    return StoredRun(
        header=RunHeader(dataset="d", split="dev", system="hybrid", encoder_id="e", corpus_sha256={"h": "0" * 64}),
        rows=rows,
        served=served,
        figures=compute_figures(rows, served),
        latency={"whole": Latency(p50_ms=1.0, p95_ms=2.0, p99_ms=3.0)},
    )


def test_what_is_written_is_read_again(run: StoredRun, tmp_path: Path) -> None:
    save_run(run, tmp_path / "run")
    assert load_run(tmp_path / "run") == run


def test_equal_runs_give_equal_bytes(run: StoredRun, tmp_path: Path) -> None:
    save_run(run, tmp_path / "a")
    save_run(load_run(tmp_path / "a"), tmp_path / "b")
    for name in (HEADER_NAME, ROWS_NAME, FIGURES_NAME):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_times_can_be_left_out(run: StoredRun, tmp_path: Path) -> None:
    save_run(run, tmp_path, with_latency=False)
    assert load_run(tmp_path).latency == {}


def test_a_folder_without_a_run_is_refused_and_says_how_to_make_one(run: StoredRun, tmp_path: Path) -> None:
    with pytest.raises(RunUnreadable, match="wengong eval run --out"):
        load_run(tmp_path)
    save_run(run, tmp_path)
    (tmp_path / ROWS_NAME).write_bytes(b"{}\n")
    with pytest.raises(RunUnreadable):
        load_run(tmp_path)

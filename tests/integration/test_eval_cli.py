"""`wengong eval …` through its real entry point."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("eval-cli")
WENGONG = Path(sys.executable).with_name("wengong")
Wengong = Callable[..., subprocess.CompletedProcess[str]]
ROWS = "60"


@pytest.fixture
def wengong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> Wengong:
    """A function that runs `wengong eval` over the index of the shipped handbook."""
    monkeypatch.setenv("WENGONG_DATA", str(data_folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(WENGONG), "eval", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)

    return run


def test_figures_gates_and_headings_come_as_json(wengong: Wengong) -> None:
    done = wengong("run", "--limit", ROWS, "--json", "--min", "hit@1=0.2", "--max", "false_answer=1")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["row_count"] == int(ROWS)
    assert content["missed_headings"] == []
    assert [(gate["name"], gate["passes"]) for gate in content["gates"]] == [("hit@1", True), ("false_answer", True)]
    hit = content["groups"]["in_scope"]["hit@1"]
    assert hit["low"] <= hit["value"] <= hit["high"]
    assert content["header"]["encoder_id"].startswith("wengong-static")


def test_a_gate_that_is_not_reached_ends_with_1_and_names_itself(wengong: Wengong) -> None:
    done = wengong("run", "--limit", ROWS, "--min", "hit@1=1", "--max", "hit@3=0.01")
    assert done.returncode == 1
    assert "没有达到门槛 hit@3" in done.stderr


def test_equal_runs_write_equal_bytes_and_can_be_compared_and_reported(wengong: Wengong, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert wengong("run", "--limit", ROWS, "--out", name).returncode == 0
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == sorted(
        ["run.json", "rows.jsonl", "figures.json", "gates.json", "latency.json", "qrels.trec", "run.trec"]
    )
    for name in names:
        if name != "latency.json":
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert "变好 0 题，变差 0 题" in wengong("compare", "a", "b").stdout
    assert "变好 0 题" in wengong("run", "--limit", ROWS, "--baseline", "a").stdout
    assert wengong("report", "a").returncode == 0
    assert (tmp_path / "a" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "hit@1" in wengong("score", "a/qrels.trec", "a/run.trec").stdout


def test_peers_are_asked_the_same_and_a_missing_model_is_named(wengong: Wengong, tmp_path: Path) -> None:
    done = wengong("run", "--limit", "12", "--peers", "--encoder", "no/such-model", "--out", "run")
    assert done.returncode == 0, done.stderr
    for name in ("dense", "lexical", "bm25s jieba", "bm25s bigrams", "tf-idf", "txtai hybrid"):
        assert name in done.stdout
    assert "没有比较 no/such-model" in done.stdout
    assert "no/such-model" in (tmp_path / "run" / "peers" / "unavailable.json").read_text(encoding="utf-8")
    assert wengong("report", "run").returncode == 0
    assert "no/such-model" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_a_spreadsheet_becomes_a_data_set_and_a_beir_folder(wengong: Wengong, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("问题,问号,应否回答\n春潮行动是什么,39,是\n求学圆梦行动是什么,38,是\n", "utf-8")
    (tmp_path / "bad.csv").write_text("问题,问号,应否回答\n春潮行动是什么,99,是\n", "utf-8")
    refused = wengong("import", "bad.csv", "--out", "set")
    assert (refused.returncode, (tmp_path / "set").exists()) == (1, False)
    assert "第 2 行 问号：手册没有第 99 问" in refused.stdout
    assert wengong("import", "good.csv", "--out", "set", "--dry-run").returncode == 0
    assert not (tmp_path / "set").exists()
    assert wengong("import", "good.csv", "--out", "set").returncode == 0
    split = next(
        split
        for split in ("dev", "test")
        if wengong("export", "beir", "--dataset", "set", "--split", split).returncode == 0
    )
    done = wengong("run", "--dataset", "beir", "--split", split, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["groups"]["in_scope"]["hit@1"]["value"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--split", "train"], 2, "dev"),
        (["run", "--retriever", "best"], 1, "hybrid"),
        (["run", "--dataset", "none"], 1, "worker-questions"),
        (["run", "--min", "hit@1"], 1, "hit@1=0.9"),
        (["run", "--limit", "5", "--min", "hit@7=0.1"], 1, "answered"),
        (["run", "--gates", "none.toml"], 1, "none.toml"),
        (["run", "--baseline", "none"], 1, "wengong eval run --out"),
        (["compare", "none", "none"], 1, "wengong eval run --out"),
        (["report", "none"], 1, "wengong eval run --out"),
        (["similar-questions", "--handbook", "none"], 1, "industrial-workers-50"),
        (["import", "none.csv", "--out", "set"], 1, "none.csv"),
        (["score", "none", "none"], 1, "TREC"),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(
    wengong: Wengong, arguments: list[str], code: int, said: str
) -> None:
    done = wengong(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr

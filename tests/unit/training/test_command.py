import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from training.__main__ import app
from training.save import save_model
from training.tokenizer import build_tokenizer


def write_rows(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def evaluation_data(tmp_path: Path) -> Path:
    folder = tmp_path / "eval"
    folder.mkdir()
    pairs = [{"a": "工会", "b": "工会？", "label": 1}, {"a": "工会", "b": "月亮", "label": 0}]
    for name in ("lcqmc_dev", "stsb_zh_dev"):
        write_rows(folder / f"{name}.jsonl.gz", pairs)
    texts = [{"id": 0, "text": "工会会费"}, {"id": 1, "text": "劳动合同"}]
    for name in ("corpus", "queries"):
        write_rows(folder / "bench_cmrc2018_dev" / f"{name}.jsonl.gz", texts)
    (folder / "bench_cmrc2018_dev" / "qrels.tsv").write_text("0\t0\n1\t1\n", encoding="utf-8")
    return folder


def test_evaluate_prints_every_figure_in_percent(evaluation_data: Path, tmp_path: Path) -> None:
    tokenizer = build_tokenizer(Counter({"工会": 2}), 7_000, 4)
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    save_model(tmp_path / "model", tokenizer, vectors)
    options = ["evaluate", "--data", str(evaluation_data), "--model", str(tmp_path / "model")]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    figures = [line.split()[-1] for line in result.output.splitlines()]
    assert figures == ["100.00"] * 6


def test_build_names_a_missing_folder(tmp_path: Path) -> None:
    options = ["build", "--data", str(tmp_path / "none"), "--model", str(tmp_path / "model")]
    result = CliRunner().invoke(app, options)
    assert result.exit_code != 0
    assert isinstance(result.exception, FileNotFoundError)

"""The test half is only reported: nothing that tunes reads it."""

import ast
import json
from pathlib import Path

import pytest

import eval.dataset as dataset_module
from eval.calibrate import calibrate
from eval.dataset import ROWS_NAME, STORED_ROW, labelled
from retriever.encoder import Encoder

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGES = ["corpus", "ingest", "retriever", "chat_api", "eval", "training", "wengong"]
# Who may speak of it: the split itself, and the option of somebody who asks for it.
ALLOWED = {"eval/dataset.py", "wengong/eval_cli.py"}


def test_fitting_gives_the_same_numbers_without_the_test_half(
    version_folder: Path, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = dataset_module.DATASETS / "worker-questions" / ROWS_NAME
    lines = shipped.read_text(encoding="utf-8").splitlines()[::12]
    dev_only = [line for line in lines if labelled(STORED_ROW.validate_json(line)).split == "dev"]
    assert 0 < len(dev_only) < len(lines)
    for name, kept in (("both", lines), ("dev", dev_only)):
        (tmp_path / name).mkdir()
        (tmp_path / name / ROWS_NAME).write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(dataset_module, "DATASETS", tmp_path)
    both, dev = (calibrate(version_folder, encoder, name) for name in ("both", "dev"))
    assert (both.fusion, both.answer) == (dev.fusion, dev.answer)
    assert (both.answer_threshold, both.clarify_threshold) == (dev.answer_threshold, dev.clarify_threshold)


def test_no_other_code_names_the_test_half() -> None:
    speaking = set()
    for package in PACKAGES:
        for path in (REPOSITORY / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and node.value == "test":
                    speaking.add(path.relative_to(REPOSITORY).as_posix())
    assert speaking == ALLOWED


def test_a_row_never_changes_sides() -> None:
    path = dataset_module.DATASETS / "worker-questions" / ROWS_NAME
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    halves = {row["row_id"]: labelled(STORED_ROW.validate_python(row)).split for row in rows}
    changed = [{**row, "category": "far", "answers": {}, "evidence": [], "note": "又读了一遍"} for row in rows]
    assert {row["row_id"]: labelled(STORED_ROW.validate_python(row)).split for row in changed} == halves

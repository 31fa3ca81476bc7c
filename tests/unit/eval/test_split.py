"""The test half is only reported: nothing that tunes reads it."""

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import eval.dataset as dataset_module
from eval.calibrate import calibrate
from eval.dataset import ROWS_NAME, STORED_ROW, labelled
from retriever.encoder import Encoder
from retriever.parameters import load_parameters

REPOSITORY = Path(__file__).resolve().parents[3]
PACKAGES = ["corpus", "ingest", "retriever", "chat_api", "eval", "training", "wengong"]
# Who may speak of it: the split itself, and the option of somebody who asks for it.
ALLOWED = {"eval/dataset.py", "eval/report/summary.py", "wengong/eval_cli.py"}


def test_fitting_gives_the_same_numbers_without_the_test_half(
    version_folder: Path, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = dataset_module.DATASETS / "worker-questions" / ROWS_NAME
    lines = shipped.read_text(encoding="utf-8").splitlines()[::48]
    dev_only = [line for line in lines if labelled(STORED_ROW.validate_json(line)).split == "dev"]
    assert 0 < len(dev_only) < len(lines)
    for name, kept in (("both", lines), ("dev", dev_only)):
        (tmp_path / name).mkdir()
        (tmp_path / name / ROWS_NAME).write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr(dataset_module, "DATASETS", tmp_path)
    both, dev = (calibrate(version_folder, encoder, name) for name in ("both", "dev"))
    assert both == replace(dev, fitted_on=both.fitted_on)
    assert any(both.fusion)
    assert f"dev，{len(dev_only)} 题" in both.fitted_on


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            yield path.relative_to(REPOSITORY).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_no_other_code_names_the_test_half() -> None:
    speaking = {
        name
        for name, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and node.value == "test"
    }
    assert speaking == ALLOWED


def test_what_reads_a_data_set_reads_dev_or_what_its_caller_was_asked_for() -> None:
    asked_for = {
        (name, ast.unparse(node.args[1]))
        for name, module in sources()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("load_dataset")
    }
    assert asked_for == {
        ("eval/calibrate.py", "'dev'"),
        ("eval/measure.py", "plan.split"),
        ("wengong/eval_interchange_command.py", "split"),
    }


def test_the_shipped_numbers_were_fitted_on_the_dev_half() -> None:
    assert "/dev，" in load_parameters().fitted_on


def test_a_row_never_changes_sides() -> None:
    path = dataset_module.DATASETS / "worker-questions" / ROWS_NAME
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    halves = {row["row_id"]: labelled(STORED_ROW.validate_python(row)).split for row in rows}
    changed = [{**row, "category": "far", "answers": {}, "evidence": [], "note": "又读了一遍"} for row in rows]
    assert {row["row_id"]: labelled(STORED_ROW.validate_python(row)).split for row in changed} == halves

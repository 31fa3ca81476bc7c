import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline import build_index
from retriever.artifact import FORMAT_VERSION, named, read_manifest
from retriever.encoder import Encoder
from retriever.index import save_manifest
from retriever.publish import current_version_folder
from wengong import doctor_command

Run = Callable[..., Any]
NAMES = ["数据文件夹", "数据库", "向量模型", "手册", "索引"]


@pytest.fixture(autouse=True)
def _small_shelf(leave_handbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_command, "SHIPPED_HANDBOOKS", leave_handbook.parent)


def codes(done: Any) -> dict[str, str]:
    """The code of each finding, "" where all is in order."""
    findings = json.loads(done.out)
    assert all((finding["code"] == "") == finding["is_ok"] for finding in findings)
    assert all(finding["detail"] for finding in findings)
    return {finding["name"]: finding["code"] for finding in findings}


def change_manifest(folder: Path, **changed: Any) -> None:
    save_manifest(folder, named(replace(read_manifest(folder), **changed)))


@pytest.mark.usefixtures("small_data")
def test_when_all_is_well_each_line_has_a_tick(run: Run) -> None:
    done = run("doctor")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split("：")[0] for line in lines] == [f"✓ {name}" for name in NAMES]
    assert "反馈 0 条" in lines[1]
    assert "1 本，共 3 问" in lines[3]
    assert "校验通过" in lines[4]


@pytest.mark.usefixtures("small_data")
def test_as_json_the_findings_are_the_same(run: Run) -> None:
    done = run("doctor", "--json")
    assert (done.code, done.err) == (0, "")
    assert codes(done) == dict.fromkeys(NAMES, "")


def remove_all(folder: Path) -> None:
    (folder.parent / "current").unlink()


def cut_a_file(folder: Path) -> None:
    (folder / "wordings.faiss").write_bytes(b"")


def make_newer(folder: Path) -> None:
    change_manifest(folder, format_version=FORMAT_VERSION + 1)


def make_older(folder: Path) -> None:
    change_manifest(folder, format_version=FORMAT_VERSION - 1)


def make_foreign(folder: Path) -> None:
    change_manifest(folder, encoder_id="another-encoder@1")


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (remove_all, "index_missing"),
        (cut_a_file, "index_damaged"),
        (make_newer, "index_too_new"),
        (make_older, "index_too_old"),
        (make_foreign, "index_encoder_mismatch"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_kind_of_damage_has_its_code_and_exit_code_1(
    run: Run, small_data: Path, damage: Callable[[Path], None], code: str
) -> None:
    damage(current_version_folder(small_data / "index"))
    done = run("doctor", "--json")
    assert (done.code, done.err) == (1, "")
    assert codes(done) == {**dict.fromkeys(NAMES, ""), "索引": code}


@pytest.mark.usefixtures("small_data")
def test_a_changed_source_is_found_and_explained(run: Run, leave_handbook: Path) -> None:
    (leave_handbook / "source.txt").write_text("一、改过的？\n是。\n", encoding="utf-8")
    done = run("doctor")
    assert done.code == 1
    [line] = [line for line in done.out.splitlines() if line.startswith("✗ 手册")]
    assert "source_sha256" in line


@pytest.mark.usefixtures("small_data")
def test_a_missing_encoder_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_ENCODER", "/no/such/model")
    done = run("doctor", "--json")
    assert done.code == 1
    assert codes(done)["向量模型"] == "encoder_missing"


def test_a_database_that_is_none_is_found(run: Run, small_data: Path) -> None:
    (small_data / "state.sqlite3").write_bytes(b"no database " * 100)
    done = run("doctor", "--json")
    assert done.code == 1
    assert codes(done)["数据库"] == "state_unavailable"


def test_a_data_folder_that_is_a_file_is_found(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WENGONG_DATA", str(tmp_path / "file"))
    done = run("doctor", "--json")
    assert done.code == 1
    found = codes(done)
    assert (found["数据文件夹"], found["数据库"], found["手册"]) == ("os_error", "state_unavailable", "")


def test_a_handbook_that_is_not_indexed_yet_is_noted_but_no_fault(
    run: Run, small_data: Path, encoder: Encoder, leave_handbook: Path, write_handbook: Callable[..., Path]
) -> None:
    other = write_handbook(small_data / "handbooks" / "safety", {"安全帽怎么戴？": "系紧下颏带。"})
    done = run("doctor")
    assert done.code == 0
    assert "safety 有改动尚未编入，运行 wengong index 更新" in done.out
    build_index([leave_handbook, other], small_data / "index", encoder)
    assert "尚未编入" not in run("doctor").out

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest import handbook as ingest_handbook_module
from wengong import index_command

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _small_shelf(leave_handbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small handbook stands where the shipped one does, so that an index takes a moment."""
    for module in (index_command, ingest_handbook_module):
        monkeypatch.setattr(module, "SHIPPED_HANDBOOKS", leave_handbook.parent)


def published(tmp_path: Path) -> str:
    return (tmp_path / "data" / "index" / "current").read_text()


def test_an_index_is_built_with_progress_on_standard_error(run: Run, tmp_path: Path) -> None:
    done = run("index")
    assert (done.code, done.out) == (0, "")
    assert "识别手册" in done.err
    assert "《paid-leave 手册》试印本：3 问" in done.err
    assert f"索引 {published(tmp_path).strip()} 已发布到" in done.err


def test_a_first_question_builds_the_index_and_talks_about_it_on_standard_error(run: Run, tmp_path: Path) -> None:
    done = run("ask", "第2问", "--json")
    assert done.code == 0
    # Built in a process of its own, which knows the shipped handbook and not the small one of these tests.
    assert json.loads(done.out)["citations"][0]["question"].startswith("党中央、国务院为什么")
    assert done.err.startswith("还没有索引，先建一个……")
    assert f"索引 {published(tmp_path).strip()} 已发布到" in done.err
    assert run("ask", "第2问", "--json").err == ""


def test_the_same_handbooks_give_the_same_version(run: Run, tmp_path: Path) -> None:
    run("index")
    first = published(tmp_path)
    run("index")
    assert published(tmp_path) == first


def test_a_broken_source_leaves_the_served_version_untouched(run: Run, tmp_path: Path, leave_handbook: Path) -> None:
    run("index")
    before = {path: path.read_bytes() for path in (tmp_path / "data" / "index").rglob("*") if path.is_file()}
    with (leave_handbook / "source.txt").open("a", encoding="utf-8") as file:
        file.write("改动\n")
    done = run("index")
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("错误 corpus_changed：")
    after = {path: path.read_bytes() for path in (tmp_path / "data" / "index").rglob("*") if path.is_file()}
    assert after == before


def test_two_handbooks_of_one_id_are_refused(run: Run, tmp_path: Path, write_handbook: Callable[..., Path]) -> None:
    write_handbook(tmp_path / "data" / "handbooks" / "paid-leave", {"安全帽怎么戴？": "系紧下颏带。"})
    done = run("index")
    assert done.code == 1
    assert "manifest_invalid" in done.err
    assert not (tmp_path / "data" / "index").exists()

"""The command line through its real entry point, as somebody types it; details are tried in tests/unit/wengong."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# One worker, so that the index of the shipped handbook is built once for this file.
pytestmark = pytest.mark.xdist_group("cli")
WENGONG = Path(sys.executable).with_name("wengong")
Wengong = Callable[..., subprocess.CompletedProcess[str]]
NEW_HANDBOOK = """一、探亲假的路费怎么报销？
往返路费由所在单位负担。

二、高温津贴从哪个月开始发？
每年六月开始，按月发放。

三、工伤认定要在多久之内申请？
事故发生之日起三十日内，由单位提出。
"""


@pytest.fixture
def wengong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wengong:
    """A function that runs the command; its data folder is one's own unless another is given."""

    def run(*arguments: str | bytes, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        monkeypatch.setenv("WENGONG_DATA", str(data or tmp_path / "data"))
        return subprocess.run(
            [str(WENGONG), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_help_comes_at_once_without_the_heavy_libraries(tmp_path: Path) -> None:
    script = "import sys; from wengong.__main__ import main\ntry: main()\nfinally: print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    heavy = ("numpy", "faiss", "fastapi", "sqlalchemy", "docx", "torch")
    assert [name for name in heavy if f"'{name}'" in done.stdout] == []


def test_json_alone_goes_to_standard_output(wengong: Wengong, data_folder: Path) -> None:
    done = wengong("ask", "农民工怎么提升学历", "--json", data=data_folder)
    assert (done.returncode, done.stderr) == (0, "")
    body = json.loads(done.stdout)
    assert body["status"] == "answered"
    assert body["citations"][0]["question_number"] == 38


def test_an_argument_that_is_no_utf_8_is_an_expected_error(wengong: Wengong, data_folder: Path) -> None:
    done = wengong("ask", "工会", "--handbook", b"\xff", "--json", data=data_folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("错误 unknown_handbook：")


def test_wrong_usage_exits_2(wengong: Wengong) -> None:
    done = wengong("ask", "工会", "--limit", "0")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_file_becomes_a_handbook_that_is_asked_beside_the_shipped_one(wengong: Wengong, tmp_path: Path) -> None:
    (tmp_path / "福利.txt").write_text(NEW_HANDBOOK, encoding="utf-8")
    added = wengong("ingest", "福利.txt", "--id", "benefits", "--title", "福利问答", "--edition", "2024年版", "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout)["found_count"] == 3

    indexed = wengong("index")
    assert (indexed.returncode, indexed.stdout) == (0, ""), indexed.stderr
    assert "《福利问答》2024年版：3 问" in indexed.stderr
    assert "《产业工人队伍建设改革职工知识50问》2022年版：50 问" in indexed.stderr

    new = wengong("ask", "高温津贴从哪个月开始发", "--handbook", "benefits", "--json")
    [citation] = json.loads(new.stdout)["citations"][:1]
    assert (citation["handbook_title"], citation["question_number"]) == ("福利问答", 2)
    assert citation["excerpt"] == "每年六月开始，按月发放。"
    both = json.loads(wengong("ask", "第2问", "--limit", "10", "--json").stdout)
    assert {citation["handbook_id"] for citation in both["citations"]} == {"industrial-workers-50", "benefits"}

    looked_at = wengong("doctor", "--json")
    findings = json.loads(looked_at.stdout)
    assert (looked_at.returncode, looked_at.stderr) == (0, "")
    assert findings
    assert {finding["code"] for finding in findings} == {""}
    assert any("2 本手册" in finding["detail"] for finding in findings)

    pointer = tmp_path / "data" / "index" / "current"
    served = pointer.read_text()
    with (tmp_path / "data" / "handbooks" / "benefits" / "source.txt").open("a", encoding="utf-8") as source:
        source.write("四、改动？\n是。\n")
    refused = wengong("index")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1].startswith("错误 corpus_changed：")
    assert pointer.read_text() == served

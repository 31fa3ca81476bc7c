import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
TEXT = "一、年休假有几天？\n五天。\n\n二、加班费怎么算？\n按百分之一百五十支付。\n\n三、怎么加入工会？\n本人申请。\n"
NEW = ["--id", "paid-leave", "--title", "年休假问答", "--edition", "2024年版"]


@pytest.fixture
def handbooks(tmp_path: Path) -> Path:
    """Where added handbooks are kept."""
    return tmp_path / "data" / "handbooks"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "问答.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_report_of_the_shipped_handbook_by_its_id(run: Run) -> None:
    done = run("ingest", "industrial-workers-50")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("industrial-workers-50：找到 50 问，应有 50 问")
    assert "部分：7 个" in lines


def test_the_report_as_json(run: Run, shipped_folder: Path) -> None:
    done = run("ingest", str(shipped_folder), "--json")
    assert (done.code, done.err) == (0, "")
    report = json.loads(done.out)
    assert (report["found_count"], report["expected_count"], report["gaps"]) == (50, 50, [])
    assert len(report["part_labels"]) == 7
    assert report["unnumbered_sections"] == ["前言"]


def test_a_file_alone_is_only_reported(run: Run, file: Path, handbooks: Path) -> None:
    done = run("ingest", str(file))
    assert done.code == 0
    assert done.out.startswith("问答.txt：找到 3 问")
    assert "--id" in done.err
    assert not handbooks.exists()


def test_a_dry_run_adds_nothing(run: Run, file: Path, handbooks: Path) -> None:
    done = run("ingest", str(file), *NEW, "--dry-run", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["found_count"] == 3
    assert not handbooks.exists()


def test_a_file_with_id_title_and_edition_is_added_whole(run: Run, file: Path, handbooks: Path) -> None:
    done = run("ingest", str(file), *NEW, "--publisher", "某工会", "--date", "2024-05")
    assert done.code == 0
    assert "wengong index" in done.err
    assert [path.name for path in handbooks.iterdir()] == ["paid-leave"]
    assert (handbooks / "paid-leave" / "source.txt").read_text(encoding="utf-8") == TEXT
    again = run("ingest", "paid-leave", "--json")
    assert json.loads(again.out)["expected_count"] == 3


def test_the_same_id_again_is_the_next_edition_and_its_difference_is_shown(
    run: Run, file: Path, handbooks: Path
) -> None:
    assert run("ingest", str(file), *NEW).code == 0
    folder = handbooks / "paid-leave"
    (folder / "similar_questions.jsonl").write_text('{"n": 3, "q": "入会怎么办"}\n{"n": 2, "q": "加班给多少"}\n')
    file.write_text(TEXT.replace("二、加班费怎么算？\n按百分之一百五十支付。\n\n三、", "二、"), encoding="utf-8")
    dry = run("ingest", str(file), "--id", "paid-leave", "--edition", "2025年版", "--dry-run")
    assert dry.code == 0
    assert "与上一版相比：新增 0，删去 1，改动 1，不变 1" in dry.out
    assert (folder / "source.txt").read_text(encoding="utf-8") == TEXT
    done = run("ingest", str(file), "--id", "paid-leave", "--edition", "2025年版")
    assert done.code == 0
    assert done.out == dry.out
    assert "删去 第2问 加班费怎么算？" in done.out
    assert "改动 第2问 怎么加入工会？：原为第3问" in done.out
    assert "  “加班给多少”（原属“加班费怎么算？”）" in done.out
    assert '"q": "入会怎么办"' in (folder / "similar_questions.jsonl").read_text(encoding="utf-8")
    manifest = (folder / "manifest.toml").read_text(encoding="utf-8")
    assert 'title = "年休假问答"' in manifest
    assert 'edition = "2025年版"' in manifest


def test_the_difference_as_json(run: Run, file: Path) -> None:
    assert run("ingest", str(file), *NEW).code == 0
    content = json.loads(run("ingest", str(file), "--id", "paid-leave", "--dry-run", "--json").out)
    assert content["difference"]["unchanged_count"] == 3
    assert content["lost"] == {"wordings": [], "errata": []}


def test_a_sheet_is_added_merged_and_exported(run: Run, tmp_path: Path) -> None:
    sheet, more, out = (tmp_path / name for name in ("one.csv", "more.csv", "out.csv"))
    sheet.write_text("问题,相似问题,答案\n甲怎么办？,甲咋办,一\n乙怎么办？,,二\n", encoding="utf-8")
    assert run("ingest", str(sheet), "--id", "faq", "--title", "问答", "--edition", "1").code == 0
    more.write_text("问题,答案\n丙怎么办？,三\n甲怎么办？,新的一\n", encoding="utf-8")
    done = run("ingest", str(more), "--id", "faq", "--merge")
    assert done.code == 0
    assert "新增 1，删去 0，改动 1，不变 1" in done.out
    assert run("export", "faq", str(out)).code == 0
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines == [
        "standard_question,similar_questions,negative_questions,answers,tags,is_enabled",
        "甲怎么办？,甲咋办,,新的一,,TRUE",
        "乙怎么办？,,,二,,TRUE",
        "丙怎么办？,,,三,,TRUE",
    ]
    assert run("export", "nothing", str(out)).code == 1
    assert run("export", "faq", str(tmp_path / "out.pdf")).code == 2


def test_wrong_rows_are_listed_one_a_line(run: Run, tmp_path: Path, handbooks: Path) -> None:
    sheet = tmp_path / "bad.csv"
    sheet.write_text("问题,答案\n甲？,\n,二\n", encoding="utf-8")
    done = run("ingest", str(sheet), "--id", "faq", "--title", "问答", "--edition", "1")
    assert (done.code, done.out.splitlines()) == (1, ["第 2 行：缺答案", "第 3 行：缺标准问题"])
    assert "sheet_invalid" in done.err
    assert not handbooks.exists()


def test_merging_needs_a_handbook_and_a_sheet(run: Run, file: Path) -> None:
    assert run("ingest", str(file), "--merge").code == 2
    assert run("ingest", str(file), *NEW).code == 0
    assert run("ingest", str(file), "--id", "paid-leave", "--merge").code == 2


@pytest.mark.parametrize(
    "options", [["--structure", "poem"], ["--visibility", "secret"], ["--effective-from", "2024-13"]]
)
def test_words_that_an_option_does_not_know_are_wrong_usage(run: Run, file: Path, options: list[str]) -> None:
    assert run("ingest", str(file), *NEW, *options).code == 2


def test_every_handbook_is_listed_with_its_health(run: Run, file: Path) -> None:
    file.write_text(TEXT.replace("本人申请。", ""), encoding="utf-8")
    assert run("ingest", str(file), *NEW, "--effective-to", "2020").code == 0
    listed = {row["id"]: row for row in json.loads(run("handbooks", "--json").out)}
    assert listed["industrial-workers-50"]["warnings"] == []
    assert listed["paid-leave"]["warnings"] == ["没有答案的问：3"]
    assert listed["paid-leave"]["is_outdated"]
    assert "已过期" in run("handbooks").out


@pytest.mark.parametrize("missing", ["--id", "--title", "--edition"])
def test_half_a_description_is_wrong_usage(run: Run, file: Path, handbooks: Path, missing: str) -> None:
    place = NEW.index(missing)
    done = run("ingest", str(file), *NEW[:place], *NEW[place + 2 :])
    assert done.code == 2
    assert "--id、--title 和 --edition" in done.err
    assert not handbooks.exists()


@pytest.mark.parametrize("handbook_id", ["Paid", "paid leave", "../paid", "年休假", "paid-", "p" * 65])
def test_an_id_that_would_not_fit_an_address_is_refused(
    run: Run, file: Path, handbooks: Path, handbook_id: str
) -> None:
    done = run("ingest", str(file), "--id", handbook_id, *NEW[2:])
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("错误 manifest_invalid：")
    assert not handbooks.exists() or list(handbooks.iterdir()) == []


def test_fewer_questions_than_expected_are_refused_unless_allowed(run: Run, file: Path, handbooks: Path) -> None:
    done = run("ingest", str(file), *NEW, "--expected", "4")
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("错误 questions_missing：")
    assert "缺号：第4问" in done.out
    assert not handbooks.exists()
    assert run("ingest", str(file), *NEW, "--expected", "4", "--allow-missing").code == 0
    assert (handbooks / "paid-leave").is_dir()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.txt", None, "unreadable_file"),
        ("empty.txt", b"", "unreadable_file"),
        ("old.doc", b"x", "unreadable_file"),
        ("broken.docx", b"x", "unreadable_file"),
        ("noise.txt", bytes(range(256)) * 4, "unreadable_file"),
        ("letter.txt", "各位工友：\n节日快乐。\n".encode(), "not_a_handbook"),
    ],
)
def test_a_file_that_is_no_handbook_is_one_line_and_exit_code_1(
    run: Run, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = run("ingest", str(tmp_path / name), *NEW)
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith(f"错误 {code}：")
    assert "Traceback" not in done.err


def test_a_folder_whose_source_was_changed_is_refused(run: Run, leave_handbook: Path) -> None:
    (leave_handbook / "source.txt").write_text(TEXT, encoding="utf-8")
    done = run("ingest", str(leave_handbook))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("错误 corpus_changed：")

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from wengong.__main__ import app

Run = Callable[..., Any]
COMMANDS = [
    "ingest",
    "export",
    "handbooks",
    "index",
    "serve",
    "mcp",
    "ask",
    "doctor",
    "backup",
    "restore",
    "fake-wechat",
    "eval",
    "staff",
    "questions",
]
EVAL_COMMANDS = ["run", "compare", "report", "similar-questions", "import", "export", "score", "calibrate"]


def test_there_are_exactly_these_commands() -> None:
    group = typer.main.get_group(app)
    assert list(group.commands) == COMMANDS
    assert list(group.commands["eval"].commands) == EVAL_COMMANDS


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize(
    "command", [[], *([name] for name in COMMANDS)], ids=lambda words: words[0] if words else "all"
)
def test_help_is_chinese_and_exits_0(run: Run, command: list[str], flag: str) -> None:
    done = run(*command, flag)
    assert (done.code, done.err) == (0, "")
    assert "Usage: wengong" in done.out
    assert re.search("[\u4e00-\u9fff]{4}", done.out)


def test_the_overview_names_every_command(run: Run) -> None:
    assert all(name in run("--help").out for name in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["ask"],
        ["ask", "工会", "--limit", "0"],
        ["ask", "工会", "--limit", "11"],
        ["ask", "工会", "--limit", "many"],
        ["ask", "工会", "--loud"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["ingest"],
        ["ingest", "a.txt", "--expected", "0"],
        ["index", "surplus"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_and_prints_nothing_to_pipe(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "Usage: wengong" in done.err


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("WENGONG_ENCODER", "/no/such/model", "encoder_missing"),
        ("WENGONG_DATA", "/dev/null/data", "index_damaged"),
    ],
)
def test_an_environment_that_cannot_be_used_ends_with_the_reason_and_exit_code_1(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    monkeypatch.setenv(name, value)
    done = run("ask", "工会")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines()[-1].startswith(f"错误 {code}：")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("name", "value"), [("WENGONG_PORT", "abc"), ("WENGONG_ALLOWED_ORIGINS", "https://a.example")])
def test_a_setting_that_makes_no_sense_is_one_line_and_exit_code_1(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    done = run("serve", "--port", "0")
    assert (done.code, done.out) == (1, "")
    [line] = done.err.splitlines()
    assert line.startswith("错误 settings_invalid：环境变量")


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_code_1(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "index").symlink_to(tmp_path / "nowhere" / "index")
    monkeypatch.setenv("WENGONG_DATA", str(tmp_path / "data"))
    done = run("index")
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("错误 os_error：")
    assert "Traceback" not in done.err

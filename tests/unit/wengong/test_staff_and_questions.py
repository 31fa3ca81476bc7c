import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_api.state import Database
from chat_api.state.questions import LoggedQuestion
from console.state import ConsoleState

Run = Callable[..., Any]


@pytest.fixture
def database(tmp_path: Path) -> Any:
    opened = Database.open("", tmp_path / "data")
    yield opened
    opened.close()


def test_a_token_is_printed_once_and_opens_the_door(run: Run, database: Database) -> None:
    added = run("staff", "add", "编辑甲")
    assert added.code == 0
    token = added.out.strip()
    staff = ConsoleState(database).staff
    assert staff.matches("编辑甲", token)
    assert not staff.matches("编辑甲", token + "x")
    assert run("staff", "add", "发布人甲", "--role", "publisher").code == 0
    listed = run("staff", "list").out
    assert [line.split()[:2] for line in listed.splitlines()] == [["发布人甲", "发布人"], ["编辑甲", "编辑"]]
    assert token not in listed
    assert run("staff", "disable", "编辑甲").code == 0
    assert "编辑（已停用）" in run("staff", "list").out
    assert not staff.matches("编辑甲", token)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("add", "编辑甲"), 1, "已经有叫 编辑甲 的人员"),
        (("add", " "), 1, "姓名应为"),
        (("add", "发布人甲", "--role", "boss"), 2, "角色应是"),
        (("disable", "没有的人"), 1, "没有叫 没有的人 的人员"),
    ],
)
def test_what_cannot_be_done_with_staff_says_why(run: Run, command: tuple[str, ...], code: int, said: str) -> None:
    run("staff", "add", "编辑甲")
    done = run("staff", *command)
    assert done.code == code
    assert said in done.err


def test_the_question_log_is_erased_by_one_command(run: Run, database: Database) -> None:
    for number, day in enumerate((dt.date(2026, 1, 30), dt.date(2026, 1, 31))):
        asked = LoggedQuestion(
            answer_id=f"a_{number}",
            asked_on=day,
            question="食堂几点开饭",
            status="abstained",
            answer_probability=0.1,
            handbook_id="",
            section_id="",
        )
        database.questions.save(asked, kept_days=30)
    assert run("questions", "erase", "--before", "31.1.2026").code == 2
    assert "已删除 1 条" in run("questions", "erase", "--before", "2026-01-31").err
    assert "已删除 1 条" in run("questions", "erase").err
    assert database.questions.open_questions() == ()

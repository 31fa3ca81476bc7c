import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat_api.schema import AskResponse
from corpus.handbook import Handbook

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _shipped_index(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_DATA", str(data_folder))


@pytest.mark.parametrize(
    ("question", "numbers"),
    [("农民工怎么提升学历", {38}), ("新八级工是哪八级", {18, 19}), ("第三十二问讲啥", {32})],
)
def test_as_json_the_answer_is_the_body_of_the_service(run: Run, question: str, numbers: set[int]) -> None:
    done = run("ask", question, "--json")
    assert (done.code, done.err) == (0, "")
    body = json.loads(done.out)
    assert AskResponse.model_validate(body).model_dump(mode="json") == body
    assert body["status"] == "answered"
    assert body["citations"][0]["question_number"] in numbers
    assert "\\u" not in done.out  # Chinese stays readable


def test_what_the_handbook_does_not_answer_is_abstained_with_exit_code_0(run: Run) -> None:
    done = run("ask", "今天天气怎么样", "--json")
    body = json.loads(done.out)
    assert (done.code, body["status"], body["citations"]) == (0, "abstained", [])
    assert body["contact"]


def test_for_people_the_excerpt_is_printed_with_its_source(run: Run, handbook: Handbook) -> None:
    done = run("ask", "第三十二问讲啥")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    section = handbook.questions[31]
    assert lines[0] == f"第32问  {section.heading}"
    assert lines[1].startswith(f"《{handbook.title}》{handbook.edition}")
    assert lines[3] in handbook.text[section.start : section.end]


def test_for_people_a_misprint_is_noted_beside_the_excerpt(run: Run, handbook: Handbook) -> None:
    erratum = handbook.errata[0]
    section = next(section for section in handbook.sections if section.start <= erratum.start < section.end)
    done = run("ask", section.label, "--limit", "10")
    assert f"（原书印作“{erratum.printed}”，疑为“{erratum.corrected}”）" in done.out


def test_for_people_an_abstention_says_whom_to_ask_and_what_is_near_and_prints_no_data(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENGONG_CONTACT", "找[b]车间[/b]工会")
    done = run("ask", "第99问 农民工")
    assert (done.code, done.out) == (0, "")
    first, second, *near = done.err.splitlines()
    assert first == "手册里没有找到能回答这个问题的内容。找[b]车间[/b]工会"
    assert second == "相近的问题："
    assert 1 <= len(near) <= 3
    assert all(line.startswith("  第") for line in near)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", " "], "question_blank"),
        (["ask", "问" * 501], "question_too_long"),
        (["ask", "工会\x07"], "question_has_control_characters"),
        (["ask", "工\udcff会"], "question_has_control_characters"),
        (["ask", "工会", "--handbook", "none"], "unknown_handbook"),
    ],
    ids=["blank", "long", "control", "surrogate", "handbook"],
)
def test_a_question_that_cannot_be_asked_is_one_line_and_exit_code_1(run: Run, arguments: list[str], code: str) -> None:
    done = run(*arguments, "--json")
    assert (done.code, done.out) == (1, "")
    [line] = done.err.splitlines()
    assert line.startswith(f"错误 {code}：")


def test_no_more_is_printed_than_was_asked_for(run: Run) -> None:
    for limit in (1, 2):
        done = run("ask", "第38问", "--limit", str(limit), "--json")
        assert len(json.loads(done.out)["citations"]) == limit

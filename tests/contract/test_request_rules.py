"""What the body of a request may hold, and which code says that it may not; all of them leave as a 422 problem."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

AssertProblem = Callable[[Any, int, str], None]
ANSWER_ID = "a_0123456789abcdef"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "question_blank"),
        (" ", "question_blank"),
        ("\u3000\n\t ", "question_blank"),
        ("\u200b\u200d\ufeff\u2060", "question_blank"),
        ("问" * 501, "question_too_long"),
        ("👷" * 501, "question_too_long"),
        (" " * 501, "question_too_long"),
        ("工\x00会", "question_has_control_characters"),
        ("工会\x1b[31m", "question_has_control_characters"),
        ("工会\x7f", "question_has_control_characters"),
        ("工会\x85", "question_has_control_characters"),
    ],
    ids=["empty", "space", "spaces", "zero-width", "501", "501-emoji", "501-spaces", "nul", "escape", "delete", "c1"],
)
def test_a_question_that_cannot_be_asked_says_what_is_wrong_with_it(
    client: TestClient, assert_problem: AssertProblem, question: str, code: str
) -> None:
    assert_problem(client.post("/v1/ask", json={"question": question}), 422, code)


@pytest.mark.parametrize(
    "body",
    [
        rb'{"question": "\ud800"}',
        rb'{"question": "a\udfff"}',
        rb'{"question": "a", "history": ["\ud800"]}',
        rb'{"question": "a", "handbook": "\ud800"}',
        rb'{"question": "a", "\ud800": 1}',
    ],
    ids=["question", "low", "history", "handbook", "name"],
)
def test_a_lone_surrogate_is_refused_wherever_it_stands(
    client: TestClient, assert_problem: AssertProblem, body: bytes
) -> None:
    assert_problem(client.post("/v1/ask", content=body, headers=JSON), 422, "invalid_request")


@pytest.mark.parametrize(
    "question",
    [
        "问" * 500,
        "👷" * 500,
        "年\u200b休\u200d假\ufeff",
        "👨\u200d👩\u200d👧 有假吗",
        "工会\r\n\t是什么",
        "ＧＯＮＧ　ＨＵＩ",
        "農民工怎麼提升學歷",
        "?",
    ],
    ids=["500", "500-emoji", "zero-width-among-words", "joined-emoji", "line-end", "full-width", "traditional", "mark"],
)
def test_odd_but_sound_questions_are_answered(client: TestClient, question: str) -> None:
    assert client.post("/v1/ask", json={"question": question}).status_code == 200


def test_characters_no_eye_can_see_change_nothing(client: TestClient) -> None:
    plain, odd = (
        client.post("/v1/ask", json={"question": question}).json()
        for question in ("农民工怎么提升学历", "农\u200b民工怎么\ufeff提升\u200d学历")
    )
    assert odd["citations"] == plain["citations"]


@pytest.mark.parametrize(
    "changed",
    [
        {"question": 1},
        {"question": None},
        {"question": ["工会"]},
        {"question": True},
        {"history": "工会"},
        {"history": [1]},
        {"history": None},
        {"history": {}},
        {"history": [""]},
        {"history": ["问" * 501]},
        {"history": ["工会"] * 11},
        {"handbook": 1},
        {"handbook": "h" * 65},
        {"limit": 0},
        {"limit": 11},
        {"limit": -1},
        {"limit": "3"},
        {"limit": 3.0},
        {"limit": True},
        {"limit": None},
        {"k": 3},
        {"Question": "工会"},
    ],
    ids=str,
)
def test_a_field_of_another_kind_or_beyond_its_bounds_is_refused(
    client: TestClient, assert_problem: AssertProblem, changed: dict[str, Any]
) -> None:
    response = client.post("/v1/ask", json={"question": "工会", **changed})
    assert_problem(response, 422, "invalid_request")
    assert next(iter(changed)) in response.json()["detail"]


@pytest.mark.parametrize(
    ("history", "code"),
    [(["\u200b"], "question_blank"), (["工会\x00"], "question_has_control_characters")],
    ids=["blank", "control"],
)
def test_earlier_questions_are_held_to_the_same_rules(
    client: TestClient, assert_problem: AssertProblem, history: list[str], code: str
) -> None:
    assert_problem(client.post("/v1/ask", json={"question": "还有呢", "history": history}), 422, code)


@pytest.mark.parametrize(
    "changed",
    [{"history": ["工会"] * 10}, {"history": []}, {"handbook": None}, {"limit": 1}, {"limit": 10}],
    ids=["ten-earlier", "none-earlier", "any-handbook", "one", "ten"],
)
def test_a_field_at_its_bounds_is_accepted(client: TestClient, changed: dict[str, Any]) -> None:
    assert client.post("/v1/ask", json={"question": "工会", **changed}).status_code == 200


def test_a_question_for_an_unknown_handbook_is_not_an_abstention(
    client: TestClient, assert_problem: AssertProblem
) -> None:
    assert_problem(client.post("/v1/ask", json={"question": "工会", "handbook": "none"}), 404, "unknown_handbook")


@pytest.mark.parametrize(
    "changed",
    [
        {"answer_id": "a_0123"},
        {"answer_id": "a_0123456789ABCDEF"},
        {"answer_id": f"{ANSWER_ID}\n"},
        {"answer_id": f"{ANSWER_ID}' or 1=1"},
        {"answer_id": None},
        {"useful": "true"},
        {"useful": 1},
        {"useful": None},
        {"reason": 1},
        {"reason": "长" * 501},
        {"note": "x"},
    ],
    ids=str,
)
def test_feedback_of_another_shape_is_refused(
    client: TestClient, assert_problem: AssertProblem, changed: dict[str, Any]
) -> None:
    response = client.post("/v1/feedback", json={"answer_id": ANSWER_ID, "useful": True, **changed})
    assert_problem(response, 422, "invalid_request")
    assert next(iter(changed)) in response.json()["detail"]


@pytest.mark.parametrize("field", ["answer_id", "useful"])
def test_feedback_without_a_field_is_refused(client: TestClient, assert_problem: AssertProblem, field: str) -> None:
    body = {"answer_id": ANSWER_ID, "useful": True}
    del body[field]
    response = client.post("/v1/feedback", json=body)
    assert_problem(response, 422, "invalid_request")
    assert response.json()["detail"] == f"请求的 {field} 缺少。"

"""Every error leaves as `application/problem+json` (RFC 9457):

    {"type": "urn:wengong:error:<code>", "title": "Not Found", "status": 404, "detail": "给人看的中文说明",
     "instance": "/path/that/was/asked", "code": "<code>", "request_id": "<the X-Request-ID of the response>"}

with `Retry-After` when the service may be able to answer later (503). The fixture `assert_problem` checks all of it.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

AssertProblem = Callable[[Any, int, str], None]
BASE = "/v1/handbooks/industrial-workers-50"
LIMIT_BYTES = 64 * 1024
ANSWER_ID = "a_0123456789abcdef"
JSON = {"Content-Type": "application/json"}


def padded(size_bytes: int) -> bytes:
    """A sound question in exactly so many bytes."""
    body = json.dumps({"question": "第38问"}).encode()
    return body + b" " * (size_bytes - len(body))


def in_pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "no_such_route"),
        ("GET", "/v1", 404, "no_such_route"),
        ("GET", "/v2/ask", 404, "no_such_route"),
        ("GET", "/职工", 404, "no_such_route"),
        ("GET", "/static/none.js", 404, "no_such_route"),
        ("GET", "/v1/handbooks/none", 404, "unknown_handbook"),
        ("GET", "/v1/handbooks/INDUSTRIAL-WORKERS-50", 404, "unknown_handbook"),
        ("GET", "/v1/handbooks/none/questions", 404, "unknown_handbook"),
        ("GET", "/v1/handbooks/none/questions/1", 404, "unknown_handbook"),
        ("GET", "/v1/handbooks/none/sections/foreword", 404, "unknown_handbook"),
        ("GET", "/v1/handbooks/" + "h" * 5000, 404, "unknown_handbook"),
        ("GET", f"{BASE}/questions/0", 404, "unknown_question"),
        ("GET", f"{BASE}/questions/51", 404, "unknown_question"),
        ("GET", f"{BASE}/questions/-1", 404, "unknown_question"),
        ("GET", f"{BASE}/sections/none", 404, "unknown_question"),
        ("GET", f"{BASE}/questions/first", 422, "invalid_request"),
        ("GET", f"{BASE}/questions/1.5", 422, "invalid_request"),
        ("GET", f"{BASE}/questions/" + "9" * 5000, 422, "invalid_request"),
        ("GET", "/v1/suggest?q=" + "a" * 501, 422, "invalid_request"),
        ("GET", "/v1/suggest?q=a&limit=0", 422, "invalid_request"),
        ("GET", "/v1/suggest?q=a&limit=11", 422, "invalid_request"),
        ("GET", "/v1/suggest?q=a&limit=many", 422, "invalid_request"),
        ("GET", "/v1/ask", 405, "method_not_allowed"),
        ("PUT", "/v1/ask", 405, "method_not_allowed"),
        ("GET", "/v1/feedback", 405, "method_not_allowed"),
        ("POST", "/v1/handbooks", 405, "method_not_allowed"),
        ("DELETE", BASE, 405, "method_not_allowed"),
        ("POST", f"{BASE}/questions", 405, "method_not_allowed"),
        ("POST", f"{BASE}/questions/1", 405, "method_not_allowed"),
        ("POST", f"{BASE}/sections/foreword", 405, "method_not_allowed"),
        ("POST", "/v1/suggest", 405, "method_not_allowed"),
        ("POST", "/healthz", 405, "method_not_allowed"),
        ("POST", "/readyz", 405, "method_not_allowed"),
        ("POST", "/metrics", 405, "method_not_allowed"),
        ("POST", "/openapi.json", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
        ("POST", "/static/index.html", 405, "method_not_allowed"),
        ("BREW", "/v1/ask", 405, "method_not_allowed"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_an_address_that_cannot_be_served_says_why(
    client: TestClient, assert_problem: AssertProblem, method: str, path: str, status: int, code: str
) -> None:
    assert_problem(client.request(method, path), status, code)


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/v1/ask", {"POST"}), ("/v1/feedback", {"POST"}), ("/v1/handbooks", {"GET"}), ("/healthz", {"GET"})],
)
def test_a_wrong_method_is_told_the_right_ones(client: TestClient, path: str, methods: set[str]) -> None:
    assert set(client.delete(path).headers["allow"].split(", ")) == methods


def test_an_unknown_handbook_is_answered_with_those_there_are(client: TestClient) -> None:
    detail = client.get("/v1/handbooks/none").json()["detail"]
    assert "none" in detail
    assert "industrial-workers-50" in detail


def test_an_unknown_question_is_answered_with_the_range(client: TestClient) -> None:
    assert "1 到 50" in client.get(f"{BASE}/questions/51").json()["detail"]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/feedback"])
@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"{'question': 'a'}",
        b'{"question": "a"} x',
        "{“question”: “工会”}".encode(),
        b"\xff\xfe\xfd",
        b'{"question": "\xe5\xb7"}',
        '{"question": "工会"}'.encode("gb18030"),
        b"[" * 60_000,
        b'{"question":' * 5_000,
        b'{"question": ' + b"9" * 5_000 + b"}",
    ],
    ids=[
        "open",
        "quotes",
        "more",
        "chinese-quotes",
        "no-utf-8",
        "cut",
        "gb18030",
        "deep",
        "deep-object",
        "huge-number",
    ],
)
def test_what_is_no_json_is_refused(
    client: TestClient, assert_problem: AssertProblem, path: str, content: bytes
) -> None:
    assert_problem(client.post(path, content=content, headers=JSON), 400, "bad_json")


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/feedback"])
@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b'"text"', b"1", b"NaN", b"{}", b"[[]]"],
    ids=lambda content: content.decode() or "-",
)
def test_json_that_is_no_request_is_refused(
    client: TestClient, assert_problem: AssertProblem, path: str, content: bytes
) -> None:
    assert_problem(client.post(path, content=content, headers=JSON), 422, "invalid_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "///"])
def test_another_content_type_is_refused(client: TestClient, assert_problem: AssertProblem, kind: str) -> None:
    response = client.post("/v1/ask", content=padded(100), headers={"Content-Type": kind})
    assert_problem(response, 422, "invalid_request")


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with-length", "chunked"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/feedback", "/nowhere", "/v1/handbooks"])
def test_a_body_over_64_kb_is_refused_wherever_it_goes(
    client: TestClient, assert_problem: AssertProblem, path: str, is_chunked: bool
) -> None:
    content = padded(LIMIT_BYTES + 1)
    response = client.post(path, content=in_pieces(content) if is_chunked else content, headers=JSON)
    assert ("content-length" in response.request.headers) != is_chunked
    assert_problem(response, 413, "body_too_large")


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with-length", "chunked"])
def test_a_body_of_exactly_64_kb_is_read(client: TestClient, is_chunked: bool) -> None:
    content = padded(LIMIT_BYTES)
    response = client.post("/v1/ask", content=in_pieces(content) if is_chunked else content, headers=JSON)
    assert response.status_code == 200
    assert response.json()["citations"][0]["question_number"] == 38


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

"""Every error leaves as `application/problem+json` (RFC 9457):

    {"type": "urn:wengong:error:<code>", "title": "Not Found", "status": 404, "detail": "给人看的中文说明",
     "instance": "/path/that/was/asked", "code": "<code>", "request_id": "<the X-Request-ID of the response>"}

with `Retry-After` when the service may be able to answer later (503). The fixture `assert_problem` checks all of it.
What a request may hold is in test_request_rules.py.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

AssertProblem = Callable[[Any, int, str], None]
Sent = Callable[[bytes], bytes | Iterator[bytes]]
BASE = "/v1/handbooks/industrial-workers-50"
LIMIT_BYTES = 64 * 1024
JSON = {"Content-Type": "application/json"}


def padded(size_bytes: int) -> bytes:
    """A sound question in exactly so many bytes."""
    body = json.dumps({"question": "第38问"}).encode()
    return body + b" " * (size_bytes - len(body))


def in_pieces(content: bytes) -> Iterator[bytes]:
    """The same bytes, to be sent in chunks without a length."""
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


def at_once(content: bytes) -> bytes:
    """The same bytes, to be sent with their length."""
    return content


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
        ("PUT", "/", 405, "method_not_allowed"),
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


@pytest.mark.parametrize("sent", [at_once, in_pieces])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/feedback", "/nowhere", "/v1/handbooks"])
def test_a_body_over_64_kb_is_refused_wherever_it_goes(
    client: TestClient, assert_problem: AssertProblem, path: str, sent: Sent
) -> None:
    content = padded(LIMIT_BYTES + 1)
    response = client.post(path, content=sent(content), headers=JSON)
    assert ("content-length" in response.request.headers) == (sent is at_once)
    assert_problem(response, 413, "body_too_large")


@pytest.mark.parametrize("sent", [at_once, in_pieces])
def test_a_body_of_exactly_64_kb_is_read(client: TestClient, sent: Sent) -> None:
    content = padded(LIMIT_BYTES)
    response = client.post("/v1/ask", content=sent(content), headers=JSON)
    assert response.status_code == 200
    assert response.json()["citations"][0]["question_number"] == 38

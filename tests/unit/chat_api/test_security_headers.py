from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

EXPECTED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}


def assert_headers(client: TestClient, method: str, path: str, status: int, **request: object) -> None:
    response = client.request(method, path, follow_redirects=False, **request)
    assert response.status_code == status
    assert {name: response.headers[name] for name in EXPECTED} == EXPECTED
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "server" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/static/any/icon.svg", 200),
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/openapi.json", 200),
        ("GET", "/v1/handbooks", 200),
        ("GET", "/v1/handbooks/", 307),
        ("GET", "/nowhere", 404),
        ("GET", "/static/any/nothing", 404),
        ("GET", "/v1/ask", 405),
        ("POST", "/v1/ask", 422),
        ("GET", "/v1/suggest?limit=x", 422),
    ],
)
def test_every_kind_of_response_carries_them(client: TestClient, method: str, path: str, status: int) -> None:
    assert_headers(client, method, path, status)


def test_a_body_that_is_too_large_is_refused_with_them(client: TestClient) -> None:
    assert_headers(client, "POST", "/v1/ask", 413, content=b" " * 70_000)


def test_a_browser_asking_for_permission_gets_them(start: Callable[..., TestClient]) -> None:
    client = start(allowed_origins=("https://union.example",))
    asked = {"Origin": "https://union.example", "Access-Control-Request-Method": "POST"}
    assert_headers(client, "OPTIONS", "/v1/ask", 200, headers=asked)
    assert_headers(client, "OPTIONS", "/v1/ask", 400, headers={**asked, "Origin": "https://other.example"})


def test_an_unexpected_error_leaves_with_them(start: Callable[..., TestClient]) -> None:
    client = start()

    @client.app.get("/broken")  # type: ignore[attr-defined]
    def broken() -> None:
        raise RuntimeError

    assert_headers(client, "GET", "/broken", 500)

"""Every address of the whole service, with and without the console's login, answers with strict headers."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from console.access import COOKIE
from console.app import add_console
from console.places import Places
from retriever.settings import RetrieverSettings

SITE = "https://union.example"
FIXED = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
# What other sites may load; everything else is for this one.
SHARED = {"/embed", "/widget.js"}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


@pytest.fixture
def app(small_data: Path) -> FastAPI:
    settings = ServerSettings(allowed_origins=(SITE,))
    retriever_settings = RetrieverSettings(data=small_data)
    made = create_app(settings, retriever_settings)
    add_console(made, Places.of(retriever_settings, settings))
    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def addresses(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Every method and address: parameters filled in, and each file of the folders that are served."""
    for route in routes:
        if hasattr(route, "original_router"):
            yield from addresses(route.original_router.routes)
        elif hasattr(route, "methods"):
            for method in sorted(route.methods):
                yield method, re.sub(r"{\w+}", "x", route.path)
                yield method, re.sub(r"{\w+}", "1", route.path.replace("{handbook_id}", "paid-leave"))
        else:
            folder = Path(route.app.directory)
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                yield "GET", f"{route.path.replace('{version}', 'any')}/{file.relative_to(folder).as_posix()}"


def assert_strict(response: Any) -> None:
    place = f"{response.request.method} {response.request.url.path}"
    path = response.request.url.path
    assert {name: response.headers.get(name) for name in FIXED} == FIXED, place
    frames = f"'self' {SITE}" if path == "/embed" and response.is_success else "'none'"
    policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
    assert policy == {**POLICY, "frame-ancestors": frames}, place
    kept_to = "cross-origin" if path in SHARED and response.is_success else "same-origin"
    assert response.headers["cross-origin-resource-policy"] == kept_to, place
    assert len(response.headers.get_list("content-security-policy")) == 1, place
    assert "server" not in response.headers
    assert "x-powered-by" not in response.headers


def test_every_address_answers_with_strict_headers(app: FastAPI, client: TestClient) -> None:
    asked = sorted(set(addresses(app.routes)))
    paths = {path for _, path in asked}
    assert {"/", "/embed", "/widget.js", "/metrics", "/v1/ask", "/console/login", "/openapi.json"} <= paths
    assert any(path.startswith("/console/static/") for path in paths)
    assert len(paths) > 60
    statuses = set[int]()
    for method, path in asked:
        response = client.request(method, path)
        assert_strict(response)
        statuses.add(response.status_code)
    assert statuses >= {200, 303, 404, 422}
    assert 500 not in statuses


def test_what_is_refused_is_refused_with_strict_headers(client: TestClient) -> None:
    answers = [
        client.get("/nowhere"),
        client.get("/static/any/nothing"),
        client.get("/console/static/../app.py"),
        client.delete("/v1/ask"),
        client.request("BREW", "/"),
        client.options("/v1/ask"),
        client.options("/v1/ask", headers={"Origin": SITE, "Access-Control-Request-Method": "POST"}),
        client.options("/v1/ask", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "PUT"}),
        client.post("/v1/ask", content=b" " * 70_000),
        client.post("/v1/ask", content=b"{"),
        client.get("/healthz", headers={"X-A": "y" * 20_000}),
        client.get("/v1/handbooks/"),
        client.post("/console/login", data={"name": "某人", "token": "wrong"}),
        client.head("/"),
    ]
    for response in answers:
        assert_strict(response)
    assert {400, 403, 404, 405, 413, 431, 307} <= {response.status_code for response in answers}


def test_a_crowd_is_turned_away_with_strict_headers(small_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENGONG_RATE_LIMIT_ADDRESS", "1")
    app = create_app(ServerSettings(), RetrieverSettings(data=small_data))
    with TestClient(app) as client:
        answers = [client.get("/v1/handbooks") for _ in range(30)]
    assert {response.status_code for response in answers} == {200, 429}
    for response in answers:
        assert_strict(response)


def test_staff_who_are_logged_in_get_strict_headers(app: FastAPI, client: TestClient) -> None:
    state = app.state.console.state
    state.staff.add("发布人甲", "publisher")
    client.cookies.set(COOKIE, state.logins.open("发布人甲"), path="/console")
    pages = sorted(path for method, path in addresses(app.routes) if method == "GET" and path.startswith("/console"))
    answers = [client.get(path) for path in pages]
    for response in answers:
        assert_strict(response)
    assert [response.status_code for response in answers].count(200) > 10


def test_no_page_needs_what_the_policy_forbids(client: TestClient) -> None:
    for path in ("/", "/embed", "/read/paid-leave", "/read/paid-leave/questions/1", "/console/login", "/read/none"):
        text = client.get(path).text
        assert "<html" in text
        assert not re.search(r"<[^>]+\s(on\w+|style)\s*=", text), path
        assert not re.search(r"<style|javascript:", text), path
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text), path
        scripts = re.findall(r"<script[^>]*>", text)
        assert [tag for tag in scripts if " src=" not in tag and 'type="application/json"' not in tag] == [], path

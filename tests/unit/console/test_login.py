import html
import socket
import threading
import time
from typing import Any
from urllib.request import Request, urlopen

import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from chat_api.limits.patient_protocol import ServerConfig
from chat_api.limits.settings import LimitSettings
from chat_api.state.console_tables import AUDIT, LOGIN_FAILURES, STAFF, STAFF_SESSIONS
from console.state import ConsoleState
from console.state.logins import LOCKED_S, MAX_FAILURES_OF_A_NAME, MAX_FAILURES_OF_AN_ADDRESS, LoginStore

# Where nothing depends on the kind of database, one kind is enough.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = ["/console/audit", "/console/hit-test"]


@on_sqlite
@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_shown_the_login(stranger: Any, address: str) -> None:
    response = stranger.http.get(address)
    assert (response.status_code, response.headers["location"]) == (303, "/console/login")


@on_sqlite
def test_a_stranger_s_form_does_nothing(stranger: Any) -> None:
    response = stranger.http.post("/console/hit-test", data={"question": "年休假有几天"})
    assert (response.status_code, response.headers["location"]) == (303, "/console/login")


@on_sqlite
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: Any, tokens: dict[str, str]) -> None:
    cookies = stranger.log_in("编辑甲", tokens["编辑甲"]).headers.get_list("set-cookie")
    [session] = [cookie for cookie in cookies if cookie.startswith("wengong_console=")]
    assert {"httponly", "samesite=strict", "path=/console"} <= set(session.lower().split("; "))
    assert "secure" not in session.lower()


@on_sqlite
def test_every_cookie_ever_given_is_strict(stranger: Any, editor: Any, tokens: dict[str, str]) -> None:
    answers = [
        stranger.http.get("/console/login"),
        stranger.log_in("编辑甲", "wrong"),
        stranger.log_in("编辑甲", tokens["编辑甲"]),
        editor.http.get("/console"),
        editor.send("/console/audit", "/console/logout"),
        *(stranger.http.get(path) for path in ("/", "/embed", "/v1/handbooks", "/metrics", "/console/static/none")),
    ]
    cookies = [cookie for response in answers for cookie in response.headers.get_list("set-cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} == {"wengong_console", "wengong_console_login"}
    for cookie in cookies:
        marks = set(cookie.lower().split("; ")[1:])
        is_taken_back = any("max-age=0" in mark for mark in marks)
        assert "path=/console" in marks
        assert not any(mark.startswith("domain") for mark in marks)
        assert is_taken_back or {"httponly", "samesite=strict"} <= marks


@on_sqlite
def test_a_cookie_that_somebody_planted_is_worth_nothing_after_a_login(stranger: Any, tokens: dict[str, str]) -> None:
    stranger.http.cookies.set("wengong_console", "planted", path="/console")
    given = stranger.log_in("编辑甲", tokens["编辑甲"]).headers["set-cookie"]
    assert "planted" not in given
    stranger.http.cookies.clear()
    stranger.http.cookies.set("wengong_console", "planted", path="/console")
    assert stranger.http.get("/console/audit").status_code == 303


@on_sqlite
@pytest.mark.parametrize(("trusted", "is_secure"), [("127.0.0.1", True), ("192.0.2.1", False)])
def test_behind_a_trusted_proxy_with_https_the_cookie_stays_on_https(
    app: FastAPI, trusted: str, *, is_secure: bool
) -> None:
    server = uvicorn.Server(ServerConfig(app, LimitSettings(trusted_proxies=trusted)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/console/login"
        with urlopen(Request(address, headers={"X-Forwarded-Proto": "https"})) as answer:
            cookies = answer.headers.get_all("set-cookie")
        server.should_exit = True
        thread.join(20)
    assert len(cookies) == 1
    assert ("secure" in cookies[0].lower()) == is_secure


@on_sqlite
def test_over_https_the_cookie_stays_on_https(stranger: Any, tokens: dict[str, str]) -> None:
    stranger.http.base_url = "https://testserver"
    cookies = stranger.log_in("编辑甲", tokens["编辑甲"]).headers.get_list("set-cookie")
    assert all("secure" in cookie.lower() for cookie in cookies if "max-age=0" not in cookie.lower())


@on_sqlite
def test_who_is_logged_in_sees_the_pages_and_no_cache_keeps_them(editor: Any) -> None:
    for address in PAGES:
        response = editor.http.get(address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"
        assert "编辑甲 · 编辑" in response.text


@on_sqlite
@pytest.mark.parametrize("token", ["", "wrong", "口令"])
def test_a_wrong_token_is_refused(stranger: Any, token: str) -> None:
    response = stranger.log_in("编辑甲", token)
    assert response.status_code == 403
    assert "姓名或口令不对" in response.text
    assert stranger.http.get("/console/audit").status_code == 303


def test_somebody_else_s_token_is_refused(stranger: Any, tokens: dict[str, str]) -> None:
    assert stranger.log_in("编辑甲", tokens["发布人甲"]).status_code == 403


def test_a_name_that_failed_often_is_locked_even_with_the_right_token(
    stranger: Any, tokens: dict[str, str], state: ConsoleState
) -> None:
    for _ in range(MAX_FAILURES_OF_A_NAME):
        assert stranger.log_in("编辑甲", "wrong").status_code == 403
    locked = stranger.log_in("编辑甲", tokens["编辑甲"])
    assert locked.status_code == 429
    assert "15 分钟" in locked.text
    assert stranger.log_in("发布人甲", tokens["发布人甲"]).status_code == 303
    later = LoginStore(state.logins._engine, lambda: state.logins._now_s() + LOCKED_S + 1)
    assert not later.is_locked("编辑甲", "testclient")


def test_an_address_that_failed_often_is_locked_for_every_name(stranger: Any, tokens: dict[str, str]) -> None:
    for number in range(MAX_FAILURES_OF_AN_ADDRESS):
        assert stranger.log_in(f"某人{number}", "wrong").status_code == 403
    assert stranger.log_in("编辑甲", tokens["编辑甲"]).status_code == 429


@on_sqlite
def test_a_login_form_of_another_browser_is_refused(stranger: Any, tokens: dict[str, str]) -> None:
    stranger.form_token("/console/login")
    fields = {"name": "编辑甲", "token": tokens["编辑甲"], "form_token": "of another browser"}
    assert stranger.http.post("/console/login", data=fields).status_code == 403


@on_sqlite
@pytest.mark.parametrize("token", ["", "guessed", "令牌"])
def test_a_form_without_its_token_is_refused(editor: Any, token: str) -> None:
    response = editor.http.post("/console/hit-test", data={"question": "年休假有几天", "form_token": token})
    assert response.status_code == 403
    assert "表单已经过期" in response.text


def test_the_form_token_of_somebody_else_is_refused(editor: Any, publisher: Any) -> None:
    fields = {"question": "年休假有几天", "form_token": publisher.form_token("/console/hit-test")}
    assert editor.http.post("/console/hit-test", data=fields).status_code == 403


def test_logging_out_ends_the_session_for_good(editor: Any) -> None:
    cookie = editor.http.cookies["wengong_console"]
    assert editor.send("/console/audit", "/console/logout").status_code == 303
    editor.http.cookies.set("wengong_console", cookie, path="/console")
    assert editor.http.get("/console/audit").status_code == 303


def test_disabling_somebody_ends_their_session_and_their_token(
    editor: Any, stranger: Any, tokens: dict[str, str], state: ConsoleState
) -> None:
    state.staff.disable("编辑甲")
    assert editor.http.get("/console/audit").status_code == 303
    assert stranger.log_in("编辑甲", tokens["编辑甲"]).status_code == 403


def test_a_session_ends_after_some_hours(state: ConsoleState) -> None:
    state.staff.add("编辑甲", "editor")
    cookie = state.logins.open("编辑甲")
    assert state.logins.session(cookie) is not None
    assert LoginStore(state.logins._engine, lambda: state.logins._now_s() + 9 * 3600).session(cookie) is None


def test_the_list_of_changes_shows_who_did_what(editor: Any) -> None:
    shown = html.unescape(editor.http.get("/console/audit").text)
    for words in ("添加人员", "登录", "命令行", "编辑甲"):
        assert words in shown


def test_neither_tokens_nor_cookies_lie_in_the_database(state: ConsoleState, tokens: dict[str, str]) -> None:
    cookie = state.logins.open("编辑甲")
    with state.staff._engine.connect() as connection:
        stored = "".join(
            str(connection.execute(select(table)).fetchall())
            for table in (STAFF, STAFF_SESSIONS, AUDIT, LOGIN_FAILURES)
        )
    assert "$argon2id$" in stored
    assert not any(secret in stored for secret in (*tokens.values(), cookie))

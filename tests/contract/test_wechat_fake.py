"""The fake platform answers as WeChat's documents say: a table of calls and their error codes.

Whoever has a test appid can run the same table against api.weixin.qq.com once, and correct it here; what could not be
settled from documents is marked in docs/wechat.md.
"""

import http.client
import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.wechat_fake import APPID, REVIEW_WORD, RISKY_WORD, SECRET, FakeWeChat

OPENID = "o_1"
LOGIN, TOKEN, CHECK = "/sns/jscode2session", "/cgi-bin/stable_token", "/wxa/msg_sec_check"
SEND, SESSION = "/cgi-bin/message/custom/send", "/wxa/checksession"
Call = Callable[..., dict[str, Any]]


@pytest.fixture
def fake() -> Iterator[FakeWeChat]:
    with FakeWeChat() as running:
        yield running


def send(fake: FakeWeChat, method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(urlsplit(fake.address).netloc, timeout=10)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.getheader("Content-Type") or "", response.read()
    finally:
        connection.close()


@pytest.fixture
def get(fake: FakeWeChat) -> Call:
    def call(path: str, **query: str) -> dict[str, Any]:
        status, _, content = send(fake, "GET", f"{path}?{urlencode(query)}")
        assert status == 200
        return dict(json.loads(content))

    return call


@pytest.fixture
def post(fake: FakeWeChat) -> Call:
    def call(path: str, body: Any, token: str | None = None) -> dict[str, Any]:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        status, _, answer = send(fake, "POST", f"{path}?access_token={token}" if token else path, content)
        assert status == 200
        return dict(json.loads(answer))

    return call


@pytest.fixture
def token(post: Call) -> str:
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    return str(post(TOKEN, asked)["access_token"])


def logged_in(fake: FakeWeChat, get: Call, openid: str = OPENID) -> dict[str, Any]:
    code = fake.platform.issue_code(openid, "union-1")
    return get(LOGIN, appid=APPID, secret=SECRET, js_code=code, grant_type="authorization_code")


def test_a_login_is_text_plain_without_an_error_code(fake: FakeWeChat, get: Call) -> None:
    assert set(logged_in(fake, get)) == {"openid", "unionid", "session_key"}
    query = urlencode({"appid": APPID, "secret": SECRET, "js_code": "x", "grant_type": "authorization_code"})
    status, kind, content = send(fake, "GET", f"{LOGIN}?{query}")
    assert (status, kind) == (200, "text/plain")
    assert json.loads(content)["errcode"] == 40029
    assert " rid: " in json.loads(content)["errmsg"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"js_code": ""}, 41008),
        ({"appid": "wx1", "secret": "x"}, 40013),
        ({"secret": "x", "grant_type": "x"}, 40125),
        ({"grant_type": "x"}, 40002),
        ({}, 40029),
    ],
    ids=str,
)
def test_a_login_is_checked_in_order(get: Call, changed: dict[str, str], code: int) -> None:
    given = {"appid": APPID, "secret": SECRET, "js_code": "unknown", "grant_type": "authorization_code", **changed}
    assert get(LOGIN, **given)["errcode"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 47001),
        (b"[]", 47001),
        ({}, 41002),
        ({"appid": APPID}, 41004),
        ({"appid": "wx1", "secret": SECRET}, 40013),
        ({"appid": APPID, "secret": "x"}, 40125),
        ({"appid": APPID, "secret": SECRET}, 40002),
    ],
    ids=str,
)
def test_a_token_is_given_only_to_the_app(post: Call, body: Any, code: int) -> None:
    assert post(TOKEN, body)["errcode"] == code


def test_a_token_stays_the_same_until_five_minutes_before_its_end(fake: FakeWeChat, post: Call) -> None:
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    first = post(TOKEN, asked)
    assert first["expires_in"] == 7200
    fake.platform.advance(6800)
    assert post(TOKEN, asked)["access_token"] == first["access_token"]
    fake.platform.advance(150)
    second = post(TOKEN, asked)
    assert second["access_token"] != first["access_token"]
    assert [post(CHECK, b"", each["access_token"])["errcode"] for each in (first, second)] == [44002, 44002]
    fake.platform.advance(300)
    assert [post(CHECK, b"", each["access_token"])["errcode"] for each in (first, second)] == [42001, 44002]


def test_a_forced_token_kills_the_last_one_but_not_within_half_a_minute(fake: FakeWeChat, post: Call) -> None:
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    first = post(TOKEN, asked)["access_token"]
    assert post(TOKEN, {**asked, "force_refresh": True})["access_token"] == first
    fake.platform.advance(30)
    second = post(TOKEN, {**asked, "force_refresh": True})["access_token"]
    assert second != first
    assert post(CHECK, b"", first)["errcode"] == 40001
    for _ in range(19):
        fake.platform.advance(30)
        post(TOKEN, {**asked, "force_refresh": True})
    assert post(TOKEN, {**asked, "force_refresh": True})["errcode"] == 45009


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"scene": 5}, 40129),
        ({"openid": "o_unknown"}, 40003),
        ({"content": ""}, 44002),
        ({"content": "长" * 2501}, 45002),
        ({"access_token": "x"}, 47001),
        ({}, 0),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_text_is_checked_in_order(
    fake: FakeWeChat, get: Call, post: Call, token: str, changed: dict[str, Any], code: int
) -> None:
    logged_in(fake, get)
    body = {"version": 2, "scene": 2, "openid": OPENID, "content": "年休假", **changed}
    assert post(CHECK, body)["errcode"] == 41001
    assert post(CHECK, body, "x")["errcode"] == 40001
    assert post(CHECK, body, token)["errcode"] == code
    assert get(CHECK, access_token=token)["errcode"] == 43002


def test_a_text_is_judged_by_its_bytes(fake: FakeWeChat, get: Call, post: Call, token: str) -> None:
    logged_in(fake, get)
    judged = {}
    for content in ("年休假", RISKY_WORD, REVIEW_WORD):
        body = {"version": 2, "scene": 2, "openid": OPENID, "content": content}
        judged[content] = post(CHECK, body, token)["result"]["suggest"]
        assert post(CHECK, json.dumps(body).encode(), token)["result"]["suggest"] == "pass"
    assert judged == {"年休假": "pass", RISKY_WORD: "risky", REVIEW_WORD: "review"}
    assert post(CHECK, {"content": RISKY_WORD}, token)["errcode"] == 87014  # version 1


def test_a_person_away_for_two_hours_is_unknown(fake: FakeWeChat, get: Call, post: Call) -> None:
    logged_in(fake, get)
    fake.platform.advance(7201)
    asked = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
    body = {"version": 2, "scene": 2, "openid": OPENID, "content": "年休假"}
    assert post(CHECK, body, post(TOKEN, asked)["access_token"])["errcode"] == 61010


def test_customer_messages_are_few_short_and_soon(fake: FakeWeChat, post: Call, token: str) -> None:
    def sent(text: str = "好") -> int:
        return int(post(SEND, {"touser": OPENID, "msgtype": "text", "text": {"content": text}}, token)["errcode"])

    assert sent() == 45015
    fake.platform.user_wrote(OPENID)
    assert sent("好" * 683) == 45002
    assert [sent() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_the_rest(fake: FakeWeChat, get: Call, token: str) -> None:
    logged_in(fake, get)
    assert get(SESSION, access_token=token, openid=OPENID)["errcode"] == 0
    assert get(SESSION, access_token=token, openid="o_2")["errcode"] == 87009
    assert get("/cgi-bin/menu/create")["errcode"] == 40066


def test_the_command_serves_it_and_stops_when_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "wengong", "fake-wechat", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
        assert (done.returncode, "换一个端口" in done.stderr) == (1, True)
    with subprocess.Popen(command, stdout=-1, stderr=subprocess.STDOUT, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        told = ""
        while "address" not in told and (line := process.stdout.readline()):
            told += line
        assert f"WENGONG_WECHAT_API=http://127.0.0.1:{port}" in told
        request = urllib.request.Request(f"http://127.0.0.1:{port}/_fake/code", b"{}")
        with urllib.request.urlopen(request, timeout=10) as response:
            assert json.loads(response.read())["code"]
        process.terminate()
        assert process.wait(30) != 0

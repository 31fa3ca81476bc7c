import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api.wechat import login as login_module
from tests.wechat_fake import FakeWeChat

Start = Callable[..., TestClient]
LogIn = Callable[..., dict[str, str]]
AssertProblem = Callable[[Any, int, str], None]
PATH = "/sns/jscode2session"
OPENID = "o_worker_0001"
ASKED = {"question": "年休假有几天"}


def logged_in_with(client: TestClient, code: str) -> Any:
    return client.post("/v1/wechat/login", json={"code": code})


def test_a_code_becomes_a_token_and_nothing_else_is_told(start: Start, fake: FakeWeChat) -> None:
    response = logged_in_with(start(), fake.platform.issue_code(OPENID, "union-id-1"))
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 7200)
    assert len(body["token"]) >= 43  # 256 bits


def test_the_token_lets_a_person_ask_and_without_one_nobody_may(
    start: Start, log_in: LogIn, assert_problem: AssertProblem
) -> None:
    client = start()
    assert client.post("/v1/ask", json=ASKED, headers=log_in(client)).json()["status"] == "answered"
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer "},
    ):
        assert_problem(client.post("/v1/ask", json=ASKED, headers=headers), 401, "token_invalid")


def test_what_is_public_needs_no_login(start: Start) -> None:
    client = start()
    paths = ("/v1/handbooks", "/v1/handbooks/paid-leave/questions/1", "/v1/suggest?q=年", "/readyz", "/")
    assert [client.get(path).status_code for path in paths] == [200] * len(paths)


def test_a_code_is_good_once_and_for_five_minutes(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start()
    used, old = fake.platform.issue_code(OPENID), fake.platform.issue_code(OPENID)
    assert logged_in_with(client, used).status_code == 200
    assert_problem(logged_in_with(client, used), 401, "wechat_code_invalid")
    fake.platform.advance(301)
    assert_problem(logged_in_with(client, old), 401, "wechat_code_invalid")
    assert_problem(logged_in_with(client, "never-issued"), 401, "wechat_code_invalid")


def test_a_person_whom_wechat_holds_for_a_risk_is_refused(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    assert_problem(logged_in_with(start(), fake.platform.issue_code(OPENID, risk=True)), 403, "wechat_user_blocked")


def test_too_many_logins_of_one_person_are_told_to_wait(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start()
    for _ in range(100):
        logged_in_with(client, fake.platform.issue_code(OPENID))
    response = logged_in_with(client, fake.platform.issue_code(OPENID))
    assert_problem(response, 429, "wechat_rate_limited")
    assert logged_in_with(client, fake.platform.issue_code("o_somebody_else")).status_code == 200


@pytest.mark.parametrize(
    "how",
    [{"errcode": -1}, {"status": 502}, {"html": True}, {"drop": True}, {"delay_s": 0.6}, {"errcode": 99999}],
    ids=["busy", "5xx", "html", "dropped", "slow", "unknown"],
)
def test_a_platform_in_trouble_is_a_503_and_the_next_try_succeeds(
    start: Start,
    fake: FakeWeChat,
    assert_problem: AssertProblem,
    monkeypatch: pytest.MonkeyPatch,
    how: dict[str, Any],
) -> None:
    monkeypatch.setattr(login_module, "LOGIN_LIMIT_S", 0.3)
    client = start()
    fake.platform.fail(PATH, **how)
    assert_problem(logged_in_with(client, fake.platform.issue_code(OPENID)), 503, "wechat_unavailable")
    assert logged_in_with(client, fake.platform.issue_code(OPENID)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"), [({"wechat_appid": "wx_other"}, 40013), ({"wechat_secret": "another"}, 40125)]
)
def test_wrong_credentials_are_the_operators_to_mend_and_logged_as_critical(
    start: Start,
    fake: FakeWeChat,
    capfd: pytest.CaptureFixture[str],
    assert_problem: AssertProblem,
    changed: dict[str, str],
    code: int,
) -> None:
    client = start(**changed)
    capfd.readouterr()
    assert_problem(logged_in_with(client, fake.platform.issue_code(OPENID)), 503, "wechat_unavailable")
    told = json.loads(capfd.readouterr().err.splitlines()[0])
    assert (told["level"], told["errcode"], told["detail"]) == ("critical", code, "检查 appid/secret")


def test_an_address_that_is_not_on_the_white_list_is_logged_as_critical(
    start: Start, fake: FakeWeChat, capfd: pytest.CaptureFixture[str]
) -> None:
    client = start()
    fake.platform.fail(PATH, errcode=40164)
    capfd.readouterr()
    logged_in_with(client, fake.platform.issue_code(OPENID))
    assert "白名单" in json.loads(capfd.readouterr().err.splitlines()[0])["detail"]


def test_a_reply_without_an_openid_is_no_login(start: Start, fake: FakeWeChat, assert_problem: AssertProblem) -> None:
    assert_problem(logged_in_with(start(), fake.platform.issue_code("")), 503, "wechat_unavailable")


@pytest.mark.parametrize("code", ["", "a" * 129, "a b", "a&appid=other", "工会"])
def test_what_cannot_be_a_code_never_reaches_wechat(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem, code: str
) -> None:
    assert_problem(logged_in_with(start(), code), 422, "invalid_request")
    assert fake.platform.calls == []


def test_logging_out_takes_back_this_token_and_no_other(
    start: Start, log_in: LogIn, assert_problem: AssertProblem
) -> None:
    client = start()
    phone, tablet = log_in(client), log_in(client)
    response = client.post("/v1/wechat/logout", headers=phone)
    assert (response.status_code, response.content) == (204, b"")
    assert_problem(client.post("/v1/ask", json=ASKED, headers=phone), 401, "token_invalid")
    assert client.post("/v1/ask", json=ASKED, headers=tablet).status_code == 200


def test_erasing_ends_every_session_of_the_person_and_of_nobody_else(
    start: Start, log_in: LogIn, assert_problem: AssertProblem
) -> None:
    client = start()
    phone, tablet, other = log_in(client), log_in(client), log_in(client, "o_worker_0002")
    assert client.delete("/v1/me", headers=phone).status_code == 204
    for mine in (phone, tablet):
        assert_problem(client.post("/v1/ask", json=ASKED, headers=mine), 401, "token_invalid")
    assert client.post("/v1/ask", json=ASKED, headers=other).status_code == 200
    assert_problem(client.delete("/v1/me"), 401, "token_invalid")


def test_a_token_holds_in_every_process_and_is_taken_back_in_every_one(
    start: Start, log_in: LogIn, assert_problem: AssertProblem
) -> None:
    first, second = start(), start()
    headers = log_in(first)
    assert second.post("/v1/ask", json=ASKED, headers=headers).status_code == 200
    second.post("/v1/wechat/logout", headers=headers)
    assert_problem(first.post("/v1/ask", json=ASKED, headers=headers), 401, "token_invalid")


def test_the_database_holds_no_token_and_no_session_key(start: Start, log_in: LogIn, small_data: Path) -> None:
    token = log_in(start())["Authorization"].removeprefix("Bearer ")
    written = b"".join(path.read_bytes() for path in small_data.glob("state.sqlite3*"))
    assert OPENID.encode() in written  # the check of content needs it
    assert token.encode() not in written
    assert b"session_key" not in written


def test_without_wechat_there_is_nothing_to_log_in_to(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start(auth="none")
    assert_problem(logged_in_with(client, "code"), 404, "wechat_off")
    assert client.post("/v1/ask", json=ASKED).status_code == 200
    assert fake.platform.calls == []

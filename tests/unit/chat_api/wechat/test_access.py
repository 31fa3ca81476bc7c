"""Who may ask, in each of the four ways to decide it."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api.access import Asker
from chat_api.wechat.settings import WeChatSettings
from corpus.errors import SettingsInvalid
from retriever.settings import read_settings
from tests.wechat_fake import FakeWeChat

Start = Callable[..., TestClient]
AssertProblem = Callable[[Any, int, str], None]
KEY = "key-of-the-union-backend-0001"
OTHER_KEY = "key-of-the-union-backend-0002"
BODY = {"question": "年休假有几天"}
FROM_CLOUD = {"X-WX-OPENID": "o_worker_0001", "X-WX-SOURCE": "wx_client", "X-WX-APPID": "wx1"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_by_default_anybody_may_ask_and_nothing_is_checked(start: Start, fake: FakeWeChat) -> None:
    body = start(auth="none").post("/v1/ask", json=BODY).json()
    assert (body["status"], body["question_check"]) == ("answered", None)
    assert fake.platform.calls == []


def test_a_program_with_a_key_may_ask_and_another_may_not(start: Start, assert_problem: AssertProblem) -> None:
    client = start(auth="api_key", api_keys=(KEY, OTHER_KEY))
    for key in (KEY, OTHER_KEY):
        assert client.post("/v1/ask", json=BODY, headers=bearer(key)).status_code == 200
    for headers in ({}, bearer(KEY + "x"), bearer(KEY[:-1]), bearer(""), {"Authorization": KEY}, {"X-Api-Key": KEY}):
        assert_problem(client.post("/v1/ask", json=BODY, headers=headers), 401, "token_invalid")
    feedback = {"answer_id": "a_" + "0" * 16, "useful": True}
    assert_problem(client.post("/v1/feedback", json=feedback), 401, "token_invalid")
    assert client.post("/v1/feedback", json=feedback, headers=bearer(KEY)).status_code == 200


@pytest.mark.parametrize("auth", ["wechat", "cloudrun"])
def test_a_key_works_beside_people_and_its_questions_are_the_programs_to_check(
    start: Start, fake: FakeWeChat, auth: str
) -> None:
    client = start(auth=auth, api_keys=(KEY,), wechat_trust_headers=True)
    assert client.post("/v1/ask", json=BODY, headers=bearer(KEY)).json()["question_check"] is None
    assert fake.platform.calls == []


@pytest.mark.parametrize("auth", ["api_key", "wechat"])
def test_the_headers_of_the_cloud_say_nothing_elsewhere(start: Start, assert_problem: AssertProblem, auth: str) -> None:
    client = start(auth=auth, api_keys=(KEY,), wechat_trust_headers=True)
    assert_problem(client.post("/v1/ask", json=BODY, headers=FROM_CLOUD), 401, "token_invalid")


def test_behind_the_cloud_its_headers_say_who_asks(
    start: Start, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start(auth="cloudrun", wechat_trust_headers=True, wechat_appid="", wechat_secret="")
    fake.platform.issue_code(FROM_CLOUD["X-WX-OPENID"])
    body = client.post("/v1/ask", json=BODY, headers=FROM_CLOUD).json()
    assert body["status"] == "answered"
    # The cloud adds the access token by itself, so none is fetched or sent.
    assert [(call.path, call.query) for call in fake.platform.calls] == [("/wxa/msg_sec_check", {})]
    without_source = {name: value for name, value in FROM_CLOUD.items() if name != "X-WX-SOURCE"}
    for headers in ({}, without_source, {"X-WX-SOURCE": "wx_client"}, {**FROM_CLOUD, "X-WX-OPENID": ""}):
        assert_problem(client.post("/v1/ask", json=BODY, headers=headers), 401, "token_invalid")
    assert_problem(client.post("/v1/wechat/login", json={"code": "abc"}), 404, "wechat_off")
    assert client.delete("/v1/me", headers=FROM_CLOUD).status_code == 204


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"auth": "cloudrun"}, "WENGONG_WECHAT_TRUST_HEADERS"),
        ({"auth": "api_key"}, "WENGONG_API_KEYS"),
        ({"wechat_appid": ""}, "WENGONG_WECHAT_APPID"),
        ({"wechat_secret": ""}, "WENGONG_WECHAT_SECRET"),
        ({"wechat_api": "http://api.weixin.qq.com"}, "WENGONG_WECHAT_API"),
        ({"wechat_mp_token": "t", "wechat_mp_aes_key": "A" * 43}, "WENGONG_WECHAT_MP_APPID"),
        ({"wechat_mp_token": "t", "wechat_mp_appid": "wx1"}, "WENGONG_WECHAT_MP_AES_KEY"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_setting_that_would_not_be_safe_keeps_the_service_from_starting(
    start: Start, given: dict[str, Any], named: str
) -> None:
    with pytest.raises(SettingsInvalid, match=named):
        start(**given)


@pytest.mark.parametrize(
    "address",
    ["http://api.example.com", "ftp://127.0.0.1", "api.weixin.qq.com", "", "https://", "https://a.example/?x=1"],
)
def test_an_address_to_which_the_secret_would_travel_open_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("WENGONG_WECHAT_API", address)
    with pytest.raises(SettingsInvalid, match="WENGONG_WECHAT_API "):
        read_settings(WeChatSettings)


@pytest.mark.parametrize(
    "address", ["https://proxy.union.example/wechat", "http://127.0.0.1:8900", "http://localhost:1/"]
)
def test_a_safe_address_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("WENGONG_WECHAT_API", address)
    assert read_settings(WeChatSettings).wechat_api == address.rstrip("/")


def test_neither_settings_nor_askers_show_what_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET", "MP_TOKEN", "MP_AES_KEY"):
        monkeypatch.setenv(f"WENGONG_WECHAT_{name}", "hidden-value")
    settings = read_settings(WeChatSettings)
    assert settings.wechat_secret.get_secret_value() == "hidden-value"
    assert "hidden-value" not in repr(settings) + str(settings.model_dump())
    assert "hidden" not in repr(Asker(openid="hidden", token="hidden"))  # noqa: S106 -- no secret


def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    assert start
    from chat_api.settings import ServerSettings

    monkeypatch.setenv("WENGONG_API_KEYS", '["short"]')
    with pytest.raises(SettingsInvalid, match="WENGONG_API_KEYS"):
        read_settings(ServerSettings)

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from chat_api import create_app
from chat_api.limits.buckets import Rate
from chat_api.limits.rate_limits import RateLimits
from chat_api.limits.redis_buckets import RedisBuckets
from chat_api.limits.settings import LimitSettings
from chat_api.observability import make_logger
from chat_api.settings import ServerSettings
from chat_api.wechat.settings import WeChatSettings
from corpus.errors import SettingsInvalid
from corpus.limit_errors import RateLimited
from retriever.settings import RetrieverSettings, read_settings
from tests.conftest import Redis, aside

KEY = "k" * 24
Problem = Callable[[Any, int, str], None]


def start(data: Path, **given: Any) -> TestClient:
    limits = {name: value for name, value in given.items() if name in LimitSettings.model_fields}
    server = {name: value for name, value in given.items() if name not in limits}
    wechat = WeChatSettings(
        wechat_appid="wx0123456789abcdef",
        wechat_secret=SecretStr("s" * 32),
        wechat_api="http://127.0.0.1:1",
        wechat_trust_headers=given.get("auth") == "cloudrun",
    )
    app = create_app(ServerSettings(**server), RetrieverSettings(data=data), wechat, LimitSettings(**limits))
    return TestClient(app, raise_server_exceptions=False)


def statuses(client: TestClient, count: int, path: str = "/v1/handbooks", **options: Any) -> list[int]:
    return [client.get(path, **options).status_code for _ in range(count)]


def test_an_address_that_asks_too_often_is_told_when_to_come_again(small_data: Path, assert_problem: Problem) -> None:
    with start(small_data, rate_limit_address=6) as client:
        assert statuses(client, 20) == [200] * 20
        response = client.get("/v1/handbooks")
        assert_problem(response, 429, "too_many_requests")
        assert response.headers["retry-after"] == "10"
        assert "10 秒" in response.json()["detail"]
        assert 'wengong_refused_total{reason="address"} 1.0' in client.get("/metrics").text


def test_machines_and_files_are_not_counted(small_data: Path) -> None:
    with start(small_data, rate_limit_address=6) as client:
        for path in ("/healthz", "/readyz", "/metrics", "/static/any/page.css"):
            assert statuses(client, 30, path) == [200] * 30
        assert statuses(client, 21) == [200] * 20 + [429]


def test_off_means_off(small_data: Path) -> None:
    with start(small_data, rate_limit="off", rate_limit_address=6) as client:
        assert statuses(client, 40) == [200] * 40
    assert not (small_data / "rate-limits.bin").exists()


def test_a_key_has_a_bucket_of_its_own_wherever_it_is_used(small_data: Path) -> None:
    with start(small_data, auth="api_key", api_keys=(KEY,), rate_limit_address=6, rate_limit_key=180) as client:
        assert statuses(client, 21) == [200] * 20 + [429]
        assert statuses(client, 31, headers={"Authorization": f"Bearer {KEY}"}) == [200] * 30 + [429]


def test_a_guessed_key_counts_for_the_address(small_data: Path) -> None:
    with start(small_data, auth="api_key", api_keys=(KEY,), rate_limit_address=6) as client:
        guesses = [
            client.post("/v1/ask", json={"question": "第1问"}, headers={"Authorization": f"Bearer {n}"}).status_code
            for n in range(22)
        ]
    assert guesses == [401] * 20 + [429] * 2


@pytest.mark.parametrize("auth", ["wechat", "cloudrun"])
def test_people_who_are_known_are_counted_one_by_one(small_data: Path, auth: Literal["wechat", "cloudrun"]) -> None:
    def headers(openid: str) -> dict[str, str]:
        if auth == "cloudrun":
            return {"X-WX-SOURCE": "wx_client", "X-WX-OPENID": openid}
        # No WeChat is there to ask, so the session is opened where a login would open it.
        token = client.app.state.services.database.sessions.open(openid, 60)  # type: ignore[attr-defined]
        return {"Authorization": f"Bearer {token}"}

    def give_feedback(sent: dict[str, str]) -> int:
        return client.post(
            "/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True}, headers=sent
        ).status_code

    with start(small_data, auth=auth, rate_limit_user=6) as client:
        one, two = headers("o_1"), headers("o_2")
        assert [give_feedback(one) for _ in range(21)] == [200] * 20 + [429]
        assert give_feedback(two) == 200
        assert 'wengong_refused_total{reason="user"} 1.0' in client.get("/metrics").text


def test_the_gate_of_wechats_cloud_is_no_single_caller(small_data: Path) -> None:
    with start(small_data, auth="cloudrun", rate_limit_address=6) as client:
        headers = {"X-WX-SOURCE": "wx_client", "X-WX-OPENID": "o_1"}
        assert statuses(client, 30, headers=headers) == [200] * 30


def test_a_header_of_wechats_cloud_frees_nobody_elsewhere(small_data: Path) -> None:
    with start(small_data, rate_limit_address=6) as client:
        headers = {"X-WX-SOURCE": "wx_client", "X-WX-OPENID": "made up"}
        assert statuses(client, 21, headers=headers) == [200] * 20 + [429]


def admitted(limits: RateLimits, who: str, tries: int = 30) -> int:
    async def count() -> int:
        done = 0
        for _ in range(tries):
            try:
                await limits.admit("address", who)
            except RateLimited:
                continue
            done += 1
        await limits.close()
        return done

    return aside(asyncio.run, count())


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("testclient", "another", False),
    ],
)
def test_what_counts_as_one_address(tmp_path: Path, first: str, second: str, *, is_same: bool) -> None:
    limits = RateLimits(LimitSettings(rate_limit_address=6), tmp_path, make_logger(), lambda _: None)
    assert admitted(limits, first) == 20
    assert admitted(limits, second) == (0 if is_same else 20)


@pytest.mark.parametrize("value", ["not an address", "10.0.0.0/99", "127.0.0.1,proxy.example"])
def test_a_proxy_that_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("WENGONG_TRUSTED_PROXIES", value)
    with pytest.raises(SettingsInvalid, match="WENGONG_TRUSTED_PROXIES"):
        read_settings(LimitSettings)


def test_the_address_of_redis_is_not_shown() -> None:
    assert "hunter2" not in repr(LimitSettings(redis_url="redis://:hunter2@127.0.0.1/0"))


def test_an_address_that_is_none_of_redis_is_refused_and_not_shown(tmp_path: Path) -> None:
    settings = LimitSettings(redis_url=SecretStr("http://:hunter2@127.0.0.1/0"))
    with pytest.raises(SettingsInvalid, match="WENGONG_REDIS_URL") as raised:
        RateLimits(settings, tmp_path, make_logger(), lambda _: None)
    assert raised.value.__cause__ is None
    assert "hunter2" not in str(raised.value)


def test_replicas_share_their_buckets_in_redis(redis: Redis, tmp_path: Path) -> None:
    settings = LimitSettings(rate_limit_address=6, redis_url=redis.url)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = (RateLimits(settings, tmp_path / name, make_logger(), lambda _: None) for name in "ab")
    assert admitted(one, "192.0.2.1", 15) + admitted(two, "192.0.2.1", 15) == 20
    assert not any(b"192.0.2" in name for name in redis.names())
    assert all(0 < redis.command("PTTL", name) <= 201_000 for name in redis.names())


def test_redis_says_how_long_to_wait_as_the_file_does(redis: Redis) -> None:
    async def waits() -> list[float]:
        buckets = RedisBuckets(redis.url)
        try:
            return [await buckets.take("somebody", Rate(60)) for _ in range(22)]
        finally:
            await buckets.close()

    found = aside(asyncio.run, waits())
    assert found[:20] == [0.0] * 20
    assert 0.5 < found[20] <= 1.0


def test_without_redis_this_machine_counts_until_it_is_back(redis: Redis, small_data: Path) -> None:
    events: list[str] = []
    settings = LimitSettings(rate_limit_address=6, redis_url=redis.url)

    async def play() -> list[str]:
        limits = RateLimits(settings, small_data, make_logger(), events.append)
        await limits.admit("address", "192.0.2.9")
        redis.stop()
        for _ in range(20):
            await limits.admit("address", "192.0.2.9")
        with pytest.raises(RateLimited):
            await limits.admit("address", "192.0.2.9")
        redis.start()
        limits._redis_from_s = 0.0  # as after five seconds
        await limits.admit("address", "192.0.2.9")
        await limits.close()
        return events

    assert aside(asyncio.run, play()) == ["redis_unavailable", "address"]


def test_a_redis_that_never_was_costs_no_request(small_data: Path) -> None:
    with start(small_data, redis_url="redis://127.0.0.1:1/0") as client:
        assert statuses(client, 5) == [200] * 5
        assert "wengong_redis_failures_total 1.0" in client.get("/metrics").text

"""The official account over real HTTP, with messages that the fake platform signs, encrypts and sends again."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api.settings import DEFAULT_URGENT_CONTACT
from chat_api.wechat.settings import DEFAULT_WELCOME
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from tests.unit.chat_api.wechat.conftest import OFFICIAL_ACCOUNT
from tests.wechat_fake import MP_TOKEN, Pusher
from tests.wechat_fake.push import message

Start = Callable[..., TestClient]
PATH = "/v1/wechat/mp"
MAX_BYTES = 2048


OpenAccount = Callable[..., Pusher]


@pytest.fixture
def open_account(start: Start, serve: Callable[[Any], str]) -> OpenAccount:
    """A function that serves an account, in secure mode unless told otherwise; the app logs where it was called."""

    def opened(mode: str = "aes", client: TestClient | None = None) -> Pusher:
        client = client or start(auth="none", **OFFICIAL_ACCOUNT, wechat_mp_mode=mode)
        return Pusher(serve(client.app) + PATH, mode=mode)

    return opened


def searches(pusher: Pusher) -> float:
    import urllib.request

    with urllib.request.urlopen(pusher.url.removesuffix(PATH) + "/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("wengong_retrieval_seconds_count"))


def test_the_console_gets_its_proof_back_as_plain_text(open_account: OpenAccount) -> None:
    account = open_account()
    proof = account.prove()
    assert (proof.status, proof.body) == (200, "4375120948345356249")
    assert account.prove(signature="0" * 40).status == 403
    assert account.prove(nonce="other").status == 403


def test_a_question_is_answered_word_for_word_with_its_source(open_account: OpenAccount) -> None:
    account = open_account()
    [attempt] = account.send(Content="年休假有几天")
    lines = attempt.text.splitlines()
    assert lines[0] == "第1问 年休假有几天？"
    assert lines[1] == "职工累计工作已满1年不满10年的，年休假5天。"
    assert lines[2] == "〔出处〕《paid-leave 手册》试印本 · 第1问"
    assert lines[3] == "回复 1 看第1问全文：年休假有几天？"
    for name, expected in {"ToUserName": "o_reader", "FromUserName": "gh_fake", "MsgType": "text"}.items():
        assert f"<{name}><![CDATA[{expected}]]></{name}>" in attempt.body


def test_plain_mode_is_answered_plainly(open_account: OpenAccount) -> None:
    plain_account = open_account("plain")
    [attempt] = plain_account.send(Content="年休假有几天")
    assert attempt.text.startswith("第1问")
    assert "<Encrypt>" not in attempt.body


def test_voice_is_read_by_its_recognition(open_account: OpenAccount) -> None:
    account = open_account()
    heard = account.send(MsgType="voice", MediaId="m", Format="amr", Recognition="年休假有几天")[0]
    assert heard.text.startswith("第1问")
    assert account.send(MsgType="voice", MediaId="m", Format="amr")[0].text.startswith("没有听清")


def test_subscribing_and_menus_are_answered(open_account: OpenAccount) -> None:
    account = open_account()

    def event(name: str, key: str = "") -> str:
        return account.send(MsgType="event", Event=name, EventKey=key)[0].text

    assert event("subscribe") == DEFAULT_WELCOME
    assert event("CLICK", "about") == DEFAULT_WELCOME
    assert event("CLICK", "ask:年休假有几天").startswith("第1问")


@pytest.mark.parametrize(
    "fields",
    [
        {"MsgType": "event", "Event": "unsubscribe"},
        {"MsgType": "event", "Event": "LOCATION"},
        {"MsgType": "event", "Event": "something_new"},
        {"MsgType": "event"},
        {"MsgType": "something_new"},
        {"MsgType": ""},
    ],
    ids=lambda fields: "-".join(fields.values()),
)
def test_what_needs_no_reply_is_success(open_account: OpenAccount, fields: dict[str, str]) -> None:
    account = open_account()
    [attempt] = account.send(**fields)
    assert (attempt.status, attempt.body) == (200, "success")


@pytest.mark.parametrize("kind", ["image", "video", "location", "link"])
def test_what_cannot_be_read_is_told_so(open_account: OpenAccount, kind: str) -> None:
    account = open_account()
    assert "打字" in account.send(MsgType=kind)[0].text


def test_a_number_leads_on_to_the_whole_question_and_its_next_page(
    open_account: OpenAccount, small_data: Path, encoder: Encoder, write_handbook: Callable[..., Path]
) -> None:
    long_answer = "\n".join(f"参加互助保障👷‍♀️须按时缴费，逾期不补，例外{number}条。" for number in range(1, 120))
    folder = write_handbook(small_data.parent / "more" / "long", {"互助保障怎么参加？": long_answer})
    build_index([folder], small_data / "index", encoder)
    account = open_account()
    first = account.send(Content="互助保障怎么参加")[0].text
    assert "回复 1 看第1问全文" in first
    pages = []
    while not pages or pages[-1].endswith("回复 1 接着看"):
        pages.append(account.send(Content="1")[0].text)
        assert len(pages[-1].encode()) <= MAX_BYTES
    assert len(pages) > 2
    whole = "".join(page.removesuffix("\n回复 1 接着看") for page in pages)
    assert long_answer in whole
    # Behind the last page a number is a question like any other, and another person's numbers lead nowhere.
    assert account.send(Content="1")[0].text != pages[0]
    assert account.send(Content="1", openid="o_another")[0].text != pages[0]


def test_a_number_from_another_process_leads_on_as_well(open_account: OpenAccount) -> None:
    first, second = (open_account() for _ in range(2))
    first.send(Content="加班费怎么算")
    assert "平日加班按百分之一百五十支付" in second.send(Content="１")[0].text


@pytest.mark.parametrize("content", ["怎" * 501, "", "  ", "代开发票", "a\x7fb"])
def test_what_cannot_be_asked_is_told_why_and_never_searched(open_account: OpenAccount, content: str) -> None:
    account = open_account()
    before = searches(account)
    assert re.search("[\u4e00-\u9fff]{4}", account.send(Content=content)[0].text)
    assert searches(account) == before


def test_who_may_be_in_need_reads_first_whom_to_call(open_account: OpenAccount) -> None:
    account = open_account()
    assert account.send(Content="我不想活了")[0].text.startswith(DEFAULT_URGENT_CONTACT)


def test_a_message_that_comes_again_is_answered_alike_and_searched_once(open_account: OpenAccount) -> None:
    account = open_account()
    xml = message(Content="年休假有几天")
    first, second = account.deliver(xml), account.deliver(xml)
    assert first.text == second.text != ""
    assert searches(account) == 1
    event = message(MsgType="event", Event="CLICK", EventKey="ask:年休假有几天")
    assert account.deliver(event).text == account.deliver(event).text
    assert searches(account) == 2


def test_a_message_that_comes_again_to_another_process_is_not_searched_again(open_account: OpenAccount) -> None:
    first, second = (open_account() for _ in range(2))
    xml = message(Content="年休假有几天")
    assert first.deliver(xml).text == second.deliver(xml).text
    assert (searches(first), searches(second)) == (1, 0)


class SlowRetriever:
    """Takes longer than WeChat waits."""

    def __init__(self, live: Any) -> None:
        self._live = live

    def get(self) -> Any:
        time.sleep(6)
        return self._live.get()


def test_a_search_that_takes_too_long_is_success_before_wechat_hangs_up(
    start: Start, open_account: OpenAccount
) -> None:
    client = start(auth="none", **OFFICIAL_ACCOUNT)
    account = open_account(client=client)
    services = client.app.state.services
    client.app.state.services = replace(services, live_retriever=SlowRetriever(services.live_retriever))
    started = time.monotonic()
    attempts = account.send(Content="年休假有几天")
    assert [(attempt.status, attempt.body) for attempt in attempts] == [(200, "success")]
    assert time.monotonic() - started < 5


def test_an_index_that_is_missing_is_told_in_words(open_account: OpenAccount, small_data: Path) -> None:
    (small_data / "index" / "current").unlink()
    account = open_account()
    [attempt] = account.send(Content="年休假有几天")
    assert (attempt.status, "索引" in attempt.text) == (200, True)


def test_a_message_is_answered_even_when_the_database_is_gone(start: Start, open_account: OpenAccount) -> None:
    client = start(auth="none", **OFFICIAL_ACCOUNT)
    account = open_account(client=client)
    client.app.state.services.database.messages._engine.dispose()
    with client.app.state.services.database.messages._engine.begin() as connection:
        connection.exec_driver_sql("drop table wechat_messages")
    assert account.send(Content="年休假有几天")[0].text.startswith("第1问")


def test_neither_log_nor_database_holds_who_wrote_or_what(
    start: Start, open_account: OpenAccount, small_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    client = start(auth="none", **OFFICIAL_ACCOUNT)
    account = open_account(client=client)
    openid, words = "o_reader_who_must_not_be_kept", "保密字样年休假有几天"
    account.send(openid=openid, Content=words)
    account.send(openid=openid, Content="1")
    kept = b"".join(path.read_bytes() for path in small_data.glob("state.sqlite3*"))
    logged, limit = "", time.monotonic() + 10
    while logged.count('"route": "/v1/wechat/mp"') < 2:  # the line comes a moment after the reply
        logged += capfd.readouterr().err
        assert time.monotonic() < limit
    assert [
        word for word in (openid, words, "保密字样") if word in logged or word.encode() in kept.replace(b"\x00", b"")
    ] == []


class TestForgery:
    """Messages that WeChat did not send are refused with 403, and nothing is searched."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"msg_signature": "0" * 40},
            {"msg_signature": ""},
            {"nonce": "1"},
            {"timestamp": "0"},
            {"timestamp": ""},
            {"timestamp": "-1"},
            {"timestamp": "１２"},
            {"timestamp": "9" * 20},
        ],
        ids=str,
    )
    def test_a_wrong_signature_or_age(self, open_account: OpenAccount, changed: dict[str, str]) -> None:
        account = open_account()
        assert account.deliver(message(Content="年休假有几天"), **changed).status == 403
        assert searches(account) == 0

    def test_a_signature_that_does_not_cover_the_body_is_not_enough(self, open_account: OpenAccount) -> None:
        """`signature` is right for this address, and the body is not WeChat's."""
        account = open_account()
        signed = Pusher(account.url)
        timestamp, nonce = str(int(time.time())), "1"
        changed = {"nonce": nonce, "msg_signature": signed._sign(timestamp, nonce), "timestamp": timestamp}
        assert account.deliver(message(Content="年休假有几天"), **changed).status == 403

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_an_old_message_or_one_from_the_future(self, open_account: OpenAccount, minutes: int) -> None:
        account = open_account()
        timestamp = str(int(time.time()) + minutes * 60)
        assert account.deliver(message(Content="年休假有几天"), timestamp=timestamp).status == 403

    def test_a_message_that_is_replayed_within_minutes_changes_nothing(self, open_account: OpenAccount) -> None:
        account = open_account()
        xml = message(Content="年休假有几天")
        account.deliver(xml)
        account.deliver(xml)
        assert searches(account) == 1

    def test_a_message_to_another_app(self, open_account: OpenAccount) -> None:
        account = open_account()
        assert Pusher(account.url, appid="wx_another_app").deliver(message(Content="年休假有几天")).status == 403

    def test_a_plain_message_in_secure_mode(self, open_account: OpenAccount) -> None:
        account = open_account()
        assert Pusher(account.url, mode="plain").deliver(message(Content="年休假有几天")).status == 403

    @pytest.mark.parametrize("token", ["", "another"])
    def test_another_token(self, open_account: OpenAccount, token: str) -> None:
        plain_account = open_account("plain")
        assert Pusher(plain_account.url, mode="plain", token=token).deliver(message(Content="年休假")).status == 403
        assert MP_TOKEN not in plain_account.deliver(message(Content="年休假"), signature="0" * 40).body

    @pytest.mark.parametrize(
        "xml",
        [
            "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><xml><Content>&f;</Content></xml>",
            "<xml><Content>",
            "",
            "{}",
        ],
        ids=["doctype", "open", "empty", "json"],
    )
    def test_a_body_that_is_no_message(self, open_account: OpenAccount, xml: str) -> None:
        account = open_account()
        plain_account = open_account("plain")
        for pusher in (account, plain_account):
            refused = pusher.deliver(xml)
            assert refused.status == 403
            assert "root:" not in refused.body

    def test_a_large_body(self, open_account: OpenAccount) -> None:
        plain_account = open_account("plain")
        assert plain_account.deliver(message(Content="年" * 30_000)).status == 413


def test_without_an_official_account_there_is_no_such_address(
    start: Start, assert_problem: Callable[[Any, int, str], None]
) -> None:
    client = start(auth="none")
    assert_problem(client.get(PATH), 404, "wechat_off")
    assert_problem(client.post(PATH, content=b"<xml/>"), 404, "wechat_off")

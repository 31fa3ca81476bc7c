import json
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api.settings import DEFAULT_URGENT_CONTACT
from tests.wechat_fake import REVIEW_WORD, RISKY_WORD, FakeWeChat

Start = Callable[..., TestClient]
LogIn = Callable[..., dict[str, str]]
AssertProblem = Callable[[Any, int, str], None]
CHECK = "/wxa/msg_sec_check"
TOKEN = "/cgi-bin/stable_token"  # noqa: S105 -- a path
QUESTION = "年休假有几天"


def asked(client: TestClient, headers: dict[str, str], question: str = QUESTION, **more: Any) -> Any:
    return client.post("/v1/ask", json={"question": question, **more}, headers=headers)


def outcomes(client: TestClient) -> dict[str, int]:
    lines = [
        line for line in client.get("/metrics").text.splitlines() if line.startswith("wengong_content_checks_total")
    ]
    return {line.split('"')[1]: int(float(line.rsplit(" ", 1)[1])) for line in lines}


def answers(client: TestClient) -> int:
    return sum('wengong_answers_total{status="' in line for line in client.get("/metrics").text.splitlines())


def test_a_sound_question_is_checked_once_and_answered(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    body = asked(client, log_in(client)).json()
    assert (body["status"], body["question_check"], body["urgent_contact"]) == ("answered", "pass", None)
    assert fake.platform.paths() == ["/sns/jscode2session", TOKEN, CHECK]
    assert outcomes(client) == {"pass": 1}
    sent = fake.platform.calls[-1].json()
    assert sent == {"version": 2, "openid": "o_worker_0001", "scene": 2, "content": QUESTION}


def test_chinese_travels_as_bytes_because_an_escape_turns_the_check_off(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start()
    headers = log_in(client)
    assert_problem(asked(client, headers, f"{RISKY_WORD}怎么办"), 422, "question_rejected")
    sent = fake.platform.calls[-1].body
    assert f"{RISKY_WORD}怎么办".encode() in sent
    assert b"\\u" not in sent
    # The same text with escapes is let pass by the platform.
    escaped = json.dumps(json.loads(sent)).encode()
    assert b"\\u" in escaped
    replayed = fake.platform.answer(type(fake.platform.calls[-1])(**{**vars(fake.platform.calls[-1]), "body": escaped}))
    assert replayed["result"]["suggest"] == "pass"


def test_a_risky_question_is_never_searched_for(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start()
    headers = log_in(client)
    assert_problem(asked(client, headers, RISKY_WORD), 422, "question_rejected")
    fake.platform.fail(CHECK, errcode=87014)  # as version 1 says it
    assert_problem(asked(client, headers), 422, "question_rejected")
    assert answers(client) == 0
    assert outcomes(client) == {"risky": 2}


def test_a_doubtful_question_is_answered_and_marked_as_not_to_be_shown(start: Start, log_in: LogIn) -> None:
    client = start()
    body = asked(client, log_in(client), f"{REVIEW_WORD}年休假有几天").json()
    assert body["question_check"] == "review"
    assert body["status"] in {"answered", "clarify", "abstained"}
    assert REVIEW_WORD not in json.dumps(body, ensure_ascii=False)


TROUBLE = pytest.mark.parametrize(
    "how",
    [{"errcode": -1}, {"status": 503}, {"html": True}, {"drop": True}, {"delay_s": 1.2}, {"errcode": 48001}],
    ids=["busy", "5xx", "html", "dropped", "slow", "no-right"],
)


@TROUBLE
def test_without_a_check_a_question_is_answered_and_marked_unchecked(
    start: Start, log_in: LogIn, fake: FakeWeChat, how: dict[str, Any]
) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(CHECK, **how)
    body = asked(client, headers).json()
    assert (body["status"], body["question_check"]) == ("answered", "unchecked")
    assert outcomes(client) == {"down": 1}
    assert asked(client, headers).json()["question_check"] == "pass"


@TROUBLE
def test_without_a_check_a_question_is_refused_where_that_was_set(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem, how: dict[str, Any]
) -> None:
    client = start(wechat_check_down="refuse")
    headers = log_in(client)
    fake.platform.fail(CHECK, **how)
    assert_problem(asked(client, headers), 503, "content_check_unavailable")
    assert answers(client) == 0


def test_a_token_that_cannot_be_had_is_trouble_like_any_other(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(TOKEN, errcode=40164)
    assert asked(client, headers).json()["question_check"] == "unchecked"
    assert asked(client, headers).json()["question_check"] == "pass"


def test_after_five_failures_wechat_is_left_alone(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(CHECK, times=5, errcode=-1)
    for _ in range(8):
        assert asked(client, headers).json()["question_check"] == "unchecked"
    assert fake.platform.paths().count(CHECK) == 5
    assert outcomes(client) == {"down": 5, "skipped": 3}


@pytest.mark.parametrize("errcode", [44002, 45002, 47001])
def test_an_unfit_text_does_not_switch_the_check_off_for_others(
    start: Start, log_in: LogIn, fake: FakeWeChat, errcode: int
) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(CHECK, times=6, errcode=errcode)
    assert [asked(client, headers).json()["question_check"] for _ in range(6)] == ["review"] * 6
    assert asked(client, headers).json()["question_check"] == "pass"


@pytest.mark.parametrize("question", ["", "   ", "\u3000\n"])
def test_a_blank_question_is_not_sent_to_wechat(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem, question: str
) -> None:
    client = start()
    assert_problem(asked(client, log_in(client), question), 422, "question_blank")
    assert CHECK not in fake.platform.paths()


@pytest.mark.parametrize("question", ["哪里能代开发票", "代 开 发 票", "我的禁词 ＡＢＣ", "说说禁\u200b词abc"])
def test_blocked_words_are_refused_before_wechat_is_asked(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem, question: str
) -> None:
    client = start(blocked_words=("禁词abc",))
    headers = log_in(client)
    assert_problem(asked(client, headers, question), 422, "question_rejected")
    assert_problem(asked(client, headers, "还有呢", history=[question]), 422, "question_rejected")
    assert CHECK not in fake.platform.paths()
    assert outcomes(client) == {"blocked": 2}


def test_a_check_that_is_off_asks_wechat_nothing(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start(wechat_content_check="off")
    body = asked(client, log_in(client), f"{RISKY_WORD} 年休假有几天").json()
    assert body["question_check"] is None
    assert fake.platform.paths() == ["/sns/jscode2session"]


@pytest.mark.parametrize("code", [61010, 40003, 43104])
def test_a_person_whom_wechat_does_not_know_any_more_must_log_in_again(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem, code: int
) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(CHECK, errcode=code)
    assert_problem(asked(client, headers), 401, "token_invalid")
    assert_problem(asked(client, headers), 401, "token_invalid")  # the session is gone as well
    assert asked(client, log_in(client)).status_code == 200


def test_after_two_hours_away_wechat_says_so_itself(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem
) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.advance(7201)
    assert_problem(asked(client, headers), 401, "token_invalid")
    assert outcomes(client) == {"stale": 1}


def test_eight_questions_at_once_need_one_access_token(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    headers = log_in(client)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: asked(client, headers).json(), range(8)))
    assert [body["question_check"] for body in bodies] == ["pass"] * 8
    assert fake.platform.paths().count(TOKEN) == 1
    assert fake.platform.paths().count(CHECK) == 8


def test_an_expired_access_token_is_replaced_once(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    asked(client, log_in(client))
    fake.platform.advance(7300)  # the backend's own clock has not moved: 42001
    assert asked(client, log_in(client)).json()["question_check"] == "pass"
    assert fake.platform.paths()[-3:] == [CHECK, TOKEN, CHECK]


def test_a_dead_access_token_that_wechat_goes_on_giving_is_forced_once(
    start: Start, log_in: LogIn, fake: FakeWeChat
) -> None:
    client = start()
    headers = log_in(client)
    asked(client, headers)
    fake.platform.kill_token()
    assert asked(client, headers).json()["question_check"] == "pass"
    assert fake.platform.paths()[-4:] == [CHECK, TOKEN, TOKEN, CHECK]
    forced = [call.json()["force_refresh"] for call in fake.platform.calls if call.path == TOKEN]
    assert forced == [False, False, True]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_an_access_token_is_not_healed_twice(start: Start, log_in: LogIn, fake: FakeWeChat, code: int) -> None:
    client = start()
    headers = log_in(client)
    fake.platform.fail(CHECK, times=2, errcode=code)
    assert asked(client, headers).json()["question_check"] == "unchecked"
    assert fake.platform.paths().count(CHECK) == 2


def test_taps_and_browsing_cost_no_call(start: Start, log_in: LogIn, fake: FakeWeChat) -> None:
    client = start()
    headers = log_in(client)
    client.get("/v1/suggest?q=年", headers=headers)
    client.get("/v1/handbooks/paid-leave/questions", headers=headers)
    client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True}, headers=headers)
    assert fake.platform.paths() == ["/sns/jscode2session"]


def test_a_reason_is_checked_before_staff_can_read_it(
    start: Start, log_in: LogIn, fake: FakeWeChat, assert_problem: AssertProblem, small_data: Path
) -> None:
    client = start()
    headers = log_in(client)

    def given(number: int, reason: str) -> Any:
        body = {"answer_id": f"a_{number:016x}", "useful": False, "reason": reason}
        return client.post("/v1/feedback", json=body, headers=headers)

    assert given(1, "答非所问").status_code == 200
    assert given(2, f"{REVIEW_WORD}答非所问").status_code == 200
    assert_problem(given(3, f"{RISKY_WORD}答非所问"), 422, "question_rejected")
    fake.platform.fail(CHECK, errcode=-1)
    assert given(4, "没人看过的话").status_code == 200
    assert_problem(
        client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True}), 401, "token_invalid"
    )
    assert kept_reasons(small_data) == {f"a_{1:016x}": "答非所问", f"a_{2:016x}": None, f"a_{4:016x}": None}


def kept_reasons(folder: Path) -> dict[str, str | None]:
    connection = sqlite3.connect(folder / "state.sqlite3")
    try:
        return dict(connection.execute("select answer_id, reason from feedback").fetchall())
    finally:
        connection.close()


@pytest.mark.parametrize("question", ["我不想活了", "工友被砸伤怎么办", "主管性骚扰我"])
def test_who_may_be_in_need_is_answered_and_told_whom_to_call(start: Start, log_in: LogIn, question: str) -> None:
    client = start()
    body = asked(client, log_in(client), question).json()
    assert body["urgent_contact"] == DEFAULT_URGENT_CONTACT
    assert all(number in DEFAULT_URGENT_CONTACT for number in ("110", "120", "12356", "12351"))
    assert client.get("/metrics").text.count('wengong_content_checks_total{outcome="pass"} 1.0') == 1


def test_who_may_be_in_need_is_told_whom_to_call_even_by_a_refusal(
    start: Start, log_in: LogIn, assert_problem: AssertProblem
) -> None:
    client = start()
    response = asked(client, log_in(client), f"我不想活了，{RISKY_WORD}")
    assert_problem(response, 422, "question_rejected")
    assert "12356" in response.json()["detail"]

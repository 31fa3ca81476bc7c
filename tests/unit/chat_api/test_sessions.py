import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from chat_api.state import Database, MessageStore, SessionStore
from chat_api.state.messages import CHOICES_LIFETIME_S, MESSAGE_LIFETIME_S
from corpus.errors import StateUnavailable

CLAIM_MANY = """
import sys
from pathlib import Path
from chat_api.state import Database
database = Database.open("", Path(sys.argv[1]))
print(sum(database.messages.claim(f"message {number}") for number in range(60)))
database.close()
"""


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open("", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def sessions(database: Database, tmp_path: Path, clock: Clock) -> Iterator[SessionStore]:
    assert database
    engine = create_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    yield SessionStore(engine, clock)
    engine.dispose()


@pytest.fixture
def messages(database: Database, tmp_path: Path, clock: Clock) -> Iterator[MessageStore]:
    assert database
    engine = create_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    yield MessageStore(engine, clock)
    engine.dispose()


def test_a_token_is_good_until_its_last_second(sessions: SessionStore, clock: Clock) -> None:
    token = sessions.open("o_1", 7200)
    clock.now_s += 7199
    assert sessions.openid_of(token) == "o_1"
    clock.now_s += 1
    assert sessions.openid_of(token) is None


def test_ended_sessions_are_deleted_by_the_next_login(sessions: SessionStore, clock: Clock, tmp_path: Path) -> None:
    sessions.open("o_long_gone_person", 7200)
    clock.now_s += 7200
    sessions.open("o_2", 7200)
    with create_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}").connect() as connection:
        rows = connection.exec_driver_sql("select openid from sessions").fetchall()
    connection.engine.dispose()
    assert rows == [("o_2",)]


def test_no_two_tokens_are_alike_and_a_wrong_one_is_nobody(sessions: SessionStore) -> None:
    tokens = {sessions.open("o_1", 7200) for _ in range(20)}
    assert len(tokens) == 20
    assert [sessions.openid_of(token) for token in ("", "x", next(iter(tokens)) + "x", "\ud800")] == [None] * 4


def test_a_message_is_claimed_by_exactly_one_thread(messages: MessageStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: messages.claim("message 1"), range(40))) == 1


def test_a_message_is_claimed_by_exactly_one_process(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CLAIM_MANY, str(tmp_path)]
    with subprocess.Popen(command, stdout=-1) as first, subprocess.Popen(command, stdout=-1) as second:
        claimed = [int(process.communicate(timeout=60)[0]) for process in (first, second)]
    assert sum(claimed) == 60


def test_a_reply_is_kept_for_a_minute(messages: MessageStore, clock: Clock) -> None:
    assert messages.claim("message 1")
    assert messages.reply_to("message 1") is None
    messages.save_reply("message 1", "<xml/>")
    assert not messages.claim("message 1")
    assert messages.reply_to("message 1") == "<xml/>"
    clock.now_s += MESSAGE_LIFETIME_S
    assert messages.claim("message 1")
    assert messages.reply_to("message 1") is None


def test_an_offer_replaces_the_last_one_and_is_forgotten_in_time(messages: MessageStore, clock: Clock) -> None:
    assert messages.choices_of("sender") == []
    messages.offer("sender", ["a/1/0", "a/2/0"])
    messages.offer("sender", ["a/3/0"])
    assert messages.choices_of("sender") == ["a/3/0"]
    assert messages.choices_of("another") == []
    clock.now_s += CHOICES_LIFETIME_S
    assert messages.choices_of("sender") == []


def test_a_database_that_is_gone_is_an_expected_error(tmp_path: Path) -> None:
    opened = Database.open("", tmp_path)
    with create_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}").begin() as connection:
        for table in ("sessions", "wechat_messages", "wechat_choices"):
            connection.exec_driver_sql(f"drop table {table}")
    connection.engine.dispose()
    for call in (
        lambda: opened.sessions.open("o_1", 1),
        lambda: opened.sessions.openid_of("x"),
        lambda: opened.sessions.close_token("x"),
        lambda: opened.sessions.erase("o_1"),
        lambda: opened.messages.claim("x"),
        lambda: opened.messages.save_reply("x", "y"),
        lambda: opened.messages.reply_to("x"),
        lambda: opened.messages.offer("x", []),
        lambda: opened.messages.choices_of("x"),
    ):
        with pytest.raises(StateUnavailable):
            call()
    opened.close()

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, inspect, text

from chat_api import create_app
from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.state.questions import LoggedQuestion
from chat_api.state.tables import METADATA
from corpus.errors import StateUnavailable
from retriever.settings import RetrieverSettings

NOW = dt.date(2026, 3, 31)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Any:
    opened = Database.open(database_url, tmp_path / "state")
    yield opened
    opened.close()


def asked(answer_id: str, day: dt.date, status: str = "abstained") -> LoggedQuestion:
    return LoggedQuestion(
        answer_id=answer_id,
        asked_on=day,
        question="食堂几点开饭",
        status=status,
        answer_probability=0.1,
        handbook_id="",
        section_id="",
    )


def client(data: Path, **settings: Any) -> TestClient:
    return TestClient(create_app(ServerSettings(**settings), RetrieverSettings(data=data)))


def test_the_log_is_off_unless_somebody_switches_it_on(small_data: Path) -> None:
    with client(small_data) as http:
        http.post("/v1/ask", json={"question": "食堂几点开饭"})
        assert http.app.state.services.database.questions.open_questions() == ()


def test_what_is_logged_is_masked_and_holds_the_day_only(small_data: Path, database_url: str) -> None:
    question = "我叫张三，电话１３８ 1234 5678，证件110101199003071234，食堂几点开饭"
    with client(small_data, question_log=True, database_url=database_url) as http:
        answer_id = http.post("/v1/ask", json={"question": question}).json()["answer_id"]
        [logged] = http.app.state.services.database.questions.open_questions()
    assert logged.answer_id == answer_id
    assert logged.question == "我叫[姓名],电话[手机号],证件[证件号],食堂几点开饭"
    assert logged.asked_on == dt.datetime.now().astimezone().date()


def test_an_answer_goes_out_even_when_it_cannot_be_recorded(small_data: Path) -> None:
    with client(small_data, question_log=True) as http:
        with http.app.state.services.database.engine.begin() as connection:
            connection.execute(text("drop table questions"))
        assert http.post("/v1/ask", json={"question": "食堂几点开饭"}).status_code == 200


def test_old_questions_go_by_themselves(database: Database) -> None:
    database.questions.save(asked("a_old", NOW - dt.timedelta(days=31)), kept_days=30)
    database.questions.save(asked("a_edge", NOW - dt.timedelta(days=30)), kept_days=30)
    database.questions.save(asked("a_new", NOW), kept_days=30)
    assert [one.answer_id for one in database.questions.open_questions()] == ["a_new", "a_edge"]


def test_one_call_erases_all_or_what_is_older_than_a_day(database: Database) -> None:
    for answer_id, day in (("a_1", NOW - dt.timedelta(days=2)), ("a_2", NOW)):
        database.questions.save(asked(answer_id, day), kept_days=30)
    assert database.questions.erase(NOW) == 1
    assert [one.answer_id for one in database.questions.open_questions()] == ["a_2"]
    assert database.questions.erase() == 1
    assert database.questions.open_questions() == ()


def test_staff_see_what_was_not_answered_or_of_no_use(database: Database) -> None:
    for answer_id, status in (("a_1", "abstained"), ("a_2", "answered"), ("a_3", "answered"), ("a_4", "clarify")):
        database.questions.save(asked(answer_id, NOW, status), kept_days=30)
    database.feedback.save("a_2", useful=False, reason="答非所问")
    database.feedback.save("a_3", useful=True, reason=None)
    found = {one.answer_id: one.reason for one in database.questions.open_questions()}
    assert found == {"a_1": "", "a_2": "答非所问", "a_4": ""}
    assert database.questions.handle(["a_1", "a_2"], "wanted", "下一版") == 2
    assert [one.answer_id for one in database.questions.open_questions()] == ["a_4"]
    assert {one.note for one in database.questions.handled_as("wanted")} == {"下一版"}


def test_answers_are_counted_by_day_without_their_words(database: Database) -> None:
    counts = database.answer_counts
    for took_ms in (0.4, 3.0, 3.0, 99_999.0):
        counts.add("book", "answered", took_ms)
    counts.write()
    counts.add("book", "answered", 3.0)
    counts.write()
    today = dt.datetime.now().astimezone().date()
    assert {one.up_to_ms: count for one, count in counts.since(today).items()} == {1: 1, 5: 3, 5000: 1}
    assert counts.since(today + dt.timedelta(days=1)) == {}


def test_counts_that_cannot_be_written_wait_for_the_next_time(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    database.answer_counts.add("book", "answered", 1.0)
    with database.engine.begin() as connection:
        connection.execute(text("alter table daily_answers rename to elsewhere"))
    with pytest.raises(StateUnavailable):
        database.answer_counts.write()
    with database.engine.begin() as connection:
        connection.execute(text("alter table elsewhere rename to daily_answers"))
    database.answer_counts.write()
    assert sum(database.answer_counts.since(dt.date(2000, 1, 1)).values()) == 1
    database.close()


def test_the_migrations_make_the_tables_that_the_program_knows(database: Database) -> None:
    found = inspect(database.engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}


def test_a_database_from_before_there_were_migrations_is_taken_over(database_url: str, tmp_path: Path) -> None:
    tmp_path.joinpath("state").mkdir()
    engine = create_engine(database_url or f"sqlite:///{tmp_path / 'state' / 'state.sqlite3'}")
    early = [METADATA.tables[name] for name in ("feedback", "sessions", "wechat_messages", "wechat_choices")]
    METADATA.create_all(engine, early)
    with engine.begin() as connection:
        row = {"answer_id": "a_1", "useful": True, "created_on": NOW, "revision": 1}
        connection.execute(METADATA.tables["feedback"].insert().values(**row))
    engine.dispose()
    for _ in range(2):
        database = Database.open(database_url, tmp_path / "state")
        assert database.feedback.count(useful=True) == 1
        database.questions.save(asked(f"a_{_}", NOW), kept_days=30)
        database.close()


def test_a_database_of_a_later_release_is_refused(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    with database.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    database.close()
    with pytest.raises(StateUnavailable, match="更新版本"):
        Database.open("", tmp_path)

import datetime as dt
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chat_api.state import Database
from chat_api.state.tables import MAX_REASON_CHARACTERS
from corpus.errors import StateUnavailable

ANSWER_ID = "a_0123456789abcdef"
WRITE_MANY = """
import sys
from pathlib import Path
from chat_api.state import Database
database = Database.open("", Path(sys.argv[1]))
for number in range(15):
    database.feedback.save(f"{sys.argv[2]}{number}", useful=True, reason=None)
    database.feedback.save("shared", useful=True, reason=sys.argv[2])
database.close()
"""


def rows(folder: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "state.sqlite3")
    try:
        return connection.execute("select * from feedback order by answer_id").fetchall()
    finally:
        connection.close()


def test_a_row_holds_the_day_and_nothing_of_the_person(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    before = dt.datetime.now(tz=dt.UTC).date()
    database.feedback.save(ANSWER_ID, useful=False, reason="答非所问")
    after = dt.datetime.now(tz=dt.UTC).date()
    database.close()
    [(answer_id, useful, reason, created_on, revision)] = rows(tmp_path)
    assert (answer_id, useful, reason, revision) == (ANSWER_ID, 0, "答非所问", 1)
    assert before.isoformat() <= str(created_on) <= after.isoformat()


def test_a_second_opinion_replaces_the_first(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    database.feedback.save(ANSWER_ID, useful=False, reason="答非所问")
    database.feedback.save(ANSWER_ID, useful=True, reason=None)
    counts = database.feedback.count(useful=True), database.feedback.count(useful=False)
    database.close()
    assert counts == (1, 0)
    [(_, useful, reason, _, revision)] = rows(tmp_path)
    assert (useful, reason, revision) == (1, None, 2)


def test_feedback_outlives_the_process(tmp_path: Path) -> None:
    for answer_id in ("a_1", "a_2"):
        database = Database.open("", tmp_path)
        database.feedback.save(answer_id, useful=True, reason=None)
        database.close()
    assert [row[0] for row in rows(tmp_path)] == ["a_1", "a_2"]


def test_a_reason_that_masking_made_long_is_cut_to_its_column(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    database.feedback.save(ANSWER_ID, useful=False, reason="长" * (MAX_REASON_CHARACTERS + 1))
    database.close()
    assert rows(tmp_path)[0][2] == "长" * MAX_REASON_CHARACTERS


def test_threads_can_write_at_once(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: database.feedback.save(f"a_{number % 25}", useful=True, reason=None), range(100)))
    total = database.feedback.count(useful=True)
    database.close()
    assert total == 25
    assert [row[4] for row in rows(tmp_path)] == [4] * 25


def test_two_processes_can_write_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITE_MANY, str(tmp_path)]
    with subprocess.Popen([*command, "x"]) as first, subprocess.Popen([*command, "y"]) as second:
        assert (first.wait(60), second.wait(60)) == (0, 0)
    written = {row[0]: row[4] for row in rows(tmp_path)}
    assert len(written) == 15 + 15 + 1
    assert written["shared"] == 15 + 15


def test_a_read_only_database_says_so_when_it_is_written(tmp_path: Path) -> None:
    Database.open("", tmp_path).close()
    database = Database.open(f"sqlite:///file:{tmp_path / 'state.sqlite3'}?mode=ro&uri=true", tmp_path)
    with pytest.raises(StateUnavailable, match="没能存下来"):
        database.feedback.save(ANSWER_ID, useful=True, reason=None)
    database.close()


def test_a_file_that_is_no_database_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_bytes(b"no database " * 100)
    with pytest.raises(StateUnavailable, match="无法打开"):
        Database.open("", tmp_path)


def test_a_data_folder_that_is_a_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StateUnavailable, match="是否可写"):
        Database.open("", tmp_path / "data")


def test_a_table_that_is_gone_is_an_expected_error_for_readers_too(tmp_path: Path) -> None:
    database = Database.open("", tmp_path)
    connection = sqlite3.connect(tmp_path / "state.sqlite3")
    connection.execute("drop table feedback")
    connection.close()
    with pytest.raises(StateUnavailable):
        database.feedback.count(useful=True)
    database.close()


@pytest.mark.parametrize("address", ["nonsense:secret", "oracle://worker:secret@db.example/feedback"])
def test_an_unusable_address_is_refused_without_showing_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(StateUnavailable, match="WENGONG_DATABASE_URL") as caught:
        Database.open(address, tmp_path)
    assert "secret" not in caught.value.message

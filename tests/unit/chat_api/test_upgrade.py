"""A database of every earlier release is brought to this one, and keeps what it holds."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from chat_api.state import Database
from chat_api.state.tables import METADATA
from chat_api.state.upgrade import LATEST_REVISION, MIGRATIONS
from corpus.errors import StateUnavailable


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("path_separator", "os")
    return made


REVISIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
FILLED = {
    "feedback": "insert into feedback values ('a_1', true, '好', '2026-01-02', 3)",
    "sessions": "insert into sessions values ('t', 'o', 4000000000)",
    "questions": "insert into questions values ('a_1', '2026-01-02', '问', 'answered', 0.5, 'h', 'q1', '', '')",
    "staff": "insert into staff values ('某人', 'editor', 'hash', 1, false)",
}


def test_the_revision_that_needs_nothing_more_is_the_last_one() -> None:
    assert REVISIONS[-1] == LATEST_REVISION


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_earlier_database_is_taken_over_with_what_it_holds(
    database_url: str, tmp_path: Path, revision: str
) -> None:
    url = database_url or f"sqlite:///{tmp_path / 'state.sqlite3'}"
    engine, made = create_engine(url), config()
    with engine.begin() as connection:
        made.attributes["connection"] = connection
        command.upgrade(made, revision)
    with engine.begin() as connection:
        there = set(inspect(connection).get_table_names())
        for table in FILLED.keys() & there:
            connection.execute(text(FILLED[table]))
    database = Database.open(database_url, tmp_path)
    assert database.feedback.count(useful=True) == 1
    assert database.sessions.openid_of("none") is None
    database.close()
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]
        for table in FILLED.keys() & there:
            assert connection.execute(text(f"select count(*) from {table}")).scalar_one() == 1  # noqa: S608
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_uses(database_url: str, tmp_path: Path) -> None:
    database = Database.open(database_url, tmp_path)
    found = inspect(database.engine)
    for table in METADATA.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}, table.name
        indexes = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes, table.name
    database.close()


def test_a_database_of_a_later_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    Database.open("", tmp_path).close()
    engine = create_engine(f"sqlite:///{tmp_path / 'state.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StateUnavailable):
        Database.open("", tmp_path)
    with engine.connect() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() == "9999"
    engine.dispose()

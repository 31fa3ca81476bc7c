"""A database of every earlier release is brought to this one, and keeps what it holds."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, String, Table, create_engine, inspect, select, text

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
VALUES: dict[type, Any] = {
    str: "某人问的“年假”",
    int: 7,
    float: 0.5,
    bool: True,
    dt.date: dt.date(2026, 1, 2),
}
Rows = dict[str, list[dict[str, Any]]]


def tables_of(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def fill(connection: Connection) -> Rows:
    """Put two rows into every table there is, and give them by table."""
    filled: Rows = {}
    for table in tables_of(connection):
        row = {column.name: VALUES[column.type.python_type] for column in table.columns}
        for column in table.columns:
            if isinstance(column.type, String) and column.type.length:
                row[column.name] = row[column.name][: column.type.length]
        [first, *_] = table.primary_key.columns
        other = {str: "另一", int: 8, dt.date: dt.date(2026, 1, 3)}[first.type.python_type]
        filled[table.name] = [row, row | {first.name: other}]
        connection.execute(table.insert(), filled[table.name])
    return filled


def kept(connection: Connection, filled: Rows) -> Rows:
    """What the tables hold now of the columns that were filled, in order of the filling."""
    held: Rows = {}
    for table in tables_of(connection):
        if table.name in filled:
            columns = [table.c[name] for name in filled[table.name][0]]
            rows = [dict(row._mapping) for row in connection.execute(select(*columns))]
            held[table.name] = sorted(rows, key=filled[table.name].index)
    return held


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
        filled = fill(connection)
    assert {"feedback", "sessions"} <= filled.keys()
    database = Database.open(database_url, tmp_path)
    assert database.feedback.count(useful=True) == 2
    assert database.sessions.openid_of("none") is None
    database.close()
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]
        assert kept(connection, filled) == filled
    engine.dispose()


def test_processes_that_start_at_once_bring_an_old_database_up_together(database_url: str, tmp_path: Path) -> None:
    url = database_url or f"sqlite:///{tmp_path / 'state.sqlite3'}"
    engine, made = create_engine(url), config()
    with engine.begin() as connection:
        made.attributes["connection"] = connection
        command.upgrade(made, REVISIONS[0])
        filled = fill(connection)
    opening = (
        "import sys, pathlib; from chat_api.state import Database; "
        "Database.open(sys.argv[1], pathlib.Path(sys.argv[2])).close()"
    )
    # Each with a data folder of its own where the database is shared by machines: no lock on disk helps there.
    folders = [tmp_path if not database_url else tmp_path / str(number) for number in range(4)]
    started = [subprocess.Popen([sys.executable, "-c", opening, database_url, str(folder)]) for folder in folders]
    assert [process.wait(60) for process in started] == [0] * 4
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]
        assert kept(connection, filled) == filled
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

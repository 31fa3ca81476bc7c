"""Brings a database to the tables of this release."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Engine, text

MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
# Any number, as long as every process of this program takes the same.
POSTGRESQL_LOCK: Final = 20_221_001


def upgrade(engine: Engine, data_folder: Path) -> None:
    """Return when a database has the tables of this release; one from before there were migrations is taken over.

    Processes that start at once on the same database wait for each other.

    Raises:
        alembic.util.CommandError: If the database was made by a later release.
        sqlalchemy.exc.SQLAlchemyError: If it cannot be opened or written.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with FileLock(data_folder / ".state.lock"), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # The lock of the data folder says nothing to a process on another machine.
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": POSTGRESQL_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

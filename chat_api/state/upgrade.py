"""Brings a database to the tables of this release."""

from pathlib import Path
from typing import Final

from filelock import FileLock
from sqlalchemy import Engine, inspect, text

from corpus.errors import StateUnavailable

# Of the last file in the folder below.
LATEST_REVISION: Final = "0003"
MIGRATIONS: Final = Path(__file__).resolve().parent / "migrations"
# Any number, as long as every process of this program takes the same.
POSTGRESQL_LOCK: Final = 20_221_001


def upgrade(engine: Engine, data_folder: Path) -> None:
    """Return when a database has the tables of this release; one from before there were migrations is taken over.

    Processes that start at once on the same database wait for each other. Alembic is not even loaded where there is
    nothing to do, which is at nearly every start.

    Raises:
        StateUnavailable: If the database was made by a later release.
        sqlalchemy.exc.SQLAlchemyError: If it cannot be opened or written.
    """
    if _revision(engine) != LATEST_REVISION:
        with FileLock(data_folder / ".state.lock"):
            _migrate(engine)


def _revision(engine: Engine) -> str | None:
    """Return which migration a database has seen last; None for one that has seen none."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        found: str | None = connection.scalar(text("select version_num from alembic_version"))
    return found


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # The lock of the data folder says nothing to a process on another machine.
            connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": POSTGRESQL_LOCK})
        elif engine.dialect.name == "sqlite":
            # Python begins no transaction for the making of tables: one that is killed would leave half of them.
            connection.exec_driver_sql("begin immediate")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StateUnavailable("数据库是更新版本的问工建的，请改用那个版本的问工。") from error

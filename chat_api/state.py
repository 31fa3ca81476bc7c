"""What the service remembers: feedback, in a database. The only module that imports SQLAlchemy."""

import datetime as dt
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from corpus.errors import StateUnavailable

METADATA = MetaData()
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("answer_id", String(32), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(600), nullable=True),
    # The day only: with the time of day a row could be tied to a person.
    Column("created_on", Date, nullable=False),
    Column("revision", Integer, nullable=False, default=1),
)
BUSY_TIMEOUT_MS = 5_000


class FeedbackStore:
    """Feedback by answer; many processes may write to the same database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, database_url: str, data_folder: Path) -> "FeedbackStore":
        """Return the store of a database, with its tables made where they are missing.

        Args:
            database_url: SQLAlchemy address; "" for `state.sqlite3` in the data folder.
            data_folder: Made when it is missing.

        Raises:
            StateUnavailable: If the database cannot be opened.
        """
        try:
            data_folder.mkdir(parents=True, exist_ok=True)
            engine = create_engine(database_url or f"sqlite:///{data_folder / 'state.sqlite3'}")
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _prepare_sqlite)
            METADATA.create_all(engine)
        except (SQLAlchemyError, OSError) as error:
            raise StateUnavailable(f"反馈数据库无法打开，请检查 {database_url or data_folder} 是否可写。") from error
        return cls(engine)

    def save(self, answer_id: str, *, useful: bool, reason: str | None) -> None:
        """Keep what somebody thought of an answer; a second opinion on the same answer replaces the first.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        today = dt.datetime.now(tz=dt.UTC).date()
        values = {"useful": useful, "reason": reason, "created_on": today}
        mine = FEEDBACK.c.answer_id == answer_id
        try:
            with self._engine.begin() as connection:
                changed = connection.execute(
                    FEEDBACK.update().where(mine).values(**values, revision=FEEDBACK.c.revision + 1)
                )
                if changed.rowcount == 0:
                    connection.execute(FEEDBACK.insert().values(answer_id=answer_id, **values))
        except SQLAlchemyError as error:
            raise StateUnavailable("反馈暂时没能存下来，请稍后再试。") from error

    def count(self, *, useful: bool) -> int:
        """Return how many answers were found useful, or not useful."""
        with self._engine.connect() as connection:
            query = select(func.count()).select_from(FEEDBACK).where(FEEDBACK.c.useful == useful)
            return int(connection.execute(query).scalar_one())

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # Readers do not wait for a writer, and a writer waits for another instead of failing at once.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()

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
from sqlalchemy.schema import CreateTable

from corpus.errors import StateUnavailable

# Masking can lengthen a reason; what goes beyond this is cut.
MAX_REASON_CHARACTERS = 600
METADATA = MetaData()
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("answer_id", String(32), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(MAX_REASON_CHARACTERS), nullable=True),
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
            with engine.begin() as connection:
                # Two processes may start on a new database at once, so the check is left to the database.
                connection.execute(CreateTable(FEEDBACK, if_not_exists=True))
        except (SQLAlchemyError, OSError, ImportError) as error:
            # The address itself is not shown: it may hold a password.
            place = "WENGONG_DATABASE_URL（地址、权限和所需的驱动）" if database_url else f"{data_folder} 是否可写"
            raise StateUnavailable(f"反馈数据库无法打开，请检查 {place}。") from error
        return cls(engine)

    def save(self, answer_id: str, *, useful: bool, reason: str | None) -> None:
        """Keep what somebody thought of an answer; a second opinion on the same answer replaces the first.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        today = dt.datetime.now(tz=dt.UTC).date()
        values = {"useful": useful, "reason": reason and reason[:MAX_REASON_CHARACTERS], "created_on": today}
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
        """Return how many answers were found useful, or not useful.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(func.count()).select_from(FEEDBACK).where(FEEDBACK.c.useful == useful)
        try:
            with self._engine.connect() as connection:
                return int(connection.execute(query).scalar_one())
        except SQLAlchemyError as error:
            raise StateUnavailable("反馈数据库无法读取。") from error

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # Readers do not wait for a writer, and a writer waits for another instead of failing at once.
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()

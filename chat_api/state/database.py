"""Opens the database, and brings it to the tables of this release."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError

from chat_api.state.answer_counts import AnswerCounts
from chat_api.state.feedback import FeedbackStore
from chat_api.state.messages import MessageStore
from chat_api.state.questions import QuestionStore
from chat_api.state.sessions import SessionStore
from chat_api.state.texts import EditedTexts
from chat_api.state.upgrade import upgrade
from corpus.errors import StateUnavailable

BUSY_TIMEOUT_MS = 5_000


class Database:
    """One database, with a store for each kind of thing that is remembered.

    Attributes:
        engine: For stores of other packages.
        feedback: What people thought of answers.
        sessions: Who is logged in.
        messages: Messages of the official account that were answered a moment ago.
        questions: What was asked, where that is kept.
        answer_counts: How many answers there were a day.
        texts: What staff edited.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.feedback = FeedbackStore(engine)
        self.sessions = SessionStore(engine)
        self.messages = MessageStore(engine)
        self.questions = QuestionStore(engine)
        self.answer_counts = AnswerCounts(engine)
        self.texts = EditedTexts(engine)

    @classmethod
    def open(cls, database_url: str, data_folder: Path) -> "Database":
        """Return a database, brought to the tables of this release.

        Args:
            database_url: SQLAlchemy address; "" for `state.sqlite3` in the data folder.
            data_folder: Made when it is missing.

        Raises:
            StateUnavailable: If the database cannot be opened, or a later release made it.
        """
        try:
            data_folder.mkdir(parents=True, exist_ok=True)
            # No error may show what was to be written: it may be somebody's words.
            engine = create_engine(database_url or f"sqlite:///{data_folder / 'state.sqlite3'}", hide_parameters=True)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _prepare_sqlite)
            upgrade(engine, data_folder)
        except (SQLAlchemyError, OSError, ImportError) as error:
            # The address itself is not shown: it may hold a password.
            place = "WENGONG_DATABASE_URL（地址、权限和所需的驱动）" if database_url else f"{data_folder} 是否可写"
            raise StateUnavailable(f"反馈数据库无法打开，请检查 {place}。") from error
        return cls(engine)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # Readers do not wait for a writer, and a writer waits for another instead of failing at once.
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # A power cut may lose the last moments, never the file: a lost session is a login more.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()

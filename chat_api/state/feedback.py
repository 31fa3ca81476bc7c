"""What people thought of answers."""

import datetime as dt

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from chat_api.state.tables import FEEDBACK, MAX_REASON_CHARACTERS
from corpus.errors import StateUnavailable


class FeedbackStore:
    """Feedback by answer; many processes may write to the same database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

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

    def since(self, day: dt.date) -> dict[tuple[dt.date, bool], int]:
        """Return how many answers were found useful, and not useful, on each day from one on.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        columns = FEEDBACK.c.created_on, FEEDBACK.c.useful
        query = select(*columns, func.count()).where(FEEDBACK.c.created_on >= day).group_by(*columns)
        try:
            with self._engine.connect() as connection:
                return {(created_on, useful): count for created_on, useful, count in connection.execute(query)}
        except SQLAlchemyError as error:
            raise StateUnavailable("反馈数据库无法读取。") from error

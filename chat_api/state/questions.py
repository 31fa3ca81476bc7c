"""What was asked, masked and by the day, where the operator switched that on."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, and_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from chat_api.state.tables import FEEDBACK, MAX_QUESTION_CHARACTERS, QUESTIONS
from corpus.errors import StateUnavailable

READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedQuestion:
    """A masked question and what became of it.

    Attributes:
        answer_id: Of the answer it got.
        asked_on: The day.
        question: Masked.
        status: answered, clarify or abstained.
        answer_probability: In [0, 1].
        handbook_id: Of the best section; "" when none was found.
        section_id: The best section; "" when none was found.
        useful: What the person thought of the answer; None without feedback.
        reason: Why, masked; "" without one.
        note: What staff wrote about it; "" for nothing.
    """

    answer_id: str
    asked_on: dt.date
    question: str
    status: str
    answer_probability: float
    handbook_id: str
    section_id: str
    useful: bool | None = None
    reason: str = ""
    note: str = ""


class QuestionStore:
    """The question log; many processes may write to the same database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, asked: LoggedQuestion, kept_days: int) -> None:
        """Keep a question that has been masked; those older than so many days go.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        row = {
            name: getattr(asked, name)
            for name in ("answer_id", "asked_on", "status", "answer_probability", "handbook_id", "section_id")
        }
        oldest = asked.asked_on - dt.timedelta(days=kept_days)
        try:
            with self._engine.begin() as connection:
                connection.execute(QUESTIONS.delete().where(QUESTIONS.c.asked_on < oldest))
                connection.execute(QUESTIONS.insert().values(**row, question=asked.question[:MAX_QUESTION_CHARACTERS]))
        except SQLAlchemyError as error:
            raise StateUnavailable("问题记录暂时写不进去。") from error

    def open_questions(self) -> tuple[LoggedQuestion, ...]:
        """Return the newest questions that staff should look at and nobody has: not answered, or found of no use.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        wanted = and_(QUESTIONS.c.handled_as == "", or_(QUESTIONS.c.status != "answered", FEEDBACK.c.useful.is_(False)))
        return self._read(wanted)

    def by_answer_ids(self, answer_ids: Collection[str]) -> tuple[LoggedQuestion, ...]:
        """Return some questions, newest first; those that are gone are left out."""
        return self._read(QUESTIONS.c.answer_id.in_(list(answer_ids)))

    def handled_as(self, what: str) -> tuple[LoggedQuestion, ...]:
        """Return the questions that staff have sorted under a word, newest first."""
        return self._read(QUESTIONS.c.handled_as == what)

    def handle(self, answer_ids: Collection[str], what: str, note: str = "") -> int:
        """Return how many questions were sorted under a word, with a note.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        mine = QUESTIONS.c.answer_id.in_(list(answer_ids))
        try:
            with self._engine.begin() as connection:
                handled = QUESTIONS.update().where(mine).values(handled_as=what, note=note)
                return int(connection.execute(handled).rowcount)
        except SQLAlchemyError as error:
            raise StateUnavailable("问题记录暂时写不进去，刚才的操作没有生效。") from error

    def erase(self, before: dt.date | None = None) -> int:
        """Return how many questions were erased: all, or those asked before a day.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        which = QUESTIONS.delete() if before is None else QUESTIONS.delete().where(QUESTIONS.c.asked_on < before)
        try:
            with self._engine.begin() as connection:
                return int(connection.execute(which).rowcount)
        except SQLAlchemyError as error:
            raise StateUnavailable("问题记录暂时删不掉，请检查数据库是否可写。") from error

    def _read(self, which: ColumnElement[bool]) -> tuple[LoggedQuestion, ...]:
        columns = [column for column in QUESTIONS.c if column.name != "handled_as"]
        query = (
            select(*columns, FEEDBACK.c.useful, FEEDBACK.c.reason)
            .join(FEEDBACK, FEEDBACK.c.answer_id == QUESTIONS.c.answer_id, isouter=True)
            .where(which)
            .order_by(QUESTIONS.c.asked_on.desc(), QUESTIONS.c.answer_id)
            .limit(READ_AT_ONCE)
        )
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query).mappings().all()
        except SQLAlchemyError as error:
            raise StateUnavailable("问题记录暂时读不出来。") from error
        return tuple(LoggedQuestion(**{**row, "reason": row["reason"] or ""}) for row in rows)

"""How many questions there were a day, and how fast they were answered: numbers only, never what was asked."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from chat_api.state.tables import DAILY_ANSWERS
from corpus.errors import StateUnavailable

# Upper ends of the classes of time, in milliseconds; what takes longer counts in the last.
UP_TO_MS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
# A write for every answer would cost more than the answer.
WRITTEN_EVERY_S: Final = 5.0
TRIES: Final = 3


class AnswerClass(NamedTuple):
    """Answers that count together: of one day, handbook, outcome and class of time."""

    answered_on: dt.date
    handbook_id: str
    status: str
    up_to_ms: int


class AnswerCounts:
    """Counts answers in memory and adds them to the database every few seconds, and when it is closed.

    `now_s` gives seconds that only ever rise.
    """

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._now_s = now_s
        self._lock = threading.Lock()
        self._counted: Counter[AnswerClass] = Counter()
        self._written_at_s = now_s()

    def add(self, handbook_id: str, status: str, took_ms: float) -> None:
        """Count an answer.

        Raises:
            StateUnavailable: If it is time to write and the database cannot be written; the counts are kept.
        """
        up_to_ms = next((limit for limit in UP_TO_MS if took_ms <= limit), UP_TO_MS[-1])
        today = dt.datetime.now().astimezone().date()
        with self._lock:
            self._counted[AnswerClass(today, handbook_id, status, up_to_ms)] += 1
            is_time = self._now_s() - self._written_at_s >= WRITTEN_EVERY_S
        if is_time:
            self.write()

    def write(self) -> None:
        """Add what was counted to the database.

        Raises:
            StateUnavailable: If it cannot be written; the counts are kept for the next time.
        """
        with self._lock:
            counted, self._counted = self._counted, Counter()
            self._written_at_s = self._now_s()
        for answers, count in list(counted.items()):
            try:
                self._add(answers, count)
            except SQLAlchemyError as error:
                with self._lock:
                    self._counted.update(counted)
                raise StateUnavailable("提问的统计暂时写不进去。") from error
            del counted[answers]

    def since(self, day: dt.date) -> dict[AnswerClass, int]:
        """Return the counts from a day on, by day, handbook, outcome and time.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = (
            select(DAILY_ANSWERS)
            .where(DAILY_ANSWERS.c.answered_on >= day)
            .order_by(*(DAILY_ANSWERS.c[name] for name in AnswerClass._fields))
        )
        try:
            with self._engine.connect() as connection:
                return {AnswerClass(*row[:4]): row[4] for row in connection.execute(query)}
        except SQLAlchemyError as error:
            raise StateUnavailable("提问的统计暂时读不出来。") from error

    def _add(self, answers: AnswerClass, count: int) -> None:
        mine = [DAILY_ANSWERS.c[name] == value for name, value in answers._asdict().items()]
        added = DAILY_ANSWERS.update().where(*mine).values(answers=DAILY_ANSWERS.c.answers + count)
        for attempt in range(TRIES):
            try:
                with self._engine.begin() as connection:
                    if connection.execute(added).rowcount == 0:
                        connection.execute(DAILY_ANSWERS.insert().values(**answers._asdict(), answers=count))
            except IntegrityError:
                if attempt == TRIES - 1:
                    raise
            else:
                return

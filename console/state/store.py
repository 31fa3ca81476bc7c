"""What every store of the console stands on: one transaction a call, and one error when the database fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from corpus.errors import StateUnavailable


class Store:
    """One kind of thing that the console remembers; `now_s` gives the time in seconds since 1970."""

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now_s = now_s

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Give a connection; what is done with it counts as a whole or not at all.

        Raises:
            StateUnavailable: If the database cannot be read or written.
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise StateUnavailable("数据库暂时不可用，刚才的操作没有生效，请稍后再试。") from error

    def _now(self) -> int:
        return int(self._now_s())

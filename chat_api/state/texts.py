"""Texts that staff edit in the console and that answers carry."""

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from chat_api.state.console_tables import DOCUMENTS

# Every answer may need it, and it changes a few times a year.
READ_EVERY_S: Final = 2.0
CONTACT: Final = "contact"


class EditedTexts:
    """The texts that concern no single handbook; `now_s` gives seconds that only ever rise."""

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._now_s = now_s
        self._read: tuple[float, str] | None = None

    def contact(self) -> str:
        """Return whom people are told to ask, as known a moment ago; "" when nobody edited it.

        A database that cannot be read changes nothing: an answer must not fail for want of it.
        """
        now_s, read = self._now_s(), self._read
        if read is not None and now_s - read[0] < READ_EVERY_S:
            return read[1]
        query = select(DOCUMENTS.c.text).where(DOCUMENTS.c.handbook_id == "", DOCUMENTS.c.name == CONTACT)
        try:
            with self._engine.connect() as connection:
                found: str | None = connection.execute(query).scalar_one_or_none()
        except SQLAlchemyError:
            found = read[1] if read else ""
        self._read = (now_s, found or "")
        return found or ""

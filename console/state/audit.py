"""Who changed what, and when; written in the same transaction as the change itself."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, select

from chat_api.state.console_tables import AUDIT
from console.state.store import Store

MAX_SUBJECT_CHARACTERS: Final = 255
SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change.

    Attributes:
        name: Who did it.
        action: What kind of change, in Chinese.
        subject: What was changed.
        before: What it was; "" for nothing.
        after: What it is now; "" for nothing.
        at_s: When, in seconds since 1970.
    """

    name: str
    action: str
    subject: str
    before: str = ""
    after: str = ""
    at_s: int = 0


def record(connection: Connection, change: Change, at_s: int) -> None:
    """Write a change down."""
    connection.execute(
        AUDIT.insert().values(
            at_s=at_s,
            name=change.name,
            action=change.action,
            subject=change.subject[:MAX_SUBJECT_CHARACTERS],
            before=change.before,
            after=change.after,
        )
    )


class AuditStore(Store):
    """The list of changes; nothing in the console takes a line of it away."""

    def add(self, change: Change) -> None:
        """Write down a change that has no table of its own.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        with self._transaction() as connection:
            record(connection, change, self._now())

    def newest(self, limit: int = SHOWN) -> tuple[Change, ...]:
        """Return the newest changes, newest first.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        columns = [AUDIT.c[name] for name in ("name", "action", "subject", "before", "after", "at_s")]
        with self._transaction() as connection:
            rows = connection.execute(select(*columns).order_by(AUDIT.c.id.desc()).limit(limit)).mappings().all()
        return tuple(Change(**row) for row in rows)

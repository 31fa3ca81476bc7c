"""Who is logged in to the console, and who failed to."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from chat_api.state.console_tables import LOGIN_FAILURES, STAFF, STAFF_SESSIONS
from console.state.audit import Change, record
from console.state.staff import Role
from console.state.store import Store

SESSION_LIFETIME_S: Final = 8 * 3600
TOKEN_BYTES: Final = 32
# A person mistypes a few times; many people may share one address.
MAX_FAILURES_OF_A_NAME: Final = 5
MAX_FAILURES_OF_AN_ADDRESS: Final = 20
LOCKED_S: Final = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is logged in.

    Attributes:
        name: Who.
        role: What they may do.
        form_token: What every form of theirs must bring back.
    """

    name: str
    role: Role
    form_token: str


class LoginStore(Store):
    """Sessions by cookie, and failed logins; the same in every process."""

    def open(self, name: str) -> str:
        """Return the cookie of a new session; sessions that ended are deleted on the way.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        cookie, now_s = secrets.token_urlsafe(TOKEN_BYTES), self._now()
        row = {
            "token_sha256": _checksum(cookie),
            "name": name,
            "form_token": secrets.token_urlsafe(TOKEN_BYTES),
            "expires_at_s": now_s + SESSION_LIFETIME_S,
        }
        with self._transaction() as connection:
            connection.execute(STAFF_SESSIONS.delete().where(STAFF_SESSIONS.c.expires_at_s <= now_s))
            connection.execute(LOGIN_FAILURES.delete().where(LOGIN_FAILURES.c.who_sha256 == _of_name(name)))
            connection.execute(STAFF_SESSIONS.insert().values(**row))
            record(connection, Change(name=name, action="登录", subject=name), now_s)
        return cookie

    def session(self, cookie: str) -> Session | None:
        """Return the session of a cookie, or None when it is unknown, ended, or its owner was disabled.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = (
            select(STAFF.c.name, STAFF.c.role, STAFF_SESSIONS.c.form_token)
            .join(STAFF, STAFF.c.name == STAFF_SESSIONS.c.name)
            .where(
                STAFF_SESSIONS.c.token_sha256 == _checksum(cookie),
                STAFF_SESSIONS.c.expires_at_s > self._now(),
                STAFF.c.is_disabled.is_(False),
            )
        )
        with self._transaction() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Session(**row) if row else None

    def close(self, cookie: str) -> None:
        """End the session of a cookie.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        with self._transaction() as connection:
            connection.execute(STAFF_SESSIONS.delete().where(STAFF_SESSIONS.c.token_sha256 == _checksum(cookie)))

    def is_locked(self, name: str, address: str) -> bool:
        """Return whether a name, or everybody at an address, has failed too often of late to be tried again.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        since_s = self._now() - LOCKED_S
        limits = {_of_name(name): MAX_FAILURES_OF_A_NAME, _of_address(address): MAX_FAILURES_OF_AN_ADDRESS}
        query = (
            select(LOGIN_FAILURES.c.who_sha256, func.count())
            .where(LOGIN_FAILURES.c.who_sha256.in_(list(limits)), LOGIN_FAILURES.c.failed_at_s > since_s)
            .group_by(LOGIN_FAILURES.c.who_sha256)
        )
        with self._transaction() as connection:
            return any(count >= limits[who] for who, count in connection.execute(query))

    def fail(self, name: str, address: str) -> None:
        """Count a failed login; those that no longer count are deleted on the way.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        now_s = self._now()
        rows = [{"who_sha256": who, "failed_at_s": now_s} for who in (_of_name(name), _of_address(address))]
        with self._transaction() as connection:
            connection.execute(LOGIN_FAILURES.delete().where(LOGIN_FAILURES.c.failed_at_s <= now_s - LOCKED_S))
            connection.execute(LOGIN_FAILURES.insert(), rows)


def is_form_token(expected: str, given: str) -> bool:
    """Return whether a form brought back what it was given, in a time that says nothing about how much of it fits."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _of_name(name: str) -> str:
    return _checksum(f"name:{name}")


def _of_address(address: str) -> str:
    return _checksum(f"address:{address}")


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

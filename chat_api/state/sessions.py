"""Who is logged in: opaque tokens, of which the database holds only checksums."""

import hashlib
import secrets
import time
from collections.abc import Callable

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from chat_api.state.tables import SESSIONS
from corpus.errors import StateUnavailable

TOKEN_BYTES = 32


class SessionStore:
    """Sessions by token; a token can be taken back at once, whichever process gave it.

    `now_s` gives the time in seconds since 1970.
    """

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now_s = now_s

    def open(self, openid: str, lifetime_s: int) -> str:
        """Return a new token of a person, good for some seconds; sessions that ended are deleted on the way.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        token, now_s = secrets.token_urlsafe(TOKEN_BYTES), int(self._now_s())
        row = {"token_sha256": _checksum(token), "openid": openid, "expires_at_s": now_s + lifetime_s}
        try:
            with self._engine.begin() as connection:
                connection.execute(SESSIONS.delete().where(SESSIONS.c.expires_at_s <= now_s))
                connection.execute(SESSIONS.insert().values(**row))
        except SQLAlchemyError as error:
            raise StateUnavailable("暂时无法登录，请稍后再试。") from error
        return token

    def openid_of(self, token: str) -> str | None:
        """Return whose token it is, or None when it is unknown, ended or taken back.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(SESSIONS.c.openid).where(
            SESSIONS.c.token_sha256 == _checksum(token), SESSIONS.c.expires_at_s > int(self._now_s())
        )
        try:
            with self._engine.connect() as connection:
                found: str | None = connection.execute(query).scalar_one_or_none()
        except SQLAlchemyError as error:
            raise StateUnavailable("暂时无法核对登录，请稍后再试。") from error
        return found

    def close_token(self, token: str) -> None:
        """End the session of a token.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        self._delete(SESSIONS.c.token_sha256 == _checksum(token))

    def erase(self, openid: str) -> None:
        """End every session of a person, so that nothing is kept under the openid.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        self._delete(SESSIONS.c.openid == openid)

    def _delete(self, which: ColumnElement[bool]) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(SESSIONS.delete().where(which))
        except SQLAlchemyError as error:
            raise StateUnavailable("暂时没能退出登录，请稍后再试。") from error


def _checksum(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""What the official account answered a moment ago: WeChat sends a message again when it saw no reply in time."""

import hashlib
import json
import time
from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from chat_api.state.tables import CHOICES, MESSAGES
from corpus.errors import StateUnavailable

# WeChat gives up after three tries of five seconds.
MESSAGE_LIFETIME_S = 60
CHOICES_LIFETIME_S = 1800


class MessageStore:
    """Messages by their number, and what each sender can choose next; the same in every process.

    `now_s` gives the time in seconds since 1970.
    """

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.time) -> None:
        self._engine = engine
        self._now_s = now_s

    def claim(self, message_key: str) -> bool:
        """Return whether a message is new, and remember it; of many processes exactly one is told so.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        now_s = int(self._now_s())
        row = {"message_sha256": _checksum(message_key), "expires_at_s": now_s + MESSAGE_LIFETIME_S}
        try:
            with self._engine.begin() as connection:
                connection.execute(MESSAGES.delete().where(MESSAGES.c.expires_at_s <= now_s))
                connection.execute(CHOICES.delete().where(CHOICES.c.expires_at_s <= now_s))
            with self._engine.begin() as connection:
                connection.execute(MESSAGES.insert().values(**row))
        except IntegrityError:
            return False
        except SQLAlchemyError as error:
            raise StateUnavailable("消息暂时记不下来。") from error
        return True

    def save_reply(self, message_key: str, reply: str) -> None:
        """Keep the reply to a message, for the case that it is sent again.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        mine = MESSAGES.c.message_sha256 == _checksum(message_key)
        try:
            with self._engine.begin() as connection:
                connection.execute(MESSAGES.update().where(mine).values(reply=reply))
        except SQLAlchemyError as error:
            raise StateUnavailable("回复暂时记不下来。") from error

    def reply_to(self, message_key: str) -> str | None:
        """Return the reply to a message, or None while there is none.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(MESSAGES.c.reply).where(MESSAGES.c.message_sha256 == _checksum(message_key))
        try:
            with self._engine.connect() as connection:
                found: str | None = connection.execute(query).scalar_one_or_none()
        except SQLAlchemyError as error:
            raise StateUnavailable("回复暂时读不出来。") from error
        return found

    def offer(self, sender_hmac: str, choices: list[str]) -> None:
        """Replace what a sender can choose next.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        expires_at_s = int(self._now_s()) + CHOICES_LIFETIME_S
        row = {"choices": json.dumps(choices), "expires_at_s": expires_at_s}
        mine = CHOICES.c.sender_hmac == sender_hmac
        try:
            with self._engine.begin() as connection:
                changed = connection.execute(CHOICES.update().where(mine).values(**row))
                if changed.rowcount == 0:
                    connection.execute(CHOICES.insert().values(sender_hmac=sender_hmac, **row))
        except IntegrityError:
            return  # the same person's other message came first; its choices stand
        except SQLAlchemyError as error:
            raise StateUnavailable("可选的内容暂时记不下来。") from error

    def choices_of(self, sender_hmac: str) -> list[str]:
        """Return what a sender can choose, in the order in which it was offered; empty when that was long ago.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(CHOICES.c.choices).where(
            CHOICES.c.sender_hmac == sender_hmac, CHOICES.c.expires_at_s > int(self._now_s())
        )
        try:
            with self._engine.connect() as connection:
                found = connection.execute(query).scalar_one_or_none()
        except SQLAlchemyError as error:
            raise StateUnavailable("可选的内容暂时读不出来。") from error
        return [str(choice) for choice in json.loads(found)] if found else []


def _checksum(message_key: str) -> str:
    return hashlib.sha256(message_key.encode("utf-8", "replace")).hexdigest()

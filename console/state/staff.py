"""Who may work in the console: names, roles, and hashes of their tokens."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from chat_api.state.console_tables import STAFF, STAFF_SESSIONS
from console.errors import StaffInvalid
from console.state.audit import Change, record
from console.state.store import Store

Role = Literal["editor", "publisher"]
ROLES: Final[dict[Role, str]] = {"editor": "编辑", "publisher": "发布人"}
TOKEN_BYTES: Final = 24
MAX_NAME_CHARACTERS: Final = 64
# What the command line is called in the list of changes.
COMMAND_LINE: Final = "命令行"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works in the console.

    Attributes:
        name: Unique.
        role: An editor proposes and approves; a publisher also publishes, takes back, and changes handbooks.
        created_at_s: When added, in seconds since 1970.
        is_disabled: Whether the token no longer counts.
    """

    name: str
    role: Role
    created_at_s: int
    is_disabled: bool


class StaffStore(Store):
    """Staff by name."""

    def __init__(self, engine: Engine, now_s: Callable[[], float] = time.time) -> None:
        super().__init__(engine, now_s)
        self._hasher = PasswordHasher()
        # An unknown name is checked against this, so that it takes as long as a known one.
        self._hash_of_nobody = self._hasher.hash(secrets.token_urlsafe(TOKEN_BYTES))

    def add(self, name: str, role: Role) -> str:
        """Return the token of a new member of staff; it is shown once and kept only as a hash.

        Raises:
            StaffInvalid: If the name is taken or cannot be used.
            StateUnavailable: If the database cannot be written.
        """
        if not name.strip() or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
            raise StaffInvalid(f"姓名应为 1 到 {MAX_NAME_CHARACTERS} 个字，不能含控制字符。")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "name": name,
            "role": role,
            "token_hash": self._hasher.hash(token),
            "created_at_s": self._now(),
            "is_disabled": False,
        }
        try:
            with self._transaction() as connection:
                connection.execute(STAFF.insert().values(**row))
                record(connection, Change(name=COMMAND_LINE, action="添加人员", subject=name, after=role), self._now())
        except IntegrityError as error:
            raise StaffInvalid(f"已经有叫 {name} 的人员，请换一个名字，或先查看 wengong staff list。") from error
        return token

    def disable(self, name: str) -> None:
        """Make the token of a member of staff worthless, and end every session of theirs.

        Raises:
            StaffInvalid: If there is nobody of that name.
            StateUnavailable: If the database cannot be written.
        """
        with self._transaction() as connection:
            changed = connection.execute(STAFF.update().where(STAFF.c.name == name).values(is_disabled=True))
            if changed.rowcount == 0:
                raise StaffInvalid(f"没有叫 {name} 的人员，请核对 wengong staff list。")
            connection.execute(STAFF_SESSIONS.delete().where(STAFF_SESSIONS.c.name == name))
            record(connection, Change(name=COMMAND_LINE, action="停用人员", subject=name), self._now())

    def members(self) -> tuple[StaffMember, ...]:
        """Return everybody, by name.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        columns = [column for column in STAFF.c if column.name != "token_hash"]
        with self._transaction() as connection:
            rows = connection.execute(select(*columns).order_by(STAFF.c.name)).mappings().all()
        return tuple(StaffMember(**row) for row in rows)

    def matches(self, name: str, token: str) -> bool:
        """Return whether a token is that of somebody who may work; an unknown name takes as long as a known one.

        Raises:
            StateUnavailable: If the database cannot be read.
        """
        query = select(STAFF.c.token_hash).where(STAFF.c.name == name, STAFF.c.is_disabled.is_(False))
        with self._transaction() as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
        try:
            self._hasher.verify(found or self._hash_of_nobody, token)
        except (VerificationError, InvalidHashError):
            return False
        return found is not None

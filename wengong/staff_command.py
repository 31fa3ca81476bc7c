"""`wengong staff`."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from chat_api.settings import ServerSettings
from chat_api.state import Database
from console.render import moment
from console.state.staff import ROLES, StaffStore
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, talk


def run_add(name: str, role: str) -> None:
    """Add somebody and print the token, which is shown this once."""
    known = {known_role: known_role for known_role in ROLES}
    if role not in known:
        raise typer.BadParameter(f"角色应是 {'、'.join(ROLES)}。", param_hint="--role")
    with _staff() as staff:
        token = staff.add(name, known[role])
    talk().print(f"已添加{ROLES[known[role]]} {name}。口令只显示这一次，请当面交给本人：", markup=False)
    data().print(token)


def run_list() -> None:
    """Print everybody, a line each."""
    with _staff() as staff:
        members = staff.members()
    if not members:
        talk().print("还没有人员，先添加一个：wengong staff add 姓名 --role publisher")
    for member in members:
        note = "（已停用）" if member.is_disabled else ""
        data().print(f"{member.name}\t{ROLES[member.role]}{note}\t{moment(member.created_at_s)}")


def run_disable(name: str) -> None:
    """Make somebody's token worthless."""
    with _staff() as staff:
        staff.disable(name)
    talk().print(f"已停用 {name}。", markup=False)


@contextmanager
def _staff() -> Iterator[StaffStore]:
    settings = read_settings(RetrieverSettings)
    database = Database.open(read_settings(ServerSettings).database_url, settings.data)
    try:
        yield StaffStore(database.engine)
    finally:
        database.close()

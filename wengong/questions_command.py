"""`wengong questions`."""

import datetime as dt

import typer

from chat_api.settings import ServerSettings
from chat_api.state import Database
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk


def run_erase(before: str) -> None:
    """Erase the question log, or the part of it before a day."""
    try:
        day = dt.date.fromisoformat(before) if before else None
    except ValueError as error:
        raise typer.BadParameter("日期应形如 2026-01-31。", param_hint="--before") from error
    settings = read_settings(RetrieverSettings)
    database = Database.open(read_settings(ServerSettings).database_url, settings.data)
    try:
        count = database.questions.erase(day)
    finally:
        database.close()
    talk().print(f"已删除 {count} 条问题记录。")

"""Copies of the database while it is used; SQLite's own way, which waits for writers and never sees half of one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from corpus.errors import StateUnavailable

DEFAULT_FILE: Final = "state.sqlite3"
BUSY_TIMEOUT_S: Final = 30.0


def sqlite_file(database_url: str, data_folder: Path) -> Path | None:
    """Return the file of the database, or None when it is none of SQLite's, or only in memory.

    Raises:
        StateUnavailable: If the address is none.
    """
    if not database_url:
        return data_folder / DEFAULT_FILE
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise StateUnavailable("WENGONG_DATABASE_URL 不是数据库地址。") from error
    is_file = url.get_backend_name() == "sqlite" and url.database and not url.database.startswith((":", "file:"))
    return Path(str(url.database)) if is_file else None


def copy_database(source: Path, target: Path) -> None:
    """Make the target hold what the source holds now; either may be in use by other processes.

    Raises:
        StateUnavailable: If the one cannot be read or the other cannot be written.
    """
    try:
        # Opened for writing, too: a database in WAL mode cannot be read otherwise.
        with closing(_opened(source, "rw")) as read, closing(_opened(target, "rwc")) as written:
            read.backup(written)
    except sqlite3.Error as error:
        raise StateUnavailable(f"数据库复制不了（{source.name}：{error}）。") from error


def is_whole(path: Path) -> bool:
    """Return whether a file is a database without a damaged page."""
    try:
        with closing(_opened(path, "rw")) as connection:
            [[verdict]] = connection.execute("pragma integrity_check(1)").fetchall()
    except (sqlite3.Error, ValueError):
        return False
    return bool(verdict == "ok")


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_TIMEOUT_S)

"""`wengong backup` and `wengong restore`: state, served index and own handbooks, also while the service runs."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock

from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.state.copies import copy_database, is_whole, sqlite_file
from corpus.errors import IndexMissing, IndexTooOld, StateUnavailable
from corpus.limit_errors import BackupInvalid
from retriever.artifact import read_manifest
from retriever.publish import building_folder, current_version_folder, publish
from retriever.settings import RetrieverSettings, read_settings
from wengong.backup_archive import unpack_archive, write_archive
from wengong.console import talk

STATE: Final = "state.sqlite3"
INDEX: Final = "index"
HANDBOOKS: Final = "handbooks"


def run_backup(target: Path) -> None:
    """Write a backup.

    Raises:
        StateUnavailable: If the database cannot be read.
        OSError: If the backup cannot be written.
    """
    settings, saved = read_settings(RetrieverSettings), []
    database = sqlite_file(read_settings(ServerSettings).database_url, settings.data)
    with _folder_beside(target) as folder:
        if database is not None and database.exists():
            copy_database(database, folder / STATE)
            saved.append("数据库")
        version = _copy_index(settings.index_folder, folder / INDEX)
        saved += [f"索引 {version}"] if version else []
        saved += [f"自己添加的手册 {count} 本"] if (count := _copy_handbooks(settings, folder / HANDBOOKS)) else []
        if not saved:
            raise BackupInvalid(f"{settings.data} 里还没有可以备份的东西。")
        write_archive(folder, target)
    talk().print(f"已备份到 {target}：{'、'.join(saved)}。里面有个人信息，请妥善保管。", markup=False)
    if database is None:
        talk().print("数据库不是 SQLite 文件，没有备份在内：请用数据库自己的工具，如 pg_dump。")


def run_restore(source: Path, *, replace: bool) -> None:
    """Put a backup back; nothing is changed before all of it was checked.

    Raises:
        BackupInvalid: If it is not whole, or would replace what is there and that was not asked for.
        StateUnavailable: If the database cannot be written.
    """
    settings = read_settings(RetrieverSettings)
    database = sqlite_file(read_settings(ServerSettings).database_url, settings.data)
    settings.data.mkdir(parents=True, exist_ok=True)
    with _folder_beside(settings.data / INDEX) as folder:
        made_at = unpack_archive(source, folder).made_at
        has_state = (folder / STATE).exists()
        if has_state:
            _upgrade(folder)
        places = (database, settings.index_folder, settings.handbooks_folder)
        present = [path.name for path in places if path is not None and path.exists()]
        if present and not replace:
            raise BackupInvalid(f"{settings.data} 里已有 {'、'.join(present)}；要用备份替换，请加 --replace。")
        _restore_handbooks(folder / HANDBOOKS, settings.handbooks_folder)
        if has_state and database is not None:
            copy_database(folder / STATE, database)
        note = _restore_index(folder / INDEX, settings.index_folder)
    talk().print(f"已恢复 {made_at} 的备份{note}。", markup=False)
    if has_state and database is None:
        talk().print("这里的数据库不是 SQLite 文件，备份里的数据库没有恢复。")


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
        yield Path(folder)


def _upgrade(folder: Path) -> None:
    """Bring the database of a backup to the tables of this release."""
    if not is_whole(folder / STATE):
        raise BackupInvalid("备份里的数据库已损坏，请换一份备份。")
    try:
        Database.open("", folder).close()
    except StateUnavailable as error:
        raise BackupInvalid("备份里的数据库是更新的程序写的，或不是问工的数据库；请先升级程序。") from error


def _copy_index(index_folder: Path, target: Path) -> str:
    """Return which version was copied, "" when none is published; nothing is published meanwhile."""
    if not index_folder.is_dir():
        return ""
    with FileLock(index_folder / ".lock"):
        try:
            version = current_version_folder(index_folder)
        except IndexMissing:
            return ""
        shutil.copytree(version, target)
        return version.name


def _copy_handbooks(settings: RetrieverSettings, target: Path) -> int:
    folder = settings.handbooks_folder
    if not folder.is_dir():
        return 0
    with _handbooks_lock(folder):
        shutil.copytree(folder, target)
    return sum(path.is_dir() for path in target.iterdir())


def _restore_handbooks(source: Path, folder: Path) -> None:
    """Exchange the folder in one step, or leave the one that is there where the backup has none."""
    if not source.is_dir():
        return
    with _handbooks_lock(folder):
        old = source.with_name("handbooks-before")
        if folder.exists():
            folder.rename(old)
        source.rename(folder)


def _restore_index(source: Path, index_folder: Path) -> str:
    """Return what is to be said about the index; it is published like any other, so that a service takes it up."""
    if not source.is_dir():
        return "（备份里没有索引，启动时会重建）"
    try:
        read_manifest(source)
    except IndexTooOld:
        return "；备份里的索引是旧格式，请运行 wengong index 重建"
    with building_folder(index_folder) as folder:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        version = publish(folder, index_folder, lambda _folder: None)
    return f"，索引 {version}"


def _handbooks_lock(folder: Path) -> FileLock:
    # The same lock as when a handbook is added or exchanged.
    return FileLock(folder.with_name(f".{folder.name}.lock"))

"""Index versions come and go here: written aside, checked, and made the served one in a single step."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock

from corpus.errors import IndexDamaged, IndexMissing, IndexProblem
from retriever.artifact import read_manifest, verify_files

CURRENT_NAME: Final = "current"
VERSIONS_KEPT: Final = 3
_BUILDING_PREFIX: Final = ".building-"


def current_version_folder(index_folder: Path) -> Path:
    """Return the folder of the published version.

    Raises:
        IndexMissing: If nothing was published yet, or the published version's folder is gone.
        IndexDamaged: If what names the published version cannot be read.
    """
    try:
        version = (index_folder / CURRENT_NAME).read_text(encoding="utf-8").strip()
        folder = index_folder / version
        is_there = folder.is_dir()
    except FileNotFoundError as error:
        raise IndexMissing(f"{index_folder} 里还没有索引，请先运行 wengong index。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(
            f"{index_folder / CURRENT_NAME} 无法读取，请检查权限，或运行 wengong index 重建。"
        ) from error
    if not version or not is_there:
        raise IndexMissing(f"{index_folder} 指向的索引 {version or '（空）'} 不存在，请运行 wengong index 重建。")
    return folder


@contextmanager
def building_folder(index_folder: Path) -> Iterator[Path]:
    """Give an empty folder to write a version into; it is removed afterwards unless it was published.

    One writer at a time: another process waits here. What a killed process left behind is cleared first.
    """
    index_folder.mkdir(parents=True, exist_ok=True)
    with FileLock(index_folder / ".lock"):
        for leftover in index_folder.glob(f"{_BUILDING_PREFIX}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING_PREFIX, dir=index_folder))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, index_folder: Path, probe: Callable[[Path], None]) -> str:
    """Return the version id after making a written version the served one.

    Its files are verified and `probe` is called on the folder first; if either raises, the served version stays. A
    crash at any point leaves either the old version or the new one, never a mixture. Older versions are removed, except
    the newest few, so that processes which still serve them can finish.

    Raises:
        IndexProblem: Whatever verification or the probe finds.
    """
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    probe(folder)
    _flush(folder)
    destination = index_folder / manifest.version
    if destination.exists() and not _is_intact(destination):
        shutil.rmtree(destination)
    if not destination.exists():
        folder.rename(destination)
    _switch(index_folder, manifest.version)
    _remove_old_versions(index_folder, keep=manifest.version)
    return manifest.version


def kept_versions(index_folder: Path) -> tuple[str, ...]:
    """Return the names of the versions that are on disk, newest first, ties by name."""
    folders = sorted(path for path in index_folder.glob("v*") if path.is_dir())
    folders.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return tuple(path.name for path in folders)


def switch_back(version: str, index_folder: Path) -> None:
    """Make a version that is on disk the served one again, at once.

    Raises:
        IndexProblem: If its files are not what they were; the served version stays.
    """
    with FileLock(index_folder / ".lock"):
        folder = index_folder / version
        verify_files(folder, read_manifest(folder))
        _switch(index_folder, version)


def _is_intact(folder: Path) -> bool:
    try:
        verify_files(folder, read_manifest(folder))
    except IndexProblem:
        return False
    return True


def _switch(index_folder: Path, version: str) -> None:
    written_aside = index_folder / f"{_BUILDING_PREFIX}{CURRENT_NAME}"
    with written_aside.open("w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    written_aside.replace(index_folder / CURRENT_NAME)
    _flush_folder(index_folder)


def _flush(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_old_versions(index_folder: Path, keep: str) -> None:
    versions = [path for path in index_folder.glob("v*") if path.is_dir() and path.name != keep]
    versions.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in versions[VERSIONS_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)

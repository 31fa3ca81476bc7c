"""The file of a backup: a compressed archive whose first member says what the others must be."""

import io
import json
import tarfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from corpus.limit_errors import BackupInvalid
from corpus.manifest import file_sha256

FORMAT_VERSION: Final = 1
CONTENTS_NAME: Final = "backup.json"
MAX_CONTENTS_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup says of itself.

    Attributes:
        format_version: Of the format described by this module.
        made_at: When, in UTC, as ISO 8601.
        file_sha256: Checksum of each file, by its path in the backup.
    """

    format_version: int
    made_at: str
    file_sha256: dict[str, str]


def write_archive(folder: Path, target: Path) -> Contents:
    """Write a folder as a backup, readable by its owner alone; what was there stays until the new one is whole.

    Raises:
        OSError: If it cannot be written.
    """
    sums = {name: file_sha256(folder / name) for name in _file_names(folder)}
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    contents = Contents(format_version=FORMAT_VERSION, made_at=now, file_sha256=sums)
    listed = json.dumps(asdict(contents), ensure_ascii=False, indent=1).encode()
    aside = target.with_name(f".{target.name}.part")
    try:
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600)
        with tarfile.open(aside, "w:gz", compresslevel=3) as archive:
            first = tarfile.TarInfo(CONTENTS_NAME)
            first.size = len(listed)
            archive.addfile(first, io.BytesIO(listed))
            for name in sums:
                archive.add(folder / name, name, recursive=False)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return contents


def unpack_archive(source: Path, folder: Path) -> Contents:
    """Unpack a backup into an empty folder, and return what it is once every file was checked.

    Raises:
        BackupInvalid: If it is none, was cut short or changed, or a later program wrote it.
        OSError: If there is no room, or the file is not there.
    """
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        listed = (folder / CONTENTS_NAME).read_bytes()[:MAX_CONTENTS_BYTES]
        contents = Contents(**json.loads(listed))
    except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError) as error:
        raise BackupInvalid(f"{source.name} 不是问工的备份，或者不完整。") from error
    except FileNotFoundError as error:
        if source.exists():
            raise BackupInvalid(f"{source.name} 不是问工的备份。") from error
        raise
    if contents.format_version > FORMAT_VERSION:
        raise BackupInvalid(f"{source.name} 是更新的程序做的备份，请先升级程序。")
    (folder / CONTENTS_NAME).unlink()
    actual = {name: file_sha256(folder / name) for name in _file_names(folder)}
    if actual != contents.file_sha256:
        names = actual.keys() | contents.file_sha256.keys()
        wrong = sorted(name for name in names if actual.get(name) != contents.file_sha256.get(name))
        raise BackupInvalid(f"{source.name} 里的文件与清单不符：{'、'.join(wrong[:3])}，请换一份备份。")
    return contents


def _file_names(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())

"""A handbook file to a handbook folder of its own, or to the next edition of one."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from corpus.errors import HandbookExists, ManifestInvalid, UnreadableFile
from corpus.manifest import HANDBOOK_ID, MANIFEST_NAME, Manifest
from ingest.carry_over import Lost, carry_over
from ingest.difference import Difference, compare
from ingest.handbook import IngestedHandbook, ingest_handbook

ADDING_PREFIX = ".adding-"
REPLACED_PREFIX = ".replaced-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A handbook that has become its next edition: what differs, and what staff had attached and is lost."""

    ingested: IngestedHandbook
    difference: Difference
    lost: Lost


def add_handbook(file: Path, manifest: Manifest, parent: Path, *, allow_missing: bool = False) -> IngestedHandbook:
    """Return the handbook made from a file, kept from now on in `parent`/id with its manifest and a copy of the source.

    The folder appears whole or not at all.

    Raises:
        HandbookExists: If the id is taken there.
        CorpusError: If the file cannot be read or is not complete; see `ingest_handbook`.
    """
    _require_id(manifest)
    destination = parent / manifest.id
    with _writing(parent) as written_aside:
        if destination.exists():
            raise HandbookExists(f"手册 {manifest.id} 已经存在（{destination}），请换一个 --id，或先移走旧的文件夹。")
        _write(written_aside, file, manifest)
        ingested = ingest_handbook(written_aside, allow_missing=allow_missing)
        written_aside.chmod(0o755)
        written_aside.rename(destination)
    return ingested


def replace_handbook(
    file: Path, manifest: Manifest, parent: Path, *, allow_missing: bool = False, dry_run: bool = False
) -> Replaced:
    """Return the next edition of `parent`/id made from a file, and how it differs.

    Similar questions go along with their question, whatever its number has become; the folder is exchanged whole or
    not at all. With `dry_run` nothing is kept.

    Raises:
        CorpusError: If either edition cannot be read, or the new one is not complete; see `ingest_handbook`.
    """
    _require_id(manifest)
    destination = parent / manifest.id
    with _writing(parent) as written_aside:
        before = ingest_handbook(destination, allow_missing=True).handbook
        _write(written_aside, file, manifest)
        after = ingest_handbook(written_aside, allow_missing=allow_missing).handbook
        difference = compare(before, after)
        headings = {section.section_id: section.heading for section in before.sections}
        lost = carry_over(destination, written_aside, difference.new_ids, headings, after.text)
        ingested = ingest_handbook(written_aside, allow_missing=allow_missing)
        if not dry_run:
            _exchange(written_aside, destination)
    return Replaced(ingested=ingested, difference=difference, lost=lost)


def recover(parent: Path) -> None:
    """Put back the older edition where a process was killed between taking it away and putting the newer one there."""
    for replaced in parent.glob(f"{REPLACED_PREFIX}*"):
        destination = parent / replaced.name.removeprefix(REPLACED_PREFIX)
        if destination.exists():
            shutil.rmtree(replaced, ignore_errors=True)
        else:
            replaced.rename(destination)


def _exchange(written_aside: Path, destination: Path) -> None:
    replaced = destination.with_name(REPLACED_PREFIX + destination.name)
    written_aside.chmod(0o755)
    destination.rename(replaced)
    written_aside.rename(destination)
    shutil.rmtree(replaced, ignore_errors=True)


@contextmanager
def _writing(parent: Path) -> Iterator[Path]:
    """Give an empty folder to write into; one writer at a time, and what a killed one left behind is cleared first."""
    parent.mkdir(parents=True, exist_ok=True)
    with FileLock(parent.with_name(f".{parent.name}.lock")):
        recover(parent)
        for leftover in parent.glob(f"{ADDING_PREFIX}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        written_aside = Path(tempfile.mkdtemp(prefix=ADDING_PREFIX, dir=parent))
        try:
            yield written_aside
        finally:
            shutil.rmtree(written_aside, ignore_errors=True)


def _write(folder: Path, file: Path, manifest: Manifest) -> None:
    try:
        shutil.copyfile(file, folder / manifest.source_file)
    except OSError as error:
        raise UnreadableFile(f"{file}：无法读取（{error.strerror}）。") from error
    (folder / MANIFEST_NAME).write_text(manifest_toml(manifest), encoding="utf-8")


def _require_id(manifest: Manifest) -> None:
    if not HANDBOOK_ID.fullmatch(manifest.id):
        raise ManifestInvalid(f"手册编号“{manifest.id}”只能用小写字母、数字和连字符，如 labour-law-2024。")


def manifest_toml(manifest: Manifest) -> str:
    """Return a manifest as TOML; JSON strings, numbers and arrays are TOML ones."""
    values = {name: getattr(manifest, name) for name in Manifest.__slots__}
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())

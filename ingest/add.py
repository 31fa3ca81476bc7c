"""A handbook file to a handbook folder of its own."""

import json
import shutil
import tempfile
from pathlib import Path

from corpus.errors import HandbookExists, ManifestInvalid, UnreadableFile
from corpus.manifest import HANDBOOK_ID, MANIFEST_NAME, Manifest
from ingest.handbook import IngestedHandbook, ingest_handbook


def add_handbook(file: Path, manifest: Manifest, parent: Path, *, allow_missing: bool = False) -> IngestedHandbook:
    """Return the handbook made from a file, kept from now on in `parent`/id with its manifest and a copy of the source.

    The folder appears whole or not at all.

    Raises:
        HandbookExists: If the id is taken there.
        CorpusError: If the file cannot be read or is not complete; see `ingest_handbook`.
    """
    if not HANDBOOK_ID.fullmatch(manifest.id):
        raise ManifestInvalid(f"手册编号“{manifest.id}”只能用小写字母、数字和连字符，如 labour-law-2024。")
    destination = parent / manifest.id
    if destination.exists():
        raise HandbookExists(f"手册 {manifest.id} 已经存在（{destination}），请换一个 --id，或先移走旧的文件夹。")
    parent.mkdir(parents=True, exist_ok=True)
    written_aside = Path(tempfile.mkdtemp(prefix=".adding-", dir=parent))
    try:
        _copy(file, written_aside / manifest.source_file)
        (written_aside / MANIFEST_NAME).write_text(manifest_toml(manifest), encoding="utf-8")
        ingested = ingest_handbook(written_aside, allow_missing=allow_missing)
        written_aside.chmod(0o755)
        written_aside.rename(destination)
    finally:
        shutil.rmtree(written_aside, ignore_errors=True)
    return ingested


def _copy(file: Path, destination: Path) -> None:
    try:
        shutil.copyfile(file, destination)
    except OSError as error:
        raise UnreadableFile(f"{file}：无法读取（{error.strerror}）。") from error


def manifest_toml(manifest: Manifest) -> str:
    """Return a manifest as TOML; JSON strings, numbers and arrays are TOML ones."""
    values = {name: getattr(manifest, name) for name in Manifest.__slots__}
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())

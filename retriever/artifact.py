"""The format of an index version on disk: its files, its manifest, and the checks on opening it.

A version is a folder. Nothing in it changes after it was written, and its name is a checksum of its content: the same
handbooks and the same encoder always give the same version.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from corpus.editions import EditionDates
from corpus.errors import IndexDamaged, IndexTooNew, IndexTooOld
from corpus.handbook import Structure, Visibility
from corpus.manifest import file_sha256

FORMAT_VERSION: Final = 4
MANIFEST_NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileNames:
    """Names of the files and folders of a version."""

    handbooks: str = "handbooks.bin"
    sections: str = "sections.json"
    fingerprints: str = "section_fingerprints.npy"
    passages: str = "passages.npy"
    passage_ids: str = "passage_ids.npy"
    wordings: str = "wordings.npy"
    wording_texts: str = "wordings.bin"
    normalised_wordings: str = "normalised_wordings.bin"
    passage_vectors: str = "passages.faiss"
    wording_vectors: str = "wordings.faiss"
    passage_terms: str = "passages.bm25"
    wording_terms: str = "wordings.bm25"
    classifiers: str = "classifiers"
    sounds: str = "sounds.json"


FILES: Final = FileNames()


# Stands for "no section answers this" where a section id is expected.
CURATED_WORDINGS: Final = 1.5
NO_SECTION: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to ask a question: its heading, a similar question, or a negative question that nothing answers.

    Attributes:
        handbook_id: The handbook.
        section_id: The section that answers it; NO_SECTION for a negative question.
        text: The words as written.
        is_heading: True for the heading itself.
    """

    handbook_id: str
    section_id: str
    text: str
    is_heading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarities:
    """How cosine similarities of one index and encoder are spread when texts have nothing to do with each other.

    Encoders differ in what they call similar; a similarity is only comparable after subtracting `mean` and dividing by
    `standard_deviation`.
    """

    mean: float
    standard_deviation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookEntry:
    """What the manifest says of one handbook, so that a list of thousands needs none of them.

    `question_count` counts what a reader looks up: numbered questions, pairs, articles or chapters. The other fields
    are those of `Handbook`, and how many passages and wordings are searched.
    """

    handbook_id: str
    title: str
    edition: str
    publisher: str
    date: str
    structure: Structure
    effective_from: str
    effective_to: str
    replaces: str
    visibility: Visibility
    warnings: tuple[str, ...]
    text_sha256: str
    question_count: int
    passage_count: int
    wording_count: int

    @property
    def is_curated(self) -> bool:
        """Whether somebody wrote down how people ask: CURATED_WORDINGS a question or more, its heading among them."""
        return self.wording_count >= CURATED_WORDINGS * max(self.question_count, 1)

    @property
    def dates(self) -> EditionDates:
        """What decides whether this edition counts."""
        return EditionDates(self.handbook_id, self.effective_from, self.effective_to, self.replaces)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionManifest:
    """The manifest of a version.

    Attributes:
        format_version: Of the format described by this module.
        version: Name of the folder: "v" and 16 hexadecimal digits.
        encoder_id: The encoder whose vectors these are.
        dimension: Length of a vector.
        handbooks: In the order of their rows.
        passage_background: Spread of similarities between wordings and passages of other questions.
        wording_background: Spread of similarities between wordings of different questions.
        file_sha256: Checksum of each file, by its path in the folder.
    """

    format_version: int
    version: str
    encoder_id: str
    dimension: int
    handbooks: tuple[HandbookEntry, ...]
    passage_background: Similarities
    wording_background: Similarities
    file_sha256: dict[str, str]


MANIFEST = TypeAdapter(VersionManifest)
ENTRY = TypeAdapter(HandbookEntry)


def entry_of(fields: dict[str, Any]) -> HandbookEntry:
    """Return the entry with some fields; raises ValidationError when one is missing or wrong."""
    return ENTRY.validate_python(fields)


def file_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by relative path, the manifest left out."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST_NAME)
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in paths}


def named(manifest: VersionManifest) -> VersionManifest:
    """Return the manifest with the version name that follows from everything else in it."""
    content = MANIFEST.dump_json(replace(manifest, version=""))
    return replace(manifest, version="v" + hashlib.sha256(content).hexdigest()[:16])


def read_manifest(folder: Path) -> VersionManifest:
    """Return the manifest of a version folder.

    Raises:
        IndexTooNew: If a later program wrote it.
        IndexTooOld: If an earlier program wrote it.
        IndexDamaged: If it is missing or cannot be parsed.
    """
    try:
        content = (folder / MANIFEST_NAME).read_bytes()
        format_version = json.loads(content)["format_version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"索引 {folder.name} 的清单缺失或无法读取，请运行 wengong index 重建。") from error
    if isinstance(format_version, int) and format_version > FORMAT_VERSION:
        raise IndexTooNew(
            f"索引 {folder.name} 的格式是第 {format_version} 版，本程序只认到第 {FORMAT_VERSION} 版：请升级程序。"
        )
    if isinstance(format_version, int) and format_version < FORMAT_VERSION:
        raise IndexTooOld(f"索引 {folder.name} 的格式是第 {format_version} 版，已经过时，请运行 wengong index 重建。")
    try:
        return MANIFEST.validate_json(content)
    except ValidationError as error:
        raise IndexDamaged(f"索引 {folder.name} 的清单内容不对，请运行 wengong index 重建。") from error


def verify_files(folder: Path, manifest: VersionManifest) -> None:
    """Return when every file of a version is there and unchanged, and none is there besides.

    Raises:
        IndexDamaged: Otherwise, naming the files.
    """
    try:
        actual = file_checksums(folder)
    except OSError as error:
        raise IndexDamaged(
            f"索引 {folder.name} 有文件无法读取（{error.strerror}），请运行 wengong index 重建。"
        ) from error
    expected = manifest.file_sha256
    wrong = sorted(name for name in expected.keys() | actual.keys() if expected.get(name) != actual.get(name))
    if wrong:
        raise IndexDamaged(f"索引 {folder.name} 的文件与清单不符：{'、'.join(wrong)}。请运行 wengong index 重建。")
    if named(manifest) != manifest:
        raise IndexDamaged(f"索引 {folder.name} 的清单被改动过，请运行 wengong index 重建。")

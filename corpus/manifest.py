"""The manifest of a handbook folder: what the handbook is, and the checksum that its source must have."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from corpus.errors import CorpusChanged, ManifestInvalid
from corpus.handbook import Structure, Visibility

MANIFEST_NAME = "manifest.toml"
MAX_ID_CHARACTERS = 64
HANDBOOK_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OPTIONAL_TEXTS = ("structure", "effective_from", "effective_to", "replaces")
DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_READ_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The fields of `manifest.toml`.

    Attributes:
        id: The handbook id: lower-case letters, digits and hyphens, at most 64 characters.
        title: As printed on the cover.
        edition: What tells this edition from others.
        publisher: Who answers for the text.
        date: When it appeared.
        source_file: Name of the source file in the folder.
        source_sha256: Checksum of that file, 64 hexadecimal digits.
        expected_question_count: How many numbered questions print has.
        origin: Where the text comes from.
        terms: Under which terms it may be shown.
        starter_questions: Questions a chat page may offer to begin with.
        structure: What its sections are; "" to see by the evidence of the text.
        effective_from: First day on which it is in force, as far as known; "" when nobody said.
        effective_to: Last such day.
        replaces: Id of the handbook that it is a newer edition of.
        visibility: Who is answered from it.
    """

    id: str
    title: str
    edition: str
    publisher: str
    date: str
    source_file: str
    source_sha256: str
    expected_question_count: int
    origin: str
    terms: str
    starter_questions: tuple[str, ...] = ()
    structure: Structure | Literal[""] = ""
    effective_from: str = ""
    effective_to: str = ""
    replaces: str = ""
    visibility: Visibility = "public"


def load_manifest(folder: Path) -> Manifest:
    """Return the manifest of a handbook folder.

    Raises:
        ManifestInvalid: If it is missing, not TOML, lacks a field, has one too many, or a field is of a wrong kind.
    """
    path = folder / MANIFEST_NAME
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestInvalid(f"{folder} 里没有 {MANIFEST_NAME}，它不是手册文件夹。") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestInvalid(f"{path} 无法读取（{error}）。") from error
    return _checked(table, path)


def _checked(table: dict[str, Any], path: Path) -> Manifest:
    table = {"starter_questions": [], **dict.fromkeys(OPTIONAL_TEXTS, ""), "visibility": "public", **table}
    for field in fields(Manifest):
        kind = {"expected_question_count": int, "starter_questions": list}.get(field.name, str)
        if type(table.get(field.name)) is not kind:  # not isinstance: TOML's true is no count
            raise ManifestInvalid(f"{path}：字段 {field.name} 缺失或类型不对（应为 {kind.__name__}）。")
    if not all(isinstance(question, str) for question in table["starter_questions"]):
        raise ManifestInvalid(f"{path}：starter_questions 的每一项都应是字符串。")
    unknown = set(table) - {field.name for field in fields(Manifest)}
    if unknown:
        raise ManifestInvalid(f"{path}：不认识的字段 {'、'.join(sorted(unknown))}。")
    manifest = Manifest(**{**table, "starter_questions": tuple(table["starter_questions"])})
    _check_choices(manifest, path)
    if not HANDBOOK_ID.fullmatch(manifest.id) or len(manifest.id) > MAX_ID_CHARACTERS:
        raise ManifestInvalid(
            f"{path}：id “{manifest.id}”只能用小写字母、数字和连字符，且不超过 {MAX_ID_CHARACTERS} 个字符。"
        )
    if Path(manifest.source_file).name != manifest.source_file:
        raise ManifestInvalid(f"{path}：source_file 只能是本文件夹里的文件名，不能带路径。")
    if manifest.expected_question_count < 1:
        raise ManifestInvalid(f"{path}：expected_question_count 应至少为 1。")
    return manifest


def _check_choices(manifest: Manifest, path: Path) -> None:
    if manifest.structure not in {"", *get_args(Structure)}:
        raise ManifestInvalid(f"{path}：structure 只能是 {'、'.join(get_args(Structure))}，或空着让程序识别。")
    if manifest.visibility not in get_args(Visibility):
        raise ManifestInvalid(f"{path}：visibility 只能是 {'、'.join(get_args(Visibility))}。")
    for name in ("effective_from", "effective_to"):
        if not is_date(getattr(manifest, name)):
            raise ManifestInvalid(f"{path}：{name} 应形如 2024-05-01、2024-05 或 2024，不知道就空着。")
    if manifest.replaces and (not HANDBOOK_ID.fullmatch(manifest.replaces) or manifest.replaces == manifest.id):
        raise ManifestInvalid(f"{path}：replaces 应是另一本手册的编号。")


def is_date(words: str) -> bool:
    """Return whether words are a day, a month or a year of the calendar, or ""."""
    match = DATE.fullmatch(words)
    if match is None:
        return not words
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits, reading it block by block."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def verify_source(folder: Path, manifest: Manifest) -> Path:
    """Return the path of the source file after comparing its checksum with the manifest's.

    Raises:
        ManifestInvalid: If the file is missing.
        CorpusChanged: If its checksum differs.
    """
    path = folder / manifest.source_file
    if not path.is_file():
        raise ManifestInvalid(f"{folder} 里没有清单所说的原文 {manifest.source_file}。")
    actual = file_sha256(path)
    if actual != manifest.source_sha256:
        raise CorpusChanged(
            f"{path} 的校验和是 {actual[:12]}…，清单里是 {manifest.source_sha256[:12]}…："
            "原文被改动过。请恢复原文，或确认新版后更新 manifest.toml 的 source_sha256。"
        )
    return path

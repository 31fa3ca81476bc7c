"""The draft: every handbook as staff have edited it, from which the next version is built.

A handbook's own folder is never written. One that was edited is copied, and the approved changes are made in the copy.
"""

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock

from console.places import Places
from console.state import ConsoleState
from console.state.wordings import Wording
from corpus.dictionary import DICTIONARY_NAME
from corpus.errata import ERRATA_NAME
from corpus.manifest import MANIFEST_NAME, load_manifest
from corpus.similar_questions import (
    NEGATIVE_QUESTIONS_NAME,
    SIMILAR_QUESTIONS_NAME,
    load_negative_questions,
    load_section_wordings,
    write_similar_questions,
)

Row = TypeVar("Row")
STARTERS: Final = "starter_questions"
DOCUMENT_FILES: Final = {"errata": ERRATA_NAME, "dictionary": DICTIONARY_NAME}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the next version is built from.

    Attributes:
        folders: One a handbook.
        wording_ids: The approved changes of wordings in them.
        documents: Checksums of the edited texts in them, by "handbook/name".
    """

    folders: tuple[Path, ...]
    wording_ids: frozenset[int]
    documents: dict[str, str]


def write_draft(places: Places, state: ConsoleState) -> Draft:
    """Return the draft after writing a copy of every handbook that was edited.

    Raises:
        ManifestInvalid: If a handbook's own files are wrong, or two have the same id.
        StateUnavailable: If the changes cannot be read.
    """
    from ingest.handbook import handbook_folders

    approved = state.wordings.approved()
    folders: list[Path] = []
    ids: set[int] = set()
    documents: dict[str, str] = {}
    places.draft.mkdir(parents=True, exist_ok=True)
    with FileLock(places.data / ".draft.lock"):
        for folder in handbook_folders(places.shipped, places.handbooks):
            wordings = [wording for wording in approved if wording.handbook_id == folder.name]
            texts = state.documents.of(folder.name)
            folders.append(_edited(folder, places.draft, wordings, texts) if wordings or texts else folder)
            ids |= {wording.id for wording in wordings}
            documents |= {f"{folder.name}/{name}": checksum(text) for name, text in texts.items()}
    return Draft(folders=tuple(folders), wording_ids=frozenset(ids), documents=documents)


def edited_wordings(folder: Path, changes: list[Wording]) -> tuple[tuple[str, str], ...]:
    """Return the (section id, wording) rows of a handbook folder after some changes; each once."""
    rows = dict.fromkeys(load_section_wordings(folder))
    for change in changes:
        if change.section_id:
            _apply(rows, (change.section_id, change.wording), change)
    return tuple(rows)


def edited_negatives(folder: Path, changes: list[Wording]) -> tuple[str, ...]:
    """Return the negative questions of a handbook folder after some changes; each once."""
    rows = dict.fromkeys(load_negative_questions(folder))
    for change in changes:
        if not change.section_id:
            _apply(rows, change.wording, change)
    return tuple(rows)


def checksum(text: str) -> str:
    """Return what two texts share only when they are the same."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _apply(rows: dict[Row, None], row: Row, change: Wording) -> None:
    if change.change == "add":
        rows[row] = None
    else:
        rows.pop(row, None)


def _edited(folder: Path, draft_folder: Path, wordings: list[Wording], texts: dict[str, str]) -> Path:
    """Return the copy of a handbook folder with its changes; it appears whole or not at all."""
    destination = draft_folder / folder.name
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=draft_folder) as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy)
        copy.chmod(0o755)
        _write_wordings(copy, wordings)
        _write_texts(copy, texts)
        shutil.rmtree(destination, ignore_errors=True)
        copy.rename(destination)
    return destination


def _write_wordings(copy: Path, wordings: list[Wording]) -> None:
    similar, negative = edited_wordings(copy, wordings), edited_negatives(copy, wordings)
    (copy / SIMILAR_QUESTIONS_NAME).unlink(missing_ok=True)
    write_similar_questions(copy, similar)
    lines = (json.dumps({"q": wording}, ensure_ascii=False) + "\n" for wording in negative)
    (copy / NEGATIVE_QUESTIONS_NAME).write_text("".join(lines), encoding="utf-8")


def _write_texts(copy: Path, texts: dict[str, str]) -> None:
    for name, file_name in DOCUMENT_FILES.items():
        if name in texts:
            (copy / file_name).write_text(texts[name], encoding="utf-8")
    if STARTERS in texts:
        from ingest.add import manifest_toml

        manifest = load_manifest(copy)
        starters = tuple(line.strip() for line in texts[STARTERS].splitlines() if line.strip())
        (copy / MANIFEST_NAME).write_text(manifest_toml(replace(manifest, starter_questions=starters)), "utf-8")

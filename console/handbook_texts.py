"""What staff edit beside a handbook's own text: errata, dictionary and starter questions, a line each."""

import json
import tempfile
from pathlib import Path
from typing import Final

from console.draft import DOCUMENT_FILES, STARTERS
from console.errors import UploadInvalid
from corpus.dictionary import DICTIONARY_NAME, load_dictionary
from corpus.errata import ERRATA_NAME, load_errata
from corpus.errors import ManifestInvalid
from corpus.manifest import load_manifest

NAMES: Final = {"errata": "勘误", "dictionary": "同义词", STARTERS: "开头的推荐问题"}
HINTS: Final = {
    "errata": "一行一处：包含错字的一句原文 | 印作 | 应作。引用时仍按原书，另加注明。",
    "dictionary": "一行一组意思相同的词，用顿号隔开，如：农民工、进城务工人员。",
    STARTERS: "一行一个，显示在聊天页面开头。",
}
MAX_TEXT_CHARACTERS: Final = 20_000
MAX_STARTERS: Final = 8


def lines_of(name: str, folder: Path, handbook_text: str, edited: dict[str, str]) -> str:
    """Return a text as staff edit it: as last saved, or else as it stands in the handbook's folder.

    Raises:
        ManifestInvalid: If the folder's file is wrong.
    """
    if name == STARTERS:
        return edited.get(name, "\n".join(load_manifest(folder).starter_questions))
    with tempfile.TemporaryDirectory() as temporary:
        place = folder
        if name in edited:
            place = Path(temporary)
            (place / DOCUMENT_FILES[name]).write_text(edited[name], encoding="utf-8")
        if name == "dictionary":
            return "\n".join("、".join(group) for group in load_dictionary(place))
        lines = []
        for one in load_errata(place / ERRATA_NAME, handbook_text):
            context = _context(handbook_text, one.start, one.end)
            lines.append(f"{context} | {one.printed} | {one.corrected}")
        return "\n".join(lines)


def text_of(name: str, lines: str, handbook_text: str) -> str:
    """Return what is kept of the lines that somebody typed, after it was found to fit the handbook.

    Raises:
        UploadInvalid: If a line has another form, or does not fit the handbook's text.
    """
    rows = [line.strip() for line in lines.splitlines() if line.strip()]
    if len(lines) > MAX_TEXT_CHARACTERS:
        raise UploadInvalid(f"内容太长，最多 {MAX_TEXT_CHARACTERS} 个字。")
    if name == STARTERS:
        if len(rows) > MAX_STARTERS:
            raise UploadInvalid(f"推荐问题最多 {MAX_STARTERS} 个。")
        return "\n".join(rows)
    text = _dictionary(rows) if name == "dictionary" else _errata(rows)
    _check(name, text, handbook_text)
    return text


def _dictionary(rows: list[str]) -> str:
    groups = [[word.strip() for word in row.replace(",", "、").replace("，", "、").split("、")] for row in rows]
    return f"groups = {json.dumps(groups, ensure_ascii=False)}\n"


def _errata(rows: list[str]) -> str:
    tables = []
    for row in rows:
        cells = [cell.strip() for cell in row.replace("｜", "|").split("|")]
        if len(cells) != len(("context", "printed", "corrected")):
            raise UploadInvalid(f"勘误每行应有三段，用 | 隔开：“{row[:60]}”。")
        fields = zip(("context", "printed", "corrected"), cells, strict=True)
        # A JSON string is a TOML string.
        tables.append(
            "\n".join(["[[erratum]]", *(f"{key} = {json.dumps(cell, ensure_ascii=False)}" for key, cell in fields)])
        )
    return "\n".join(tables) + "\n"


def _check(name: str, text: str, handbook_text: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / DOCUMENT_FILES[name]).write_text(text, encoding="utf-8")
        try:
            if name == "dictionary":
                load_dictionary(folder)
            else:
                load_errata(folder / ERRATA_NAME, handbook_text)
        except ManifestInvalid as error:
            # Its message names a file that is gone by now.
            message = error.message.replace(str(folder / ERRATA_NAME), "勘误").replace(
                str(folder / DICTIONARY_NAME), "同义词"
            )
            raise UploadInvalid(message) from error


def _context(text: str, start: int, end: int) -> str:
    """Return words around a place that stand in the text only once, and hold what is printed there only once."""
    for width in range(4, 80, 4):
        context = text[max(0, start - width) : end + width].strip().replace("\n", " ")
        if text.count(context) == 1 and context.count(text[start:end]) == 1:
            return context
    return text[start:end]

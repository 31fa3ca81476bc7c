"""Curated wordings: similar questions (相似问) of a numbered question, and negative questions (反例问) of none."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import ManifestInvalid

SIMILAR_QUESTIONS_NAME = "similar_questions.jsonl"
NEGATIVE_QUESTIONS_NAME = "negative_questions.jsonl"


def load_similar_questions(folder: Path) -> tuple[tuple[int, str], ...]:
    """Return (question number, wording) rows of a handbook folder, in file order; empty when it has no such file.

    A row is `{"n": question number, "q": wording}`. Exact repetitions of a row are dropped, and so are rows of sections
    without a number.

    Raises:
        ManifestInvalid: If a line is not such a row, naming the line, or the file is not UTF-8.
    """
    return tuple((question, wording) for question, wording in _wordings(folder) if isinstance(question, int))


def load_section_wordings(folder: Path) -> tuple[tuple[str, str], ...]:
    """Return (section id, wording) rows as `load_similar_questions` does, with those of sections without a number.

    Such a row is `{"s": section id, "q": wording}`.
    """
    return tuple(
        (f"q{question}" if isinstance(question, int) else question, wording) for question, wording in _wordings(folder)
    )


def _wordings(folder: Path) -> dict[tuple[int | str, str], None]:
    path = folder / SIMILAR_QUESTIONS_NAME
    rows: dict[tuple[int | str, str], None] = {}
    for line_number, row in _rows(path):
        is_numbered = row.keys() == {"n", "q"} and type(row["n"]) is int
        is_named = row.keys() == {"s", "q"} and type(row["s"]) is str
        if not (is_numbered or is_named) or not _is_wording(row["q"]):
            raise ManifestInvalid(f'{path} 第 {line_number} 行应形如 {{"n": 38, "q": "怎么提升学历"}}。')
        rows[row["n" if is_numbered else "s"], row["q"].strip()] = None
    return rows


def load_negative_questions(folder: Path) -> tuple[str, ...]:
    """Return questions that look as if the handbook answered them and it does not, in file order, each once.

    A row is `{"q": wording}`; a missing file gives none.

    Raises:
        ManifestInvalid: If a line is not such a row, naming the line, or the file is not UTF-8.
    """
    path = folder / NEGATIVE_QUESTIONS_NAME
    wordings: dict[str, None] = {}
    for line_number, row in _rows(path):
        if row.keys() != {"q"} or not _is_wording(row["q"]):
            raise ManifestInvalid(f'{path} 第 {line_number} 行应形如 {{"q": "技师补贴一个月多少钱"}}。')
        wordings[row["q"].strip()] = None
    return tuple(wordings)


def write_similar_questions(folder: Path, rows: Iterable[tuple[str, str]]) -> None:
    """Write (section id, wording) rows; a folder without any has no such file."""
    lines = [json.dumps(_row(section_id, wording), ensure_ascii=False) for section_id, wording in rows]
    if lines:
        (folder / SIMILAR_QUESTIONS_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(section_id: str, wording: str) -> dict[str, int | str]:
    number = section_id.removeprefix("q")
    return {"n": int(number), "q": wording} if number.isdecimal() else {"s": section_id, "q": wording}


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number, from 1, and the object of each line that is not blank."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    except UnicodeDecodeError as error:
        raise ManifestInvalid(f"{path} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    for line_number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ManifestInvalid(f"{path} 第 {line_number} 行不是有效的 JSON：{line[:60]}") from error
        yield line_number, row if isinstance(row, dict) else {}


def _is_wording(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())

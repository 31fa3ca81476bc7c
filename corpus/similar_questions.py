"""Curated wordings: similar questions (相似问) of a numbered question, and negative questions (反例问) of none."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.errors import ManifestInvalid

SIMILAR_QUESTIONS_NAME = "similar_questions.jsonl"
NEGATIVE_QUESTIONS_NAME = "negative_questions.jsonl"


def load_similar_questions(folder: Path) -> tuple[tuple[int, str], ...]:
    """Return (question number, wording) rows of a handbook folder, in file order; empty when it has no such file.

    A row is `{"n": question number, "q": wording}`. Exact repetitions of a row are dropped.

    Raises:
        ManifestInvalid: If a line is not such a row, naming the line, or the file is not UTF-8.
    """
    path = folder / SIMILAR_QUESTIONS_NAME
    rows: dict[tuple[int, str], None] = {}
    for line_number, row in _rows(path):
        if row.keys() != {"n", "q"} or type(row["n"]) is not int or not _is_wording(row["q"]):
            raise ManifestInvalid(f'{path} 第 {line_number} 行应形如 {{"n": 38, "q": "怎么提升学历"}}。')
        rows[row["n"], row["q"].strip()] = None
    return tuple(rows)


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

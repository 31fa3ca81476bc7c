"""Similar questions (相似问): other wordings that people use for a numbered question."""

import json
from pathlib import Path

from corpus.errors import ManifestInvalid

SIMILAR_QUESTIONS_NAME = "similar_questions.jsonl"


def load_similar_questions(folder: Path) -> tuple[tuple[int, str], ...]:
    """Return (question number, wording) rows of a handbook folder, in file order; empty when it has no such file.

    A row is `{"n": question number, "q": wording}`. Exact repetitions of a row are dropped.

    Raises:
        ManifestInvalid: If a line is not such a row, naming the line.
    """
    path = folder / SIMILAR_QUESTIONS_NAME
    if not path.exists():
        return ()
    rows: dict[tuple[int, str], None] = {}
    for line_number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            raise ManifestInvalid(
                f'{path} 第 {line_number} 行应形如 {{"n": 38, "q": "怎么提升学历"}}，实际是：{line[:60]}'
            )
        rows[row] = None
    return tuple(rows)


def _row(line: str) -> tuple[int, str] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    is_row = isinstance(row, dict) and row.keys() == {"n", "q"} and type(row["n"]) is int and isinstance(row["q"], str)
    return (row["n"], row["q"].strip()) if is_row and row["q"].strip() else None

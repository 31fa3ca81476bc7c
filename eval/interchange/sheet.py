"""Spreadsheets that union staff keep: one question a row, in CSV or XLSX, with Chinese headers.

The columns 问题 and 应否回答 are needed; 问号, 类别, 前文, 证据 and 备注 may be left out. 问号 holds question numbers,
such as 38, 第38问 or “38、39”; 前文 earlier questions, one a line; 证据 slices of the handbook, one a line.
"""

import csv
import io
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from eval.dataset import ANSWERS, IN_SCOPE, STORED_ROW, UNANSWERABLE, StoredRow, row_id

QUESTION: Final = "问题"
NUMBERS: Final = "问号"
CATEGORY: Final = "类别"
ANSWERABLE: Final = "应否回答"
HISTORY: Final = "前文"
EVIDENCE: Final = "证据"
NOTE: Final = "备注"
NEEDED: Final = (QUESTION, ANSWERABLE)
COLUMNS: Final = (QUESTION, NUMBERS, CATEGORY, ANSWERABLE, HISTORY, EVIDENCE, NOTE)
YES: Final = {"是", "应", "应答", "应回答", "能", "1", "true", "yes", "y"}
NO: Final = {"否", "不", "不应", "不应答", "不应回答", "不能", "0", "false", "no", "n"}
MAX_BYTES: Final = 20 * 1024 * 1024
# Longer than any question number, and short enough for int().
_NUMBER = re.compile(r"\d{1,9}")
_SEPARATORS = re.compile(r"[\s、，,;；/和第问题]+")
# What the libraries raise over files that are broken somewhere inside; XML parsers raise kinds of SyntaxError.
_UNREADABLE: Final = (
    OSError,
    BadZipFile,
    zlib.error,
    EOFError,
    SyntaxError,
    InvalidFileException,
    csv.Error,
    LookupError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with a cell; rows count from 1 with the header."""

    row_number: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A spreadsheet that was read.

    Attributes:
        rows: The rows without a problem, in order.
        problems: All problems, in order; a row with one is not among `rows`.
    """

    rows: tuple[StoredRow, ...]
    problems: tuple[SheetProblem, ...]


def read_sheet(path: Path, handbook: Handbook) -> Sheet:
    """Return the questions of a spreadsheet about a handbook; blank rows are passed over.

    Raises:
        DatasetInvalid: If the file cannot be read, or a needed column is missing.
    """
    header, *lines = _cells(path) or [[]]
    columns = {name.strip(): place for place, name in enumerate(header)}
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise DatasetInvalid(f"{path} 的第一行缺少列：{'、'.join(missing)}。可用的列：{'、'.join(COLUMNS)}。")
    rows: list[StoredRow] = []
    problems: list[SheetProblem] = []
    seen: dict[str, int] = {}
    for row_number, line in enumerate(lines, start=2):
        cells = {name: line[place].strip() if place < len(line) else "" for name, place in columns.items()}
        if not any(cells.values()):
            continue
        row, wrong = _row(cells, handbook)
        first = seen.setdefault(row.row_id, row_number)
        if first != row_number:
            wrong.append((QUESTION, f"与第 {first} 行重复"))
        problems += [SheetProblem(row_number, column, message) for column, message in wrong]
        if not wrong:
            rows.append(row)
    return Sheet(rows=tuple(rows), problems=tuple(problems))


def write_rows(path: Path, rows: Iterable[StoredRow]) -> None:
    """Write rows as a data set's `rows.jsonl`; the folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(STORED_ROW.dump_json(row, exclude_defaults=True) + b"\n" for row in rows))


def _row(cells: dict[str, str], handbook: Handbook) -> tuple[StoredRow, list[tuple[str, str]]]:
    """Return the row of some cells, and what is wrong with it as (column, message)."""
    wrong: list[tuple[str, str]] = []
    question = cells[QUESTION]
    if not question:
        wrong.append((QUESTION, "是空的"))
    is_answerable = cells[ANSWERABLE].lower() in YES
    if cells[ANSWERABLE].lower() not in YES | NO:
        wrong.append((ANSWERABLE, f"应填“是”或“否”，不是“{cells[ANSWERABLE]}”"))
    numbers, refused = _numbers(cells.get(NUMBERS, ""), handbook)
    if refused:
        wrong.append((NUMBERS, refused))
    elif is_answerable != bool(numbers):
        wrong.append((NUMBERS, "应回答的题要写是第几问" if is_answerable else "不应回答的题不能有问号"))
    category = _category(cells.get(CATEGORY, ""), is_answerable=is_answerable)
    if category is None:
        names = (IN_SCOPE if is_answerable else UNANSWERABLE).values()
        wrong.append((CATEGORY, f"没有“{cells[CATEGORY]}”这一类，可用：{'、'.join(names)}"))
    evidence = tuple(line.strip() for line in cells.get(EVIDENCE, "").splitlines() if line.strip())
    wrong += [(EVIDENCE, f"手册里没有“{slice_[:20]}”这段原文") for slice_ in evidence if slice_ not in handbook.text]
    history = tuple(line.strip() for line in cells.get(HISTORY, "").splitlines() if line.strip())
    row = StoredRow(
        row_id=row_id(question, history),
        category=category or "",
        question=question,
        history=history,
        handbook_id=handbook.handbook_id,
        answers=dict.fromkeys(numbers, ANSWERS),
        evidence=evidence,
        note=cells.get(NOTE, ""),
    )
    return row, wrong


def _numbers(text: str, handbook: Handbook) -> tuple[tuple[int, ...], str]:
    """Return the question numbers of a cell, and what is wrong with it or ""."""
    parts = [part for part in _SEPARATORS.split(text) if part]
    # A spreadsheet program makes 38 a number with decimals.
    parts = [part.removesuffix(".0") for part in parts]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        return (), f"应是问号，如 38 或 38、39，不是“{text}”"
    numbers = tuple(int(part) for part in parts)
    known = {section.number for section in handbook.questions}
    unknown = [str(number) for number in numbers if number not in known]
    return (numbers, f"手册没有第 {'、'.join(unknown)} 问") if unknown else (numbers, "")


def _category(text: str, *, is_answerable: bool) -> str | None:
    names = IN_SCOPE if is_answerable else UNANSWERABLE
    if not text:
        return next(iter(names))
    return next((category for category, name in names.items() if text in {category, name}), None)


def _cells(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DatasetInvalid(f"{path} 超过 {MAX_BYTES // 1024 // 1024} MB，请分成几份。")
        return _xlsx_cells(path) if path.suffix.lower() == ".xlsx" else _csv_cells(path.read_bytes())
    except _UNREADABLE as error:
        raise DatasetInvalid(f"{path} 无法读取，应是 CSV（UTF-8 或 GB18030）或 XLSX 表格。") from error


def _xlsx_cells(path: Path) -> list[list[str]]:
    workbook = load_workbook(path, read_only=True, data_only=True)
    try:
        rows: Iterable[Sequence[object]] = workbook.worksheets[0].iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    finally:
        workbook.close()


def _csv_cells(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    return list(csv.reader(io.StringIO(text, newline="")))

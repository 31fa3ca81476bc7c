"""Sheets as rows of text cells: CSV and XLSX, read and written. The only module that imports openpyxl."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from lxml.etree import XMLSyntaxError
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from corpus.errors import UnreadableFile
from ingest.archive import ARCHIVE_DAMAGES, refuse_dangerous_archive
from ingest.read_text import decoded

MAX_ROWS = 20_000
MAX_COLUMNS = 100
DELIMITERS = ",\t;"
BYTE_ORDER_MARK = "\ufeff"
# Spreadsheets run a CSV cell that begins like this as a formula; an apostrophe keeps it text.
# Source: OWASP, "CSV Injection".
FORMULA_START = re.compile(r"'*[=+\-@\t\r]")
ILLEGAL_IN_XLSX = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
DAMAGES = (
    *ARCHIVE_DAMAGES,
    InvalidFileException,
    XMLSyntaxError,
    SyntaxError,
    TypeError,
    AttributeError,
    ArithmeticError,
)


def read_cells(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file or of the first sheet of an XLSX file, each cell as text, blank ones "".

    Raises:
        UnreadableFile: If it is damaged, protected, dangerous, or larger than any sheet of questions.
    """
    rows = _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"{path}：超过 {MAX_ROWS} 行，请分成几个文件。")
    return rows


def _read_csv(path: Path) -> list[list[str]]:
    text = decoded(path, path.read_bytes()).removeprefix(BYTE_ORDER_MARK)
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(f"{path}：不是完整的 CSV 表格（引号没有配对，或单元格太长），请重新导出。") from error
    return [[cell.removeprefix("'") if FORMULA_START.match(cell) else cell for cell in row] for row in rows]


def _read_xlsx(path: Path) -> list[list[str]]:
    refuse_dangerous_archive(path, "Excel 文件", ".xlsx")
    try:
        # A formula gives the value that was last computed; nothing is computed or fetched here.
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
        cells = [[_as_text(value) for value in row] for row in rows]
        book.close()
    except DAMAGES as error:
        raise UnreadableFile(f"{path}：Excel 文件已损坏或不完整，请在 Excel 里打开后另存一份。") from error
    while cells and not any(cells[-1]):
        cells.pop()
    return cells


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").replace("\r\n", "\n")


def write_cells(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows to a CSV (UTF-8 with mark, so that spreadsheets read it) or XLSX file, every cell as text."""
    if path.suffix.lower() == ".xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("FAQ")
        for row in rows:
            cells = [WriteOnlyCell(sheet, ILLEGAL_IN_XLSX.sub("", cell)) for cell in row]
            for cell in cells:
                cell.data_type = "s"
            sheet.append(cells)
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file)
        writer.writerows([["'" + cell if FORMULA_START.match(cell) else cell for cell in row] for row in rows])

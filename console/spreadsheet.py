"""Tables for spreadsheets: CSV that opens in Chinese, and in which no cell is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from fastapi.responses import Response

FORMULA_MARKS: Final = ("=", "+", "-", "@", "\t", "\r")
# A spreadsheet program takes a file without it for one in the country's old encoding.
BYTE_ORDER_MARK: Final = "\ufeff"


def csv_response(file_name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """Return rows as a file to save."""
    text = io.StringIO()
    csv.writer(text).writerows([_safe(cell) for cell in row] for row in rows)
    return Response(
        (BYTE_ORDER_MARK + text.getvalue()).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"},
    )


def read_csv(text: str) -> list[list[str]]:
    """Return the rows of a table that was pasted or uploaded: separated by commas or tabs, blank rows left out."""
    text = text.removeprefix(BYTE_ORDER_MARK)
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _safe(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_MARKS) else cell

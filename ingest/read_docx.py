"""Word files (.docx): paragraphs, visible automatic numbers, tables and footnotes in reading order."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import docx
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from corpus.errors import UnreadableFile
from ingest.archive import ARCHIVE_DAMAGES, refuse_dangerous_archive
from ingest.document import Document
from ingest.docx_footnotes import Footnotes
from ingest.docx_numbering import AutomaticNumbers, styles_of

# What zipfile, lxml and python-docx raise, without a common root, on a file that is damaged inside.
DAMAGES = (*ARCHIVE_DAMAGES, XMLSyntaxError, PythonDocxError, OpcError, TypeError, AttributeError)
# Inserted words of a tracked change are read, deleted and moved-away ones are not; nor are boxes and reading aids.
VISIBLE_RUNS = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent or ancestor::w:rt)]"
HEADING_STYLE_PREFIXES = ("Heading ", "heading ", "标题 ", "标题")


def read_docx(path: Path) -> Document:
    """Return the document in a Word file; a table becomes one line a row, its cells joined by tabs.

    A footnote stands behind the paragraph or table that refers to it, on a line of its own that opens with its mark.

    Raises:
        UnreadableFile: If it is protected by a password, truncated, not a Word file, unpacks to too much, or holds
            macros.
    """
    refuse_dangerous_archive(path, "Word 文件", ".docx")
    try:
        word_document = docx.Document(str(path))
        _refuse_entities(path, word_document)
        lines, heading_levels = _lines(word_document)
    except DAMAGES as error:
        raise UnreadableFile(f"{path}：Word 文件已损坏或不完整，请在 Word 里打开后另存一份。") from error
    return Document.from_raw(path, "\n".join(lines), heading_levels)


def _refuse_entities(path: Path, word_document: WordDocument) -> None:
    """Refuse what no word processor writes (ECMA-376 part 2 forbids it): XML that defines entities of its own.

    Nothing was expanded or fetched so far: python-docx parses with `resolve_entities=False`.
    """
    parts = word_document.part.package.iter_parts()
    if any(part.element.getroottree().docinfo.doctype for part in parts if isinstance(part, XmlPart)):
        raise UnreadableFile(f"{path}：文件里有 XML 实体定义，Word 不会这样写，已拒绝。")


def _lines(word_document: WordDocument) -> tuple[list[str], dict[int, int]]:
    marks = _Marks(AutomaticNumbers(word_document), Footnotes(word_document))
    lines: list[str] = []
    heading_levels: dict[int, int] = {}
    for block in word_document.iter_inner_content():
        if isinstance(block, Table):
            lines += "\n".join(_table_lines(block, marks)).split("\n")
        else:
            level = _heading_level(block)
            if level is not None:
                heading_levels[len(lines)] = level
            # A manual line break inside a paragraph is a line of its own, but only the first carries number and style.
            lines += _words(block, marks).split("\n")
        lines += marks.footnotes.take_lines()
    return lines, heading_levels


class _Marks(NamedTuple):
    """What Word prints and does not store as text."""

    numbers: AutomaticNumbers
    footnotes: Footnotes


def _words(paragraph: Paragraph, marks: _Marks) -> str:
    label = marks.numbers.next_label(paragraph)
    runs = paragraph._p.xpath(VISIBLE_RUNS)  # noqa: SLF001 - python-docx reads no tracked changes
    return label + "".join(run.text + marks.footnotes.next_mark(run) for run in runs)


def _table_lines(table: Table, marks: _Marks) -> Iterator[str]:
    for row in table.rows:
        texts = []
        # Not row.cells: that repeats a merged cell for each row and column it spans.
        for element in row._tr.tc_lst:  # noqa: SLF001 - as above
            if element.vMerge == "continue":
                continue
            words = [
                "\n".join(_table_lines(block, marks)) if isinstance(block, Table) else _words(block, marks)
                for block in _Cell(element, table).iter_inner_content()
            ]
            texts.append(" ".join(word for word in words if word.strip()))
        yield "\t".join(texts)


def _heading_level(paragraph: Paragraph) -> int | None:
    for style in styles_of(paragraph):
        name = str(style.name or "")
        for prefix in HEADING_STYLE_PREFIXES:
            digits = name.removeprefix(prefix).strip()
            if name.startswith(prefix) and digits.isdecimal():
                return int(digits)
    return None

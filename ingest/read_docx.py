"""Word files (.docx): paragraphs, visible automatic numbers and tables in reading order."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError
from docx.opc.part import XmlPart
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import XMLSyntaxError

from corpus.errors import UnreadableFile
from ingest.document import Document
from ingest.docx_numbering import AutomaticNumbers, styles_of

# Word's own files compress about tenfold; a member beyond these limits is a bomb, not a booklet.
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_COMPRESSION_RATIO = 200
MAX_MEMBERS = 5_000
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What zipfile, lxml and python-docx raise, without a common root, on a file that is damaged inside.
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    XMLSyntaxError,
    PythonDocxError,
    OpcError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
)
# Inserted words of a tracked change are read, deleted and moved-away ones are not; nor are boxes and reading aids.
VISIBLE_RUNS = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent or ancestor::w:rt)]"
HEADING_STYLE_PREFIXES = ("Heading ", "heading ", "标题 ", "标题")


def read_docx(path: Path) -> Document:
    """Return the document in a Word file; a table becomes one line a row, its cells joined by tabs.

    Raises:
        UnreadableFile: If it is protected by a password, truncated, not a Word file, or unpacks to too much.
    """
    _refuse_dangerous_archive(path)
    try:
        word_document = docx.Document(str(path))
        _refuse_entities(path, word_document)
        lines, heading_levels = _lines(word_document)
    except DAMAGES as error:
        raise UnreadableFile(f"{path}：Word 文件已损坏或不完整，请在 Word 里打开后另存一份。") from error
    return Document.from_raw(path, "\n".join(lines), heading_levels)


def _refuse_dangerous_archive(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(len(OLE_MARK))
    if start == OLE_MARK:
        raise UnreadableFile(f"{path}：文件有密码保护，或其实是旧的 .doc 格式。请取消密码，另存为 .docx。")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(f"{path}：不是完整的 Word 文件（可能没有下载完）。") from error
    unpacked_bytes = sum(member.file_size for member in members)
    packed_bytes = max(1, sum(member.compress_size for member in members))
    is_bomb = unpacked_bytes > MAX_UNPACKED_BYTES or (
        unpacked_bytes > MAX_UNPACKED_BYTES // 16 and unpacked_bytes / packed_bytes > MAX_COMPRESSION_RATIO
    )
    if is_bomb or len(members) > MAX_MEMBERS:
        raise UnreadableFile(f"{path}：解压后有 {unpacked_bytes // 1_000_000} MB，像是压缩炸弹，已拒绝。")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFile(f"{path}：文件有密码保护，请取消密码后再试。")


def _refuse_entities(path: Path, word_document: WordDocument) -> None:
    """Refuse what no word processor writes (ECMA-376 part 2 forbids it): XML that defines entities of its own.

    Nothing was expanded or fetched so far: python-docx parses with `resolve_entities=False`.
    """
    parts = word_document.part.package.iter_parts()
    if any(part.element.getroottree().docinfo.doctype for part in parts if isinstance(part, XmlPart)):
        raise UnreadableFile(f"{path}：文件里有 XML 实体定义，Word 不会这样写，已拒绝。")


def _lines(word_document: WordDocument) -> tuple[list[str], dict[int, int]]:
    numbers = AutomaticNumbers(word_document)
    lines: list[str] = []
    heading_levels: dict[int, int] = {}
    for block in word_document.iter_inner_content():
        if isinstance(block, Table):
            lines += "\n".join(_table_lines(block, numbers)).split("\n")
            continue
        level = _heading_level(block)
        if level is not None:
            heading_levels[len(lines)] = level
        # A manual line break inside a paragraph is a line of its own, but only the first carries number and style.
        lines += _words(block, numbers).split("\n")
    return lines, heading_levels


def _words(paragraph: Paragraph, numbers: AutomaticNumbers) -> str:
    runs = paragraph._p.xpath(VISIBLE_RUNS)  # noqa: SLF001 - python-docx reads no tracked changes
    return numbers.next_label(paragraph) + "".join(run.text for run in runs)


def _table_lines(table: Table, numbers: AutomaticNumbers) -> Iterator[str]:
    for row in table.rows:
        texts = []
        # Not row.cells: that repeats a merged cell for each row and column it spans.
        for element in row._tr.tc_lst:  # noqa: SLF001 - as above
            if element.vMerge == "continue":
                continue
            words = [
                "\n".join(_table_lines(block, numbers)) if isinstance(block, Table) else _words(block, numbers)
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

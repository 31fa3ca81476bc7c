"""PDF files with a text layer: paragraphs in reading order, each with the page it begins on.

The only module that imports pypdfium2.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from corpus.errors import UnreadableFile
from corpus.text import CONTROL, canonical, is_han
from ingest.document import Document
from ingest.numbering import PART_HEADING, STYLES
from ingest.pdf_layout import Glyph, PrintedLine, page_lines, repeated_edges
from ingest.progress import Progress, silent

MAX_PAGES = 5_000
MAX_CHARACTERS_OF_A_PAGE = 100_000
MIN_CHARACTERS_OF_A_PAGE = 5
MAX_SCANNED_SHARE = 0.5
MAX_UNREADABLE_SHARE = 0.2
# Shares of the type size: how far a full line may end before the margin, and how far a line may be indented and still
# go on with the paragraph before.
RAGGED = 1.6
INDENT = 1.0
LINE_GAP = 1.2
HEADING_SIZE = 1.15
MAX_HEADING_CHARACTERS = 60
NEW_PARAGRAPH = re.compile(r"第[\d一二三四五六七八九十百千零〇]+[条章节编]|[问答]\s*[：:]|[QA]\s*[：:]|【[问答]】")
PRIVATE_USE = re.compile("[\ue000-\uf8ff\ufffd]")


def read_pdf(path: Path, progress: Progress = silent) -> Document:
    """Return the document in a PDF file: running heads and page numbers removed, broken lines joined to paragraphs.

    Raises:
        UnreadableFile: If it is protected by a password, damaged, scanned without a text layer, its text layer is
            unreadable, or it has more pages than any handbook.
    """
    try:
        with pdfium.PdfDocument(path) as pdf:
            if len(pdf) > MAX_PAGES:
                raise UnreadableFile(f"{path}：有 {len(pdf)} 页，超过 {MAX_PAGES} 页的上限，请分册后再收入。")
            pages = list(_pages(path, pdf, progress))
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise UnreadableFile(f"{path}：PDF 有密码保护，请取消密码后再试。") from error
        raise UnreadableFile(f"{path}：PDF 已损坏或不完整，请重新导出或下载。") from error
    return _document(path, pages)


def _pages(path: Path, pdf: pdfium.PdfDocument, progress: Progress) -> Iterator[list[PrintedLine]]:
    scanned = []
    for index in range(len(pdf)):
        page = pdf[index]
        lines = page_lines(_glyphs(path, page))
        if sum(len(line.words) for line in lines) < MIN_CHARACTERS_OF_A_PAGE and _has_picture(page):
            scanned.append(index + 1)
        page.close()
        yield lines
        progress("读 PDF", index + 1, len(pdf))
    if len(scanned) > MAX_SCANNED_SHARE * len(pdf):
        raise UnreadableFile(
            f"{path}：共 {len(pdf)} 页，其中 {len(scanned)} 页只有图片、没有文字，像是扫描件。"
            "请先做文字识别（OCR）并核对，再收入识别后的文件。"
        )


def _glyphs(path: Path, page: pdfium.PdfPage) -> Iterator[Glyph]:
    text_page = page.get_textpage()
    count = text_page.count_chars()
    if count > MAX_CHARACTERS_OF_A_PAGE:
        raise UnreadableFile(f"{path}：有一页写了 {count} 个字，不像印出来的书页，已拒绝。")
    for index in range(count):
        character = chr(pdfium_c.FPDFText_GetUnicode(text_page.raw, index))
        if character in "\r\n\ufffe\x02" or "\ud800" <= character <= "\udfff":
            continue
        size = pdfium_c.FPDFText_GetFontSize(text_page.raw, index)
        left, bottom, right, top = text_page.get_charbox(index, loose=True)
        # A size may be scaled by the page; the box is what is printed.
        yield Glyph(character, left, bottom, right, top, min(size, top - bottom) if top > bottom else size)
    text_page.close()


def _has_picture(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE]))


def _document(path: Path, pages: list[list[PrintedLine]]) -> Document:
    words = "".join(line.words for lines in pages for line in lines)
    if not words.strip():
        raise UnreadableFile(f"{path}：PDF 里没有文字，可能是扫描件。请先做文字识别（OCR），再收入识别后的文件。")
    if len(PRIVATE_USE.findall(words)) + len(CONTROL.findall(words)) > MAX_UNREADABLE_SHARE * len(words):
        raise UnreadableFile(f"{path}：PDF 的文字层是乱码（字体没有对照表），请从原稿重新导出。")
    edges = repeated_edges(pages)
    kept = [
        (page_index, line)
        for page_index, lines in enumerate(pages)
        for line_index, line in enumerate(lines)
        if (page_index, line_index) not in edges
    ]
    sizes = Counter[float]()
    for _, line in kept:
        sizes[round(line.size)] += len(line.words)
    return _assembled(path, kept, sizes.most_common(1)[0][0], len(edges))


def _assembled(path: Path, kept: list[tuple[int, PrintedLine]], body_size: float, edge_count: int) -> Document:
    pieces: list[str] = []
    levels: dict[int, float] = {}
    page_starts: dict[int, int] = {}
    length, line_count, before = 0, 0, None
    for page_index, line in kept:
        words = canonical(CONTROL.sub("", line.words))
        separator = "" if before is None else _separator(before, line, is_new_page=before[0] != page_index)
        line_count += separator == "\n"
        length += len(separator)
        page_starts.setdefault(page_index, length)
        if line.size >= HEADING_SIZE * body_size and len(words) <= MAX_HEADING_CHARACTERS and separator in {"", "\n"}:
            levels.setdefault(line_count, round(line.size))
        pieces += [separator, words]
        length += len(words)
        before = (page_index, line)
    ranks = sorted(set(levels.values()), reverse=True)
    document = Document.from_raw(
        path, "".join(pieces), {index: ranks.index(size) + 1 for index, size in levels.items()}
    )
    notes = (f"去掉的页眉、页脚和页码：{edge_count} 行",) if edge_count else ()
    return document.with_pages(_every_page(page_starts, length), notes)


def _every_page(page_starts: dict[int, int], length: int) -> tuple[int, ...]:
    """Return where each page from the first to the last begins; a page without text where the next one does."""
    known = sorted(page_starts)
    return tuple(
        page_starts[known[place]] if (place := bisect_right(known, page - 1)) < len(known) else length
        for page in range(known[-1] + 1)
    )


def _separator(before: tuple[int, PrintedLine], line: PrintedLine, *, is_new_page: bool) -> str:
    """Return what stands between two printed lines: a line end, or what joins one paragraph."""
    above = before[1]
    size = max(above.size, line.size, 1.0)
    is_full = above.right >= above.column[1] - RAGGED * size
    is_indented = line.left > line.column[0] + INDENT * size
    is_apart = not is_new_page and above.bottom > line.bottom and above.bottom - line.top > LINE_GAP * size
    is_other_type = abs(above.size - line.size) > (HEADING_SIZE - 1) * size
    if not is_full or is_indented or is_apart or is_other_type or "\t" in above.words + line.words:
        return "\n"
    if NEW_PARAGRAPH.match(line.words) or PART_HEADING.match(line.words) or _is_numbered(line.words):
        return "\n"
    return "" if is_han(above.words[-1]) or is_han(line.words[0]) or not _is_latin(above, line) else " "


def _is_numbered(words: str) -> bool:
    return any(pattern.match(words) for pattern in STYLES.values())


def _is_latin(above: PrintedLine, line: PrintedLine) -> bool:
    return (
        above.words[-1].isascii() and above.words[-1].isalnum() and line.words[0].isascii() and line.words[0].isalnum()
    )

"""A handbook file on disk to a document: which reader, and what is refused before any reader sees it."""

from collections.abc import Callable
from pathlib import Path

from corpus.errors import UnreadableFile
from ingest.document import Document
from ingest.progress import Progress, silent
from ingest.read_docx import read_docx
from ingest.read_epub import read_epub
from ingest.read_html import read_html
from ingest.read_markdown import read_markdown
from ingest.read_pdf import read_pdf
from ingest.read_sheet import read_sheet
from ingest.read_text import read_text

# A booklet is a few hundred kilobytes, a thick law collection a few megabytes; 64 MB is no handbook.
MAX_FILE_BYTES = 64 * 1024 * 1024
Reader = Callable[[Path], Document]
READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".docx": read_docx,
    ".pdf": read_pdf,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".epub": read_epub,
    ".csv": read_sheet,
    ".xlsx": read_sheet,
}


def read(path: Path, progress: Progress = silent) -> Document:
    """Return the document in a file of one of the kinds in READERS.

    Raises:
        UnreadableFile: If the file is missing, empty, too large, of another kind, or its reader refuses it.
        SheetInvalid: If it is a sheet of questions and answers with wrong rows.
    """
    _refuse_by_size(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(
            f"{path}：只能读 {'、'.join(READERS)} 文件；旧的 .doc、.xls 和带宏的 .docm、.xlsm 请另存为 .docx、.xlsx。"
        )
    try:
        document = read_pdf(path, progress) if reader is read_pdf else reader(path)
    except OSError as error:
        raise UnreadableFile(f"{path}：无法读取（{error.strerror or '文件已损坏'}）。") from error
    if not document.text.strip():
        raise UnreadableFile(f"{path}：文件里没有文字。")
    return document


def _refuse_by_size(path: Path) -> None:
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path}：这是一个文件夹，请给出其中的手册文件。")
        size_bytes = path.stat().st_size
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path}：没有这个文件。") from error
    except OSError as error:
        raise UnreadableFile(f"{path}：无法打开（{error.strerror or '文件已损坏'}）。") from error
    if size_bytes == 0:
        raise UnreadableFile(f"{path}：文件是空的。")
    if size_bytes > MAX_FILE_BYTES:
        raise UnreadableFile(
            f"{path}：文件有 {size_bytes // 1_000_000} MB，超过 {MAX_FILE_BYTES // 1_000_000} MB 的上限，不像一本手册。"
        )

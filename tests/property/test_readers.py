"""Files that were broken on their way: every reader gives a document or an expected error, and nothing else."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from chat_api.wechat.xml_message import parse_message
from corpus.errors import WengongError
from ingest.document import Document
from ingest.faq_sheet import load_faq
from ingest.read import read

LINES = ["1. 年休假有几天？", "职工累计工作满一年的，年休假5天。", "2. 加班费怎么算？", "按百分之一百五十支付。"]
MESSAGE = (
    b"<xml><ToUserName><![CDATA[a]]></ToUserName><FromUserName>b</FromUserName>"
    b"<MsgType>text</MsgType><Content><![CDATA[\xe5\xb7\xa5\xe4\xbc\x9a]]></Content></xml>"
)


def word() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for line in LINES:
        document.add_paragraph(line, style="List Number" if line[0].isdigit() else None)
    document.add_table(2, 2).cell(0, 0).text = "表"
    document.save(file)
    return file.getvalue()


def sheet() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["standard_question", "answers", "similar_questions"])
    book.active.append(["年休假有几天？", "5天。", "年假几天"])
    book.save(file)
    return file.getvalue()


def pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=0)
    for place, line in enumerate(["1. How many days?", "Five days of leave."]):
        canvas.drawString(72, 700 - 20 * place, line)
    canvas.save()
    return file.getvalue()


def book() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="a.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        archive.writestr(
            "a.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
            'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        paragraphs = "".join(f"<p>{line}</p>" for line in LINES)
        archive.writestr("a.xhtml", f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{paragraphs}</body></html>')
    return file.getvalue()


WHOLE: dict[str, Callable[[], bytes]] = {
    "txt": "\n".join(LINES).encode,
    "md": ("# 手册\n\n" + "\n\n".join(LINES) + "\n\n|a|b|\n|-|-|\n|1|2|\n").encode,
    "html": ("<html><body>" + "".join(f"<p>{line}</p>" for line in LINES) + "</body></html>").encode,
    "csv": "standard_question,answers\n年休假有几天？,5天。\n".encode,
    "docx": word,
    "xlsx": sheet,
    "pdf": pdf,
    "epub": book,
}
# Where, as a share of the file; what is put there; how much is taken away.
Change = tuple[float, bytes, int]
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, changes: list[Change]) -> bytes:
    """A file with some bytes taken out and others put in."""
    for place, added, removed in changes:
        at = int(place * len(content))
        content = content[:at] + added + content[at + removed :]
    return content


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"file.{kind}"
    path.write_bytes(WHOLE[kind]())
    assert "days" in read(path).text if kind == "pdf" else "年休假" in read(path).text


@pytest.mark.parametrize("kind", WHOLE)
@given(changes=CHANGES)
@example(changes=[(0.8125, b"", 6), (0.81640625, b"\x00\x00\x00 " + b"\x00" * 8, 6)])  # a way of packing nobody knows
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_file_is_read_or_refused(kind: str, changes: list[Change], tmp_path: Path) -> None:
    path = tmp_path / f"file.{kind}"
    path.write_bytes(changed(WHOLE[kind](), changes))
    try:
        assert isinstance(read(path), Document)
        if kind in {"csv", "xlsx"}:
            load_faq(path)
    except WengongError as error:
        assert error.message  # noqa: PT017 - either outcome is right


@given(changes=CHANGES)
@settings(max_examples=300, deadline=None)
def test_a_broken_message_is_read_or_refused(changes: list[Change]) -> None:
    try:
        assert isinstance(parse_message(changed(MESSAGE, changes)), dict)
    except WengongError as error:
        assert error.message  # noqa: PT017 - either outcome is right

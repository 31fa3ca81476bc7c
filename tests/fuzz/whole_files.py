"""A small whole file of every kind that can be read, and a message of an official account, to be broken by tests."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
from reportlab.pdfgen.canvas import Canvas

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

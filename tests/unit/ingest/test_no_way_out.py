"""A handbook that points to other machines and other files: nothing there is asked for, nothing there is read."""

import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.request import urlopen

import docx
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableFile
from ingest.read import read
from tests.unit.ingest.test_read_epub import chapter
from tests.unit.ingest.test_read_epub import write as write_epub

HIDDEN = "不该读到的话"
TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
WORDS = "一、会费怎么交？ 按月交。"


class Listener:
    """A web server that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(HIDDEN.encode())

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    listening = Listener()
    thread = Thread(target=listening.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


def html_page(remote: str, local: str) -> str:
    return f"""<!DOCTYPE html SYSTEM "{remote}/page.dtd"><html><head><base href="{remote}/">
<link rel="stylesheet" href="{remote}/a.css"><script src="{remote}/a.js"></script>
<meta http-equiv="refresh" content="0;url={remote}/next"></head>
<body background="{remote}/b.png"><p>{WORDS}</p><img src="{remote}/a.png"><img src="{local}">
<iframe src="{local}"></iframe><object data="{local}"></object><embed src="{remote}/e"><video src="{remote}/v"></video>
<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{remote}/s"/><use xlink:href="{local}"/></svg>
</body></html>"""


def write_html(folder: Path, remote: str, local: str) -> Path:
    path = folder / "book.html"
    path.write_text(html_page(remote, local), encoding="utf-8")
    return path


def write_markdown(folder: Path, remote: str, local: str) -> Path:
    path = folder / "book.md"
    words = f'# 会费\n\n{WORDS}\n\n![图]({remote}/a.png) ![]({local}) [链接]({remote})\n\n<img src="{remote}/b.png">\n'
    path.write_text(words, encoding="utf-8")
    return path


def write_book(folder: Path, remote: str, local: str) -> Path:
    outside = f'<?xml-stylesheet href="{remote}/x.css"?><p>{WORDS}</p><img src="{remote}/p.png"/><img src="{local}"/>'
    return write_epub(folder, **{"OEBPS/text/one 1.xhtml": chapter(outside)})


def write_word(folder: Path, remote: str, local: str) -> Path:
    path, document = folder / "book.docx", docx.Document()
    document.add_paragraph(WORDS)
    for kind in (TEMPLATE, RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.HYPERLINK):
        document.part.relate_to(f"{remote}/outside", kind, is_external=True)
        document.part.relate_to(local, kind, is_external=True)
    document.save(str(path))
    return path


def write_sheet(folder: Path, remote: str, local: str) -> Path:
    path, book = folder / "book.xlsx", openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["问题", "答案"])
    book.active.append(["会费怎么交？", "按月交。"])
    book.active.append(["会籍怎么转？", "到新单位转。"])
    book.active["B2"].hyperlink = f"{remote}/link"
    other = book.create_sheet("另一页")
    other.append([f'=WEBSERVICE("{remote}/cell")', f"='{local}'!A1"])
    book.save(path)
    return path


def write_pdf(folder: Path, remote: str, local: str) -> Path:
    path = folder / "book.pdf"
    canvas = Canvas(str(path))
    for line in range(20):
        canvas.drawString(72, 700 - 20 * line, f"{line + 1}. How are dues paid? They are paid every month of the year.")
    canvas.linkURL(f"{remote}/uri", (0, 0, 500, 500))
    canvas.linkURL(local, (0, 0, 500, 500))
    canvas.save()
    return path


def write_csv(folder: Path, remote: str, local: str) -> Path:
    path = folder / "book.csv"
    path.write_text(
        f'问题,答案\n会费怎么交？,按月交。\n会籍怎么转？,"=WEBSERVICE(""{remote}{local}"")"\n', encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(
    "write", [write_html, write_markdown, write_book, write_word, write_sheet, write_pdf, write_csv]
)
def test_nothing_is_fetched_and_no_other_file_is_read(
    tmp_path: Path, listener: Listener, write: Callable[[Path, str, str], Path]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(HIDDEN, encoding="utf-8")
    text = read(write(tmp_path, listener.address, secret.as_uri())).text
    assert "dues" in text or "按月交" in text
    assert HIDDEN not in text
    assert listener.asked == []
    with urlopen(f"{listener.address}/here") as answer:
        assert answer.read().decode() == HIDDEN
    assert listener.asked == ["/here"]


@pytest.mark.parametrize("place", ["word/document.xml", "word/styles.xml", "docProps/core.xml"])
def test_an_entity_of_another_machine_is_refused_unasked(tmp_path: Path, listener: Listener, place: str) -> None:
    path = write_word(tmp_path, listener.address, "file:///etc/passwd")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    entity = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{listener.address}/entity">]>'.encode()
    members[place] = members[place].replace(b"?>", b"?>" + entity, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableFile):
        read(path)
    assert listener.asked == []

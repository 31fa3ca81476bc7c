import zipfile
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from ingest.read_epub import read_epub

CONTAINER = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one%201.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/></spine></package>"""
ENCRYPTION = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData
xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="{}"/></EncryptedData></encryption>"""


def chapter(words: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{words}</body></html>'
    )


def write(folder: Path, **changed: str | None) -> Path:
    """An e-book of two chapters; None leaves a member out."""
    members: dict[str, str | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/nav.xhtml": chapter("<nav><li>目录</li></nav>目录页"),
        "OEBPS/text/one 1.xhtml": chapter("<h1>一、会费怎么交？</h1><p>按月交。</p>"),
        "OEBPS/text/two.xhtml": chapter("<h1>二、会籍怎么转？</h1><p>到新单位转。</p>"),
        **changed,
    }
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_epub(path)
    return refused.value.message


def test_chapters_are_read_in_the_order_of_the_spine_without_the_contents(tmp_path: Path) -> None:
    document = read_epub(write(tmp_path))
    assert document.text == "一、会费怎么交？\n按月交。\n二、会籍怎么转？\n到新单位转。"
    assert document.heading_levels == {0: 1, 2: 1}


def test_scrambled_fonts_do_no_harm_and_scrambled_chapters_are_refused(tmp_path: Path) -> None:
    fonts = ENCRYPTION.format("http://www.idpf.org/2008/embedding")
    assert read_epub(write(tmp_path, **{"META-INF/encryption.xml": fonts})).text
    chapters = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    assert "版权保护" in refusal(write(tmp_path, **{"META-INF/encryption.xml": chapters}))


@pytest.mark.parametrize("href", ["../../../etc/passwd", "/etc/passwd", "http://example.com/x.xhtml"])
def test_a_chapter_outside_the_book_is_refused(tmp_path: Path, href: str) -> None:
    package = PACKAGE.replace("text/two.xhtml", href)
    assert "指向书外" in refusal(write(tmp_path, **{"OEBPS/book.opf": package}))


def test_a_member_outside_the_archive_is_refused(tmp_path: Path) -> None:
    assert "指向外面" in refusal(write(tmp_path, **{"../../outside.xhtml": "x"}))


@pytest.mark.parametrize("name", ["META-INF/container.xml", "OEBPS/book.opf", "OEBPS/text/two.xhtml"])
def test_a_book_with_a_part_missing_is_refused(tmp_path: Path, name: str) -> None:
    assert "损坏或不完整" in refusal(write(tmp_path, **{name: None}))


def test_a_package_that_defines_entities_is_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;">]>' + PACKAGE
    assert "XML 实体定义" in refusal(write(tmp_path, **{"OEBPS/book.opf": laughs}))


def test_a_bomb_and_a_text_file_are_refused(tmp_path: Path) -> None:
    assert "压缩炸弹" in refusal(write(tmp_path, **{"OEBPS/text/two.xhtml": " " * 60_000_000}))
    (tmp_path / "book.epub").write_text("一、会费怎么交？", encoding="utf-8")
    assert "不是完整的 EPUB" in refusal(tmp_path / "book.epub")

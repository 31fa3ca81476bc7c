"""Word files that are damaged, protected or made to do harm."""

import random
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import nsdecls

from corpus.errors import UnreadableFile
from ingest.archive import MAX_MEMBERS, OLE_MARK
from ingest.read_docx import read_docx


def with_part(folder: Path, name: str, change: Callable[[str], str]) -> Path:
    """Return a Word file of two paragraphs one of whose parts was changed."""
    word_document = docx.Document()
    word_document.add_paragraph("一、工会是什么？")
    word_document.add_paragraph("工会是职工的组织。")
    whole = folder / "whole.docx"
    word_document.save(str(whole))
    changed = folder / "changed.docx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        assert name in source.namelist()
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, change(content.decode()).encode() if member == name else content)
    return changed


def refusal(path: Path) -> str:
    """Return why a file is refused, after checking that it is one line that names the file, and comes at once."""
    started = time.perf_counter()
    with pytest.raises(UnreadableFile) as refused:
        read_docx(path)
    assert time.perf_counter() - started < 5
    assert refused.value.message.startswith(f"{path}：")
    assert "\n" not in refused.value.message
    return refused.value.message


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "不是完整的 Word 文件" in refusal(path)


def test_a_password_protected_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.docx"
    path.write_bytes(OLE_MARK + b"\0" * 1_000)
    assert "密码保护" in refusal(path)


def test_an_archive_with_encrypted_members_is_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    content = bytearray(path.read_bytes())
    for entry in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[entry.start() + 8] |= 1
    path.write_bytes(content)
    assert "密码保护" in refusal(path)


@pytest.mark.parametrize("members", [{"readme.txt": "你好"}, {}], ids=["some files", "nothing"])
def test_an_archive_that_is_no_word_file_is_refused(tmp_path: Path, members: dict[str, str]) -> None:
    path = tmp_path / "book.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert "Word 文件已损坏" in refusal(path)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"hello", "一、工会？".encode()], ids=["zip start", "ascii", "text"]
)
def test_a_file_that_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "book.docx"
    path.write_bytes(content)
    assert "不是完整的 Word 文件" in refusal(path)


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "book.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    assert path.stat().st_size < 100_000
    assert "解压后有 60 MB，像是压缩炸弹" in refusal(path)


@pytest.mark.parametrize(
    "picture",
    [random.Random(2).randbytes(20_000_000), bytes(15_000_000)],
    ids=["20 MB that hardly compress", "15 MB that compress well"],
)
def test_a_file_with_large_pictures_is_no_bomb(tmp_path: Path, picture: bytes) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/picture.bin", picture)
    assert read_docx(path).text == "一、工会是什么？\n工会是职工的组织。"


def test_an_archive_that_claims_to_hold_gigabytes_is_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    content = bytearray(path.read_bytes())
    for entry in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[entry.start() + 24 : entry.start() + 28] = (1_000_000_000).to_bytes(4, "little")
    path.write_bytes(content)
    assert "像是压缩炸弹" in refusal(path)


def test_an_archive_of_too_many_members_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for count in range(MAX_MEMBERS + 1):
            archive.writestr(f"{count}.xml", "")
    assert "像是压缩炸弹" in refusal(path)


def test_damaged_compressed_bytes_are_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("word/document.xml").header_offset + 60
    content = bytearray(path.read_bytes())
    content[start : start + 40] = bytes(byte ^ 0x5A for byte in content[start : start + 40])
    path.write_bytes(content)
    assert "Word 文件已损坏" in refusal(path)


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = with_part(tmp_path, "word/document.xml", str)
    content = bytearray(path.read_bytes())
    for entry in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[entry.start() + 10] = 9
    path.write_bytes(content)
    assert "Word 文件已损坏" in refusal(path)


LAUGHS = (
    '<!DOCTYPE w:document [<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY a{step} "{f"&a{step - 1};" * 10}">' for step in range(1, 12))
    + "]>"
)


def with_entities(declaration: str, old: str, new: str) -> Callable[[str], str]:
    def change(xml: str) -> str:
        head, root, body = xml.partition("<w:document")
        return head + declaration + root + body.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("old", "new"), [("工会", "&a11;"), ("<w:p>", '<w:p w:rsidR="&a11;">')], ids=["in the words", "in an attribute"]
)
def test_a_billion_laughs_are_refused_at_once(tmp_path: Path, old: str, new: str) -> None:
    refusal(with_part(tmp_path, "word/document.xml", with_entities(LAUGHS, old, new)))


def test_an_external_entity_is_refused_and_its_file_stays_unread(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    declaration = f'<!DOCTYPE w:document [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    message = refusal(with_part(tmp_path, "word/document.xml", with_entities(declaration, "工会", "&secret;")))
    assert "XML 实体定义" in message
    assert "秘密" not in message


def test_an_external_document_type_is_refused(tmp_path: Path) -> None:
    declaration = '<!DOCTYPE w:document SYSTEM "http://127.0.0.1:9/never.dtd">'
    message = refusal(with_part(tmp_path, "word/document.xml", with_entities(declaration, "", "")))
    assert "XML 实体定义" in message


def test_entities_in_the_styles_are_refused_too(tmp_path: Path) -> None:
    def change(xml: str) -> str:
        return xml.replace("<w:styles", '<!DOCTYPE w:styles [<!ENTITY name "x">]><w:styles', 1)

    assert "XML 实体定义" in refusal(with_part(tmp_path, "word/styles.xml", change))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/document.xml", ""),
        ("word/document.xml", "hello"),
        ("word/document.xml", "<a/>"),
        ("word/document.xml", f"<w:document {nsdecls('w')}/>"),
        ("word/numbering.xml", f"<w:numbering {nsdecls('w')}><w:abstractNum><w:lvl/></w:abstractNum></w:numbering>"),
        ("_rels/.rels", "<a/>"),
        ("[Content_Types].xml", "<a/>"),
    ],
    ids=["empty", "no xml", "other xml", "no body", "numbering", "relations", "content types"],
)
def test_a_part_of_other_content_is_refused(tmp_path: Path, part: str, content: str) -> None:
    assert "Word 文件已损坏" in refusal(with_part(tmp_path, part, lambda _: content))


def test_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    def change(types: str) -> str:
        return types.replace("wordprocessingml.document.main", "spreadsheetml.sheet.main")

    assert "Word 文件已损坏" in refusal(with_part(tmp_path, "[Content_Types].xml", change))


# What is strange inside and must not hang


TABLE = "<w:tbl><w:tblGrid/>{}</w:tbl>"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc></w:tr>', [""]),
        ("<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 1_500, [""] * 1_500),
    ],
    ids=["a cell over two billion columns", "a merged cell of 1,500 rows without a first"],
)
def test_absurd_tables_are_read_without_delay(tmp_path: Path, rows: str, expected: list[str]) -> None:
    path = with_part(tmp_path, "word/document.xml", lambda xml: xml.replace("<w:p>", TABLE.format(rows) + "<w:p>", 1))
    assert read_docx(path).text.split("\n") == [*expected, "一、工会是什么？", "工会是职工的组织。"]


@pytest.mark.timeout(20)
def test_styles_based_on_each_other_in_a_circle_end_where_it_closes(tmp_path: Path) -> None:
    def change(xml: str) -> str:
        normal = r'(w:styleId="Normal">\s*<w:name [^>]*/>)'
        changed, count = re.subn(normal, r'\1<w:basedOn w:val="Normal"/>', xml)
        assert count == 1
        return changed

    path = with_part(tmp_path, "word/styles.xml", change)
    assert read_docx(path).text == "一、工会是什么？\n工会是职工的组织。"

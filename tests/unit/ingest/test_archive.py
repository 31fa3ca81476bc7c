import zipfile
from pathlib import Path

import docx
import pytest

from corpus.errors import UnreadableFile
from ingest.archive import is_outside
from ingest.read_docx import read_docx


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "..\\x", "C:\\x", "C:/x"])
def test_names_that_lead_out(name: str) -> None:
    assert is_outside(name)


@pytest.mark.parametrize("name", ["word/document.xml", "a..b/c", "目录/一.xml"])
def test_names_that_do_not(name: str) -> None:
    assert not is_outside(name)


@pytest.mark.parametrize(
    ("member", "reason"),
    [("word/vbaProject.bin", "宏程序"), ("../../evil.xml", "指向外面"), ("/root/evil", "指向外面")],
)
def test_a_word_file_with_macros_or_a_way_out_is_refused(tmp_path: Path, member: str, reason: str) -> None:
    path = tmp_path / "book.docx"
    word_document = docx.Document()
    word_document.add_paragraph("一、工会是什么？")
    word_document.save(str(path))
    assert read_docx(path).text
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(member, b"x")
    with pytest.raises(UnreadableFile, match=reason):
        read_docx(path)

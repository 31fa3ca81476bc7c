import os
from pathlib import Path

import docx
import pytest

from corpus.errors import UnreadableFile
from ingest.read import MAX_FILE_BYTES, read

TEXT = "一、工会是什么？\n工会是职工自愿结合的群众组织。"


def refusal(path: Path) -> str:
    """Return why a file is refused, after checking that it is one line that names the file."""
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    assert refused.value.message.startswith(f"{path}：")
    assert "\n" not in refused.value.message
    return refused.value.message


def test_the_suffix_chooses_the_reader_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "book.TXT").write_text(TEXT, encoding="utf-8")
    word_document = docx.Document()
    for line in TEXT.split("\n"):
        word_document.add_paragraph(line)
    word_document.save(str(tmp_path / "book.Docx"))
    assert read(tmp_path / "book.TXT").text == read(tmp_path / "book.Docx").text == TEXT


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "没有这个文件" in refusal(tmp_path / "book.txt")


def test_a_folder_is_refused_as_one(tmp_path: Path) -> None:
    (tmp_path / "book.txt").mkdir()
    assert "文件夹" in refusal(tmp_path / "book.txt")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.txt").touch()
    assert "文件是空的" in refusal(tmp_path / "book.txt")


@pytest.mark.parametrize(
    "blank", [" \r\n\u3000\t", "\ufeff", "[bookmark: _Toc1]\n"], ids=["spaces", "mark", "bookmark"]
)
def test_a_file_without_words_is_refused(tmp_path: Path, blank: str) -> None:
    (tmp_path / "book.txt").write_text(blank, encoding="utf-8", newline="")
    assert "没有文字" in refusal(tmp_path / "book.txt")


def test_a_word_file_without_words_is_refused(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "book.docx"))
    assert "没有文字" in refusal(tmp_path / "book.docx")


@pytest.mark.parametrize("name", ["book.doc", "book.docm", "book", "book.txt.zip"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert "只能读 .txt、.md、.docx、.pdf、" in refusal(tmp_path / name)


def test_a_file_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.touch()
    os.truncate(path, 200_000_000)  # sparse: takes no room on disk
    assert "文件有 200 MB，超过 67 MB 的上限" in refusal(path)


def test_a_file_one_byte_over_the_limit_is_refused_and_one_at_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "book.docx"
    path.touch()
    os.truncate(path, MAX_FILE_BYTES + 1)
    assert "的上限" in refusal(path)
    os.truncate(path, MAX_FILE_BYTES)
    assert "不是完整的 Word 文件" in refusal(path)


def test_a_name_too_long_for_the_file_system_is_refused(tmp_path: Path) -> None:
    assert "无法打开" in refusal(tmp_path / ("长" * 200 + ".txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    assert "无法读取（Permission denied）" in refusal(path)

import random
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from ingest.read_text import read_text

TEXT = "一、工会是什么？\n工会是职工自愿结合的群众组织，占比\u00a071.1%。\n二、会费怎么交?\n按月交。\n"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "book.txt"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r\n").encode("gb18030"),
        TEXT.replace("\n", "\r").encode("utf-8-sig"),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16 le", "utf-16 be", "crlf", "gb18030 crlf", "cr"],
)
def test_every_usual_encoding_gives_the_same_text(tmp_path: Path, content: bytes) -> None:
    assert read_text(write(tmp_path, content)).text == TEXT


def test_bookmark_marks_are_counted(tmp_path: Path) -> None:
    document = read_text(write(tmp_path, b"[bookmark: _Toc1][bookmark: _Toc2]\xe5\xb7\xa5"))
    assert document.text == "工"
    assert document.bookmark_mark_count == 2


def test_rare_characters_of_gb18030_are_read(tmp_path: Path) -> None:
    text = TEXT * 3 + "𠮷㐂"
    assert read_text(write(tmp_path, text.encode("gb18030"))).text == text


NOISE = random.Random(5).randbytes(20_000)
TRADITIONAL = "第一問、勞動者的權益應當如何維護？工會依法維護職工的合法權益，並協助簽訂勞動合同。" * 20
JAPANESE = "労働組合とは何ですか。働く人たちが自分たちの権利を守るためにつくる団体のことです。" * 20


@pytest.mark.parametrize(
    "content",
    [
        NOISE,
        b"\x00" * 4_000,
        b"\x7fELF" + bytes(range(32)) * 50,
        b"\xff\xfe" + NOISE,
        b"\xff\xfe\x00\x00" + TEXT.encode("utf-32-le"),
        TEXT.encode("utf-16-le"),
        TRADITIONAL.encode("big5"),
        JAPANESE.encode("shift-jis"),
        TEXT.encode() + b"\xff\xff\xff",
        TEXT.encode()[:40] + TEXT.encode()[41:],
    ],
    ids=[
        "noise",
        "zeros",
        "program",
        "noise behind a utf-16 mark",
        "utf-32",
        "utf-16 without mark",
        "big5",
        "shift-jis",
        "utf-8 with a broken end",
        "utf-8 with a lost byte",
    ],
)
def test_what_is_no_text_in_these_encodings_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with pytest.raises(UnreadableFile) as refused:
        read_text(path)
    assert refused.value.message.startswith(f"{path}：不是 UTF-8 或 GB18030 编码的文字")
    assert "\n" not in refused.value.message


def test_traditional_characters_in_utf_8_are_read(tmp_path: Path) -> None:
    assert read_text(write(tmp_path, TRADITIONAL.encode())).text == TRADITIONAL

import time
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from ingest.document import Document
from ingest.read_markdown import read_markdown
from ingest.structure import recognise

PAGE = """# 工会章程解读

## 第一章 会员

**会员**享有[选举权](https://example.com/x)和`被选举权`，
见![图](a.png)。

3. 第三项
4. 第四项

- 无号

| 级别 | 金额 |
|---|---|
| 一级 | 100元 |

## 第二章 会费

每月<b>交</b>。
"""


def read(folder: Path, content: bytes) -> Document:
    path = folder / "page.md"
    path.write_bytes(content)
    return read_markdown(path)


def test_marks_go_and_words_stay(tmp_path: Path) -> None:
    assert read(tmp_path, PAGE.encode()).text.split("\n") == [
        "工会章程解读",
        "第一章 会员",
        "会员享有选举权和被选举权，",
        "见图。",
        "3. 第三项",
        "4. 第四项",
        "无号",
        "级别\t金额",
        "一级\t100元",
        "第二章 会费",
        "每月<b>交</b>。",
    ]


def test_headings_make_chapters_cited_by_their_path(tmp_path: Path) -> None:
    found = recognise(read(tmp_path, PAGE.encode()))
    assert found.structure == "chapters"
    assert [section.label for section in found.sections] == ["工会章程解读 › 第一章 会员", "工会章程解读 › 第二章 会费"]


def test_binary_noise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, bytes(range(256)) * 4)


def test_markup_nested_without_end_is_read_in_a_moment(tmp_path: Path) -> None:
    started = time.perf_counter()
    assert "面上" in read(tmp_path, (">" * 5_000 + " 底\n\n面上" + "[" * 20_000).encode()).text
    assert time.perf_counter() - started < 10

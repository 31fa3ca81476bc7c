from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from ingest.read_html import read_html

PAGE = """<!DOCTYPE html><html><head><title>页签</title><style>p{color:red}</style></head><body>
<nav><a href="/">首页</a></nav><h1>工会问答</h1>
<h2>一、会费怎么交？</h2><p>按<b>月</b>
交。<br>也可以按季。</p>
<ol start="3"><li>第三项</li><li>第四项</li></ol><ul><li>无号</li></ul>
<table><tr><th>级别</th><th>金额</th></tr><tr><td>一级</td><td>100元</td></tr></table>
<p hidden>看不见</p><p style="display: none">也看不见</p><p aria-hidden="true">图标</p><script>alert("x")</script>
<p><ruby>汉<rt>hàn</rt></ruby>字</p></body></html>"""


def read(folder: Path, content: str | bytes) -> list[str]:
    path = folder / "page.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_html(path).text.split("\n")


def test_what_a_reader_sees_is_what_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, PAGE) == [
        "工会问答",
        "一、会费怎么交？",
        "按月 交。",
        "也可以按季。",
        "3. 第三项",
        "4. 第四项",
        "无号",
        "级别\t金额",
        "一级\t100元",
        "汉字",
    ]


def test_headings_have_their_levels(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert read_html(tmp_path / "page.html").heading_levels == {0: 1, 1: 2}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_encodings_that_chinese_pages_use(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "<p>职工会费怎么交？按月交到工会组织。</p>".encode(encoding)) == [
        "职工会费怎么交？按月交到工会组织。"
    ]


def test_a_declared_encoding_counts(tmp_path: Path) -> None:
    content = '<meta charset="gb2312"><p>会费</p>'.encode("gbk")
    assert read(tmp_path, content) == ["会费"]


def test_a_wrongly_declared_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="自称是 gb18030 编码"):
        read(tmp_path, b'<meta charset="gbk"><p>\xff\xff</p>')


def test_elements_nested_beyond_any_page_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"层|没有可读的内容"):
        read(tmp_path, "<div>" * 100_000 + "深" + "</div>" * 100_000)


def test_an_external_entity_is_neither_read_nor_shown(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    content = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><p>甲&x;乙</p>'
    assert "秘密" not in "".join(read(tmp_path, content))


def test_a_page_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(tmp_path, "<!-- -->")

import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from corpus.handbook import Handbook
from ingest.document import Document
from ingest.read_docx import read_docx
from ingest.sections import find_sections


def read_back(word_document: WordDocument, folder: Path) -> Document:
    path = folder / "book.docx"
    word_document.save(str(path))
    return read_docx(path)


def test_each_paragraph_is_a_line_and_so_is_each_manual_line_break(tmp_path: Path) -> None:
    word_document = docx.Document()
    word_document.add_paragraph("一、工会是什么？")
    paragraph = word_document.add_paragraph("工会")
    paragraph.add_run("是组织。").bold = True
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("它维护权益。")
    word_document.add_paragraph("")
    assert read_back(word_document, tmp_path).text == "一、工会是什么？\n工会是组织。\n它维护权益。\n"


def test_heading_styles_mark_their_lines_whatever_stands_before(tmp_path: Path) -> None:
    word_document = docx.Document()
    word_document.add_paragraph("第一行\n第二行")
    cell = word_document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "表格第一行\n表格第二行"
    word_document.add_heading("第一部分 入会", level=1)
    word_document.add_heading("一、工会是什么？", level=2)
    document = read_back(word_document, tmp_path)
    levels = {line.words: line.heading_level for line in document.lines() if line.heading_level is not None}
    assert levels == {"第一部分 入会": 1, "一、工会是什么？": 2}


@pytest.mark.parametrize("name", ["标题 3", "heading 3"])
def test_a_style_based_on_a_heading_is_one_in_any_language(tmp_path: Path, name: str) -> None:
    word_document = docx.Document()
    word_document.styles["Heading 3"].name = name
    own = word_document.styles.add_style("问题样式", 1)
    own.base_style = word_document.styles["Heading 3"] if name == "heading 3" else word_document.styles[name]
    word_document.add_paragraph("一、工会是什么？", style=own)
    assert read_back(word_document, tmp_path).heading_levels == {0: 3}


def test_a_style_that_only_sounds_like_a_heading_is_none(tmp_path: Path) -> None:
    word_document = docx.Document()
    for name in ("标题样式", "Heading Note", "3"):
        word_document.add_paragraph("一、工会是什么？", style=word_document.styles.add_style(name, 1))
    assert read_back(word_document, tmp_path).heading_levels == {}


def test_tables_are_read_in_place_one_line_a_row(tmp_path: Path) -> None:
    word_document = docx.Document()
    word_document.add_paragraph("前面")
    table = word_document.add_table(rows=2, cols=2)
    for place, words in {(0, 0): "等级", (0, 1): "补贴", (1, 0): "高级工", (1, 1): "1500元"}.items():
        table.cell(*place).text = words
    word_document.add_paragraph("后面")
    assert read_back(word_document, tmp_path).text == "前面\n等级\t补贴\n高级工\t1500元\n后面"


def test_merged_cells_are_read_once(tmp_path: Path) -> None:
    word_document = docx.Document()
    table = word_document.add_table(rows=3, cols=3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 2)).text = "职工补贴"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "技能"
    assert read_back(word_document, tmp_path).text == "职工补贴\n技能\t11\t12\n21\t22"


def test_nested_tables_are_read_where_they_stand(tmp_path: Path) -> None:
    word_document = docx.Document()
    outer = word_document.add_table(rows=1, cols=2)
    outer.cell(0, 0).text = "外"
    inner = outer.cell(0, 1).add_table(rows=2, cols=2)
    for row in range(2):
        for column in range(2):
            inner.cell(row, column).text = f"内{row}{column}"
    outer.cell(0, 1).add_paragraph("里面之后")
    assert read_back(word_document, tmp_path).text == "外\t内00\t内01\n内10\t内11 里面之后"


def test_tracked_insertions_and_links_are_read_and_deletions_are_not(tmp_path: Path) -> None:
    word_document = docx.Document()
    paragraph = word_document.add_paragraph("会费")
    pieces = [
        '<w:ins {0} w:id="1" w:author="a"><w:r><w:t>按月</w:t></w:r></w:ins>',
        '<w:del {0} w:id="2" w:author="a"><w:r><w:delText>按年</w:delText></w:r></w:del>',
        '<w:moveFrom {0} w:id="3" w:author="a"><w:r><w:t>移走</w:t></w:r></w:moveFrom>',
        "<w:hyperlink {0}><w:r><w:t>缴纳</w:t></w:r></w:hyperlink>",
        "<w:sdt {0}><w:sdtContent><w:r><w:t>。</w:t></w:r></w:sdtContent></w:sdt>",
        "<w:r {0}><w:pict><w:txbxContent><w:p><w:r><w:t>文本框</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
    ]
    for piece in pieces:
        paragraph._p.append(parse_xml(piece.format(nsdecls("w"))))
    assert read_back(word_document, tmp_path).text == "会费按月缴纳。"


# The shipped handbook as a Word file


def headings(document: Document) -> list[tuple[int | None, str, str | None]]:
    sections, _ = find_sections(document)
    return [(section.number, section.heading, section.part.title if section.part else None) for section in sections]


def test_the_shipped_text_as_plain_paragraphs_gives_the_same_sections(tmp_path: Path, handbook: Handbook) -> None:
    word_document = docx.Document()
    for line in handbook.text.split("\n"):
        word_document.add_paragraph(line)
    document = read_back(word_document, tmp_path)
    assert document.text == handbook.text
    assert find_sections(document)[0] == handbook.sections


def test_the_shipped_text_with_heading_styles_and_automatic_numbers_gives_the_same_headings(
    tmp_path: Path, handbook: Handbook, define_list: Callable[..., int], number: Callable[..., Paragraph]
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("chineseCountingThousand", "%1、", 1, "nothing"))
    inner_id = define_list(word_document, ("decimal", "（%1）"))
    first_lines = {section.start: section for section in handbook.questions}
    start = 0
    for line in handbook.text.split("\n"):
        section = first_lines.get(start + len(line) - len(line.lstrip()))
        if section is not None:
            words = re.sub(r"^[一二三四五六七八九十]+、", "", line.strip())
            number(word_document.add_heading(words, level=2), list_id)
        elif item := re.match(r"[(（]\d[)）](.*)", line):
            number(word_document.add_paragraph(item[1]), inner_id)
        else:
            word_document.add_paragraph(line)
        start += len(line) + 1
    document = read_back(word_document, tmp_path)
    expected = [
        (section.number, section.heading, section.part.title if section.part else None) for section in handbook.sections
    ]
    assert len(document.heading_levels) == 50
    assert headings(document) == expected

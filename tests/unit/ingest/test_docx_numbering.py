from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from ingest.read_docx import read_docx

Numbered = Callable[..., Paragraph]
Define = Callable[..., int]


def lines(word_document: docx.document.Document, folder: Path) -> list[str]:
    word_document.save(str(folder / "book.docx"))
    return read_docx(folder / "book.docx").text.split("\n")


def restarted(word_document: docx.document.Document, list_id: int, start: int) -> int:
    """Return a new list of the same definition that begins anew."""
    numbering = word_document.part.numbering_part.element
    definition_id = numbering.num_having_numId(list_id).abstractNumId.val
    new = numbering.add_num(definition_id)
    new.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(new.numId)


@pytest.mark.parametrize(
    ("number_format", "pattern", "expected"),
    [
        ("chineseCountingThousand", "%1、", ["一、", "二、", "三、"]),
        ("chineseCounting", "第%1问", ["第一问", "第二问", "第三问"]),
        ("decimal", "%1.", ["1.", "2.", "3."]),
        ("decimal", "（%1）", ["（1）", "（2）", "（3）"]),
        ("decimalZero", "Q%1", ["Q01", "Q02", "Q03"]),
        ("decimalEnclosedCircle", "%1", ["①", "②", "③"]),
        ("upperLetter", "%1)", ["A)", "B)", "C)"]),
        ("lowerLetter", "%1)", ["a)", "b)", "c)"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("lowerRoman", "%1.", ["i.", "ii.", "iii."]),
    ],
)
def test_each_number_format_shows_the_label_of_the_page(
    tmp_path: Path, define_list: Define, number: Numbered, number_format: str, pattern: str, expected: list[str]
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, (number_format, pattern, 1, "nothing"))
    for _ in expected:
        number(word_document.add_paragraph("会费"), list_id)
    assert lines(word_document, tmp_path) == [f"{label}会费" for label in expected]


@pytest.mark.parametrize(
    ("number_format", "start", "expected"),
    [
        ("chineseCountingThousand", 99, ["九十九", "一百", "一百零一"]),
        ("decimalEnclosedCircle", 19, ["⑲", "⑳", "21"]),
        ("upperLetter", 25, ["Y", "Z", "AA"]),
        ("upperRoman", 39, ["XXXIX", "XL", "XLI"]),
        ("lowerRoman", 48, ["xlviii", "xlix", "l"]),
        ("decimalZero", 9, ["09", "10", "11"]),
    ],
)
def test_a_list_may_begin_late_and_go_beyond_its_signs(
    tmp_path: Path, define_list: Define, number: Numbered, number_format: str, start: int, expected: list[str]
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, (number_format, "%1", start, "nothing"))
    for _ in expected:
        number(word_document.add_paragraph("，"), list_id)
    assert lines(word_document, tmp_path) == [f"{label}，" for label in expected]


@pytest.mark.parametrize(("suffix", "between"), [("tab", " "), ("space", " "), ("nothing", "")])
def test_what_follows_the_label_keeps_it_apart_from_a_year(
    tmp_path: Path, define_list: Define, number: Numbered, suffix: str, between: str
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("decimal", "%1.", 1, suffix))
    number(word_document.add_paragraph("2022年有什么变化？"), list_id)
    assert lines(word_document, tmp_path) == [f"1.{between}2022年有什么变化？"]


def test_deeper_levels_begin_anew_below_each_item_and_may_show_the_outer_number(
    tmp_path: Path, define_list: Define, number: Numbered
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("decimal", "%1.", 1, "nothing"), ("decimal", "%1.%2 ", 1, "nothing"))
    for depth in (0, 1, 1, 0, 1):
        number(word_document.add_paragraph("项"), list_id, depth)
    assert lines(word_document, tmp_path) == ["1.项", "1.1 项", "1.2 项", "2.项", "2.1 项"]


def test_numbering_goes_on_over_plain_paragraphs_and_other_lists(
    tmp_path: Path, define_list: Define, number: Numbered
) -> None:
    word_document = docx.Document()
    outer = define_list(word_document, ("chineseCountingThousand", "%1、", 1, "nothing"))
    inner = define_list(word_document, ("decimal", "（%1）", 1, "nothing"))
    for words, list_id in [
        ("甲？", outer),
        ("内", inner),
        ("内", inner),
        ("答", None),
        ("乙？", outer),
        ("丙？", outer),
    ]:
        paragraph = word_document.add_paragraph(words)
        if list_id is not None:
            number(paragraph, list_id)
    assert lines(word_document, tmp_path) == ["一、甲？", "（1）内", "（2）内", "答", "二、乙？", "三、丙？"]


def test_a_restart_counts_from_its_own_beginning_and_leaves_the_first_list_alone(
    tmp_path: Path, define_list: Define, number: Numbered
) -> None:
    word_document = docx.Document()
    first = define_list(word_document, ("decimal", "%1.", 1, "nothing"))
    second = restarted(word_document, first, 1)
    third = restarted(word_document, first, 7)
    for list_id in (first, first, second, second, third, first):
        number(word_document.add_paragraph("项"), list_id)
    assert lines(word_document, tmp_path) == ["1.项", "2.项", "1.项", "2.项", "7.项", "3.项"]


def test_lists_of_one_definition_without_a_restart_share_their_count(
    tmp_path: Path, define_list: Define, number: Numbered
) -> None:
    word_document = docx.Document()
    first = define_list(word_document, ("decimal", "%1.", 1, "nothing"))
    numbering = word_document.part.numbering_part.element
    second = int(numbering.add_num(numbering.num_having_numId(first).abstractNumId.val).numId)
    for list_id in (first, second, first):
        number(word_document.add_paragraph("项"), list_id)
    assert lines(word_document, tmp_path) == ["1.项", "2.项", "3.项"]


def test_a_style_gives_its_number_and_list_zero_takes_it_away(
    tmp_path: Path, define_list: Define, number: Numbered
) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("chineseCountingThousand", "%1、", 1, "nothing"))
    numbering = word_document.styles["Heading 2"].element.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = list_id
    word_document.add_heading("甲？", level=2)
    number(word_document.add_heading("不编号", level=2), 0)
    word_document.add_heading("乙？", level=2)
    assert lines(word_document, tmp_path) == ["一、甲？", "不编号", "二、乙？"]


@pytest.mark.parametrize("number_format", ["bullet", "none"])
def test_bullets_are_no_numbers(tmp_path: Path, define_list: Define, number: Numbered, number_format: str) -> None:
    word_document = docx.Document()
    number(word_document.add_paragraph("项"), define_list(word_document, (number_format, "•")))
    assert lines(word_document, tmp_path) == ["项"]


def test_a_list_nobody_defined_has_no_number(tmp_path: Path, number: Numbered) -> None:
    word_document = docx.Document()
    number(word_document.add_paragraph("项"), 4_242)
    assert lines(word_document, tmp_path) == ["项"]


def test_numbers_in_table_cells_count_once_each(tmp_path: Path, define_list: Define, number: Numbered) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("decimal", "%1.", 1, "nothing"))
    table = word_document.add_table(rows=2, cols=2)
    merged = table.cell(0, 0).merge(table.cell(1, 0))
    merged.text = "并"
    number(merged.paragraphs[0], list_id)
    for row in range(2):
        table.cell(row, 1).text = "项"
        number(table.cell(row, 1).paragraphs[0], list_id)
    assert lines(word_document, tmp_path) == ["1.并\t2.项", "3.项"]


def test_a_list_may_override_a_whole_level(tmp_path: Path, define_list: Define, number: Numbered) -> None:
    word_document = docx.Document()
    list_id = define_list(word_document, ("decimal", "%1.", 1, "nothing"))
    numbering = word_document.part.numbering_part.element
    changed = numbering.add_num(numbering.num_having_numId(list_id).abstractNumId.val)
    level = (
        '<w:lvl {} w:ilvl="0"><w:numFmt w:val="chineseCounting"/>'
        '<w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
    )
    changed.add_lvlOverride(ilvl=0).append(parse_xml(level.format(nsdecls("w"))))
    number(word_document.add_paragraph("项"), int(changed.numId))
    assert lines(word_document, tmp_path) == ["一、项"]


def test_a_file_without_numbering_has_no_numbers(tmp_path: Path) -> None:
    word_document = docx.Document()
    relations = word_document.part.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/numbering")]:
        del relations[key]
    word_document.add_paragraph("项")
    assert lines(word_document, tmp_path) == ["项"]

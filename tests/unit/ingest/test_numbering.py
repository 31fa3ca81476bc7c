import pytest

from ingest.document import Line
from ingest.numbering import PART_HEADING, number_mark


def line(words: str) -> Line:
    return Line(start=0, end=len(words), words=words)


@pytest.mark.parametrize(
    ("words", "style", "number", "rest"),
    [
        ("三十八、学历？", "一、", 38, "学历？"),
        (" \u3000四十五、普惠？ ", "一、", 45, "普惠？"),
        ("一百零五.学历", "一、", 105, "学历"),
        ("第38问 学历？", "第N问", 38, "学历？"),
        ("第三十八问：学历？", "第N问", 38, "学历？"),
        ("第 38 题、学历", "第N问", 38, "学历"),
        ("问题12：学历？", "问题N", 12, "学历？"),
        ("问题十二 学历？", "问题N", 12, "学历？"),
        ("Q7. 学历？", "QN", 7, "学历？"),
        ("ｑ７：学历？", "QN", 7, "学历？"),
        ("（一）学历？", "（1）", 1, "学历？"),
        ("(12) 学历？", "（1）", 12, "学历？"),
        ("3)学历", "1）", 3, "学历"),
        ("3）学历", "1）", 3, "学历"),
        ("12.学历？", "1.", 12, "学历？"),
        ("１２、学历？", "1.", 12, "学历？"),
        ("1. 2022年有什么变化？", "1.", 1, "2022年有什么变化？"),
        ("⑩学历", "①", 10, "学历"),
        ("⑳学历", "①", 20, "学历"),
    ],
)
def test_each_style_of_numbering_is_recognised(words: str, style: str, number: int, rest: str) -> None:
    mark = number_mark(line(words), 4)
    assert mark is not None
    assert (mark.line_index, mark.style, mark.number, mark.words) == (4, style, number, rest)


@pytest.mark.parametrize(
    "words",
    [
        "2.5%提高至8%",
        "2022年4月27日",
        "一是加强领导",
        "一线工人",
        "百年大计",
        "第一部分 入会",
        "问题导向",
        "Q",
        "0.零",
        "（）空",
        "（略）",
        "",
        "五一劳动节",
    ],
)
def test_a_line_that_only_begins_with_a_numeral_has_no_number(words: str) -> None:
    assert number_mark(line(words), 0) is None


@pytest.mark.parametrize(
    ("words", "label", "title"),
    [
        ("第五部分  农民工", "第五部分", "农民工"),
        ("第2章：入会", "第2章", "入会"),
        ("第十二篇", "第十二篇", ""),
        ("第 三 部分 权益", "第 三 部分", "权益"),
        ("第四单元、维权", "第四单元", "维权"),
    ],
)
def test_part_headings_are_told_by_their_word(words: str, label: str, title: str) -> None:
    match = PART_HEADING.fullmatch(words)
    assert match is not None
    assert (match[1], match[3]) == (label, title)


def test_a_sentence_that_begins_like_a_part_heading_is_none() -> None:
    assert PART_HEADING.fullmatch("第三部分主要介绍了会员的权利。") is None

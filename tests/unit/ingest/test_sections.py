from pathlib import Path

import pytest

from corpus.handbook import Section
from ingest.document import Document
from ingest.sections import find_sections, without_han_spaces

ANSWER = "职工依法享有这项权利，单位应当按时办理。"


def sections(*lines: str) -> tuple[list[Section], str]:
    document = Document.from_raw(Path("book.txt"), "\n".join(lines))
    return list(find_sections(document)[0]), document.text


def questions(*numbers: str) -> list[str]:
    return [line for number in numbers for line in (f"{number}、第{number}件事怎么办？", ANSWER)]


def answers(section: Section, text: str) -> list[str]:
    return [text[paragraph.start : paragraph.end] for paragraph in section.paragraphs]


def test_a_section_reaches_from_its_heading_to_its_last_paragraph() -> None:
    found, text = sections(
        "\u3000一、会费怎么交？ ", "  按月交。\u3000", "", "（1）现金；", "", "二、会籍怎么转？", ANSWER, ""
    )
    first, second = found
    assert (first.section_id, first.number, first.heading, first.label) == ("q1", 1, "会费怎么交？", "第1问")
    assert text[first.start : first.end] == "一、会费怎么交？ \n  按月交。\u3000\n\n（1）现金；"
    assert answers(first, text) == ["按月交。", "（1）现金；"]
    assert [paragraph.is_list_item for paragraph in first.paragraphs] == [False, True]
    assert answers(second, text) == [ANSWER]
    assert second.end == len(text) - 1


def test_a_document_without_questions_has_no_sections() -> None:
    assert sections("前言", ANSWER)[0] == []


@pytest.mark.parametrize("item", ["（1）会费", "(1)会费", "1.会费", "1、会费", "1）会费", "①会费", "（一）会费"])
def test_inner_numbers_of_every_kind_are_list_items(item: str) -> None:
    found, text = sections(*questions("一"), item, *questions("二", "三"))
    assert answers(found[0], text) == [ANSWER, item]
    assert [paragraph.is_list_item for paragraph in found[0].paragraphs] == [False, True]


def test_a_heading_broken_over_two_lines_is_joined() -> None:
    found, text = sections("一、新就业形态劳动者怎样", "加入工会？", ANSWER, *questions("二"))
    assert found[0].heading == "新就业形态劳动者怎样加入工会？"
    assert answers(found[0], text) == [ANSWER]


def test_an_answer_that_is_a_question_itself_is_not_taken_into_the_heading() -> None:
    found, text = sections("一、会费怎么交？", "怎么交？按月交？", *questions("二"))
    assert found[0].heading == "会费怎么交？"
    assert answers(found[0], text) == ["怎么交？按月交？"]


def test_a_question_without_an_answer_ends_with_its_heading() -> None:
    found, text = sections("一、会费怎么交？  ", *questions("二", "三"))
    assert found[0].paragraphs == ()
    assert text[found[0].start : found[0].end] == "一、会费怎么交？"


def test_parts_hold_the_questions_below_them_and_no_paragraph() -> None:
    found, text = sections("第一部分  入会", *questions("一", "二"), "", "第二部分：维权", "", *questions("三"))
    assert [section.part.display if section.part else None for section in found] == [
        "第一部分 入会",
        "第一部分 入会",
        "第二部分 维权",
    ]
    assert answers(found[1], text) == [ANSWER]


def test_a_part_title_broken_over_lines_is_joined() -> None:
    found, _ = sections(
        "第一部分 入会", *questions("一"), "第二部分 产业工人技能", "素质提升有渠道、", "有资源", "", *questions("二")
    )
    assert found[1].part is not None
    assert found[1].part.title == "产业工人技能素质提升有渠道、有资源"


def test_a_part_title_has_40_characters_at_most() -> None:
    titles = {length: sections("第一部分 " + "工" * length, *questions("一"))[0][0].part for length in (40, 41)}
    assert titles[40] is not None
    assert titles[40].title == "工" * 40
    assert titles[41] is None


def test_a_line_of_more_than_40_characters_does_not_go_on_with_a_part_title() -> None:
    for length, title in ((40, "入会" + "工" * 40), (41, "入会")):
        part = sections("第一部分 入会", "工" * length, *questions("一"))[0][0].part
        assert part is not None
        assert part.title == title


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("第二部分 维权", "第一部分"),
        ("第二章 维权", "第一章"),
        ("第二篇", "第一篇"),
        ("第2章 维权", "第一章"),
        ("第十二章 维权", "第十一章"),
    ],
)
def test_the_part_before_the_first_heading_is_inferred(heading: str, label: str) -> None:
    found, _ = sections(*questions("一", "二"), heading, *questions("三"))
    first = found[0].part
    assert first is not None
    assert (first.label, first.title, first.is_inferred) == (label, "", True)
    assert found[2].part is not None
    assert not found[2].part.is_inferred
    assert first.number == found[2].part.number - 1


def test_nothing_is_inferred_before_a_part_one() -> None:
    found, _ = sections(*questions("一"), "第一部分 维权", *questions("二"))
    assert found[0].part is None


def test_a_handbook_without_parts_has_none() -> None:
    assert all(section.part is None for section in sections(*questions("一", "二", "三"))[0])


def test_foreword_and_afterword_are_sections_without_number_or_part() -> None:
    lines = ["前\u3000言", "编写本书。", "第一部分 入会", *questions("一", "二"), "后 记", "谢谢。", "附录一", "电话。"]
    found, text = sections(*lines)
    assert [(section.section_id, section.heading) for section in found if section.number is None] == [
        ("foreword", "前言"),
        ("afterword", "后记"),
        ("appendix", "附录一"),
    ]
    assert [answers(section, text) for section in found if section.number is None] == [
        ["编写本书。"],
        ["谢谢。"],
        ["电话。"],
    ]
    assert all(section.part is None for section in found if section.number is None)
    assert found[0].label == "前言"


def test_a_foreword_title_between_questions_is_an_ordinary_paragraph() -> None:
    found, text = sections(*questions("一"), "前言", *questions("二"))
    assert [section.section_id for section in found] == ["q1", "q2"]
    assert answers(found[0], text) == [ANSWER, "前言"]


CONTENTS = [
    "目 录",
    "前言{0}",
    "第一章 入会{0}",
    "一、第一件事怎么办？{0}",
    "二、第二件事怎么办？{0}",
    "第二章 维权{0}",
    "三、第三件事怎么办？{0}",
    "四、第四件事怎么办？{0}",
]
FOREWORD = ["前言", "编写本书。"]


@pytest.mark.parametrize("leader", ["", "……12"], ids=["no page numbers", "page numbers"])
@pytest.mark.parametrize("is_first", [True, False], ids=["contents first", "foreword first"])
@pytest.mark.parametrize("first_part", [["第一章 入会"], []], ids=["part one printed", "part one lost"])
def test_a_table_of_contents_lends_nothing_to_foreword_or_parts(
    leader: str, *, is_first: bool, first_part: list[str]
) -> None:
    contents = [line.format(leader) for line in CONTENTS]
    opening = contents + FOREWORD if is_first else FOREWORD + contents
    found, text = sections(*opening, *first_part, *questions("一", "二"), "第二章 维权", *questions("三", "四"))
    assert [section.section_id for section in found] == ["foreword", "q1", "q2", "q3", "q4"]
    assert answers(found[0], text) == ["编写本书。"]
    labels = [section.part.label if section.part else None for section in found]
    assert labels == [None, "第一章", "第一章", "第二章", "第二章"]
    assert [answers(section, text) for section in found[1:]] == [[ANSWER]] * 4


def test_numbered_table_rows_stay_in_their_answer() -> None:
    rows = ["一、\t高级工\t1500", "二、\t技师\t2000"]
    found, text = sections(*questions("一", "二"), *rows, *questions("三"), *rows)
    assert answers(found[1], text) == [ANSWER, *[row.strip() for row in rows]]
    assert answers(found[2], text) == [ANSWER, *rows]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("“求学圆梦行动”能提供 提升学历的机会吗?", "“求学圆梦行动”能提供提升学历的机会吗?"),
        ("打造“知识海洋”和 “服务神器”", "打造“知识海洋”和“服务神器”"),
        ("工 会\u3000是 什么", "工会是什么"),
        ("下载 App 之后 怎么办", "下载 App 之后怎么办"),
        (" 2018 年 以来 ", "2018 年以来"),
        ("100 万元", "100 万元"),
    ],
)
def test_typesetting_spaces_leave_between_chinese_characters_only(heading: str, expected: str) -> None:
    assert without_han_spaces(heading) == expected


@pytest.mark.timeout(20)
def test_a_heading_line_of_a_megabyte_is_read_without_delay() -> None:
    found, _ = sections("一、" + "工 会" * 350_000, ANSWER, *questions("二", "三"))
    assert len(found[0].heading) == 700_000

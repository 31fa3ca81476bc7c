"""Which kind of document it is."""

from pathlib import Path

import pytest

from ingest.document import Document
from ingest.report import report_on
from ingest.structure import recognise

QUESTIONS = "一、会费怎么交？\n按月交。\n二、会籍怎么转？\n到新单位转。\n三、证丢了怎么办？\n补办。\n"
PAIRS = """会员服务

问：会费怎么交？
答：按月交。
　　也可以按季。
问：会籍怎么转？答：到新单位转。

困难帮扶

Q：怎么申请补助？
A：向基层工会申请。
"""
CHAPTERS = """前面的话。
第一章 会员
会员是工会的主人。
一、入会
自愿申请，两天办好。
二、退会
递交申请。
第二章 会费
（一）标准
工资的千分之五。
"""
LAW = "工会法\n第一条　甲。\n第二条　乙。\n第三条　丙。\n"


@pytest.mark.parametrize(
    ("text", "structure", "count"),
    [(QUESTIONS, "questions", 3), (PAIRS, "pairs", 3), (CHAPTERS, "chapters", 5), (LAW, "law", 3)],
    ids=["questions", "pairs", "chapters", "law"],
)
def test_the_evidence_of_the_whole_text_decides(text: str, structure: str, count: int) -> None:
    document = Document.from_raw(Path("book.txt"), text)
    found = recognise(document)
    assert found.structure == structure
    assert found.confidence > 0.6
    assert found.evidence[0][0] == structure
    report = report_on(document, found, count)
    assert report.is_complete == (report.found_count == count)
    assert (report.structure, report.warnings) == (structure, () if report.is_complete else report.warnings)


def test_pairs_have_their_questions_as_headings_and_their_groups_as_parts() -> None:
    document = Document.from_raw(Path("book.txt"), PAIRS)
    sections = recognise(document).sections
    assert [(section.heading, section.part.display if section.part else "") for section in sections] == [
        ("会费怎么交？", "会员服务"),
        ("会籍怎么转？", "会员服务"),
        ("怎么申请补助？", "困难帮扶"),
    ]
    answers = [[document.text[span.start : span.end] for span in section.paragraphs] for section in sections]
    assert answers == [["答：按月交。", "也可以按季。"], ["答：到新单位转。"], ["A：向基层工会申请。"]]
    assert all(section.number is None for section in sections)


def test_the_id_of_a_pair_stays_when_another_is_put_before_it() -> None:
    def ids(text: str) -> dict[str, str]:
        found = recognise(Document.from_raw(Path("book.txt"), text), "pairs")
        return {section.heading: section.section_id for section in found.sections}

    before, after = ids(PAIRS), ids("问：新的问题？\n答：新的。\n" + PAIRS)
    assert before.items() <= after.items()
    twice = recognise(Document.from_raw(Path("book.txt"), "问：甲？\n答：一。\n问：甲？\n答：二。\n"), "pairs").sections
    assert len({section.section_id for section in twice}) == 2


def test_chapters_are_cited_by_the_path_of_their_headings() -> None:
    sections = recognise(Document.from_raw(Path("book.txt"), CHAPTERS)).sections
    assert [section.label for section in sections] == [
        "开头",
        "第一章 会员",
        "第一章 会员 › 一、入会",
        "第一章 会员 › 二、退会",
        "第二章 会费 › （一）标准",
    ]


def test_a_person_who_knows_better_decides() -> None:
    document = Document.from_raw(Path("book.txt"), CHAPTERS)
    assert recognise(document, "questions").structure == "questions"
    assert recognise(document, "law").sections == ()


def test_numbered_questions_with_answers_marked_as_such_keep_their_numbers() -> None:
    text = "1. 会费怎么交？\n答：按月交。\n2. 会籍怎么转？\n答：到新单位转。\n3. 证丢了怎么办？\n答：补办。\n"
    found = recognise(Document.from_raw(Path("book.txt"), text))
    assert (found.structure, [section.number for section in found.sections]) == ("questions", [1, 2, 3])


def test_a_letter_is_none_of_these() -> None:
    found = recognise(Document.from_raw(Path("letter.txt"), "各位工友：\n节日快乐。\n"))
    assert (found.count, found.sections, found.confidence) == (0, (), 0.0)

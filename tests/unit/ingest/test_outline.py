from pathlib import Path

import pytest

from ingest.document import Document
from ingest.outline import Outline, find_outline

ANSWER = "职工依法享有这项权利，单位应当按时办理。"


def outline(*lines: str, levels: dict[int, int] | None = None) -> tuple[str, list[int], Outline]:
    """Return style, chosen line indexes, and the whole outline of some lines."""
    found = find_outline(Document.from_raw(Path("book.txt"), "\n".join(lines), levels).lines())
    return found.style, [mark.line_index for mark in found.questions], found


def questions(style: str, *numbers: int) -> list[str]:
    return [line for number in numbers for line in (style.format(number) + f"第{number}件事怎么办？", ANSWER)]


def test_a_text_without_numbers_has_no_outline() -> None:
    style, chosen, found = outline("前言", ANSWER, "")
    assert (style, chosen) == ("", [])
    assert found.confidence == 0.0


def test_an_empty_text_has_no_outline() -> None:
    assert outline("")[1] == []


@pytest.mark.parametrize("words", ["20、这样行吗？", "3、以上各项", "第3问 可以。行吗？"])
def test_a_lone_number_that_is_not_the_first_is_no_outline(words: str) -> None:
    # The numbers missing before it, 0.6 each, weigh as much as the line or more: 2.0 - 11.4, 1.0 - 1.2, 1.2 - 1.2.
    _, chosen, found = outline(words)
    assert chosen == []
    assert found.confidence == 0.0


def test_questions_behind_a_wide_gap_are_found_and_list_items_there_are_not() -> None:
    lines = questions("第{}问 ", 1, 2, 3, 4, 5, 12)
    assert outline(*lines)[1] == [0, 2, 4, 6, 8, 10]
    assert outline(*questions("{}.", 1, 2, 3), "7.会费", ANSWER)[1] == [0, 2, 4]


def test_the_rising_numbering_wins_over_lists_that_begin_anew() -> None:
    inner = ["（1）会费；", "（2）会籍；"]
    style, chosen, found = outline(*questions("{}.", 1), *inner, *questions("{}.", 2), *inner, *questions("{}.", 3))
    assert style == "1."
    assert chosen == [0, 4, 8]
    assert 0.5 < found.confidence <= 1.0


def test_lists_of_the_same_style_are_passed_over() -> None:
    inner = ["1.会费。", "2.会籍。", "3.会员证。", "4.会徽。"]
    _, chosen, found = outline(*questions("{}.", 1, 2), *inner, *questions("{}.", 3), *inner, *questions("{}.", 4, 5))
    assert chosen == [0, 2, 8, 14, 16]
    assert found.duplicates == found.out_of_order == found.contents == ()


def test_headings_without_a_question_mark_win_over_items_that_are_sentences() -> None:
    inner = ["1.职工应当交会费。", "2.职工应当有会籍。", "3.职工应当有会员证。"]
    lines = ["1.会费", ANSWER, *inner, "2.会籍", ANSWER, *inner, "3.会员证", ANSWER, *inner, "4.会徽", ANSWER]
    assert outline(*lines)[1] == [0, 5, 10, 15]


def test_a_gap_is_bridged() -> None:
    assert outline(*questions("{}、", 1, 2, 5, 6))[1] == [0, 2, 4, 6]


def test_a_repeated_number_is_reported_and_the_first_kept() -> None:
    _, chosen, found = outline(*questions("{}、", 1, 2, 2, 3))
    assert chosen == [0, 2, 6]
    assert [mark.line_index for mark in found.duplicates] == [4]
    assert found.out_of_order == ()


def test_a_number_out_of_order_is_reported() -> None:
    _, chosen, found = outline(*questions("{}、", 1, 2, 5, 3, 4, 6, 7))
    assert chosen == [0, 2, 6, 8, 10, 12]
    assert [mark.line_index for mark in found.out_of_order] == [4]


def test_heading_styles_tell_headings_from_items() -> None:
    lines = ["1.会费", ANSWER, "2.会籍", ANSWER, "3.会徽", "2.会籍", ANSWER, "3.会员证", ANSWER]
    assert outline(*lines, levels={0: 2, 5: 2, 7: 2})[1] == [0, 5, 7]


def test_a_table_of_contents_with_page_numbers_is_told_apart() -> None:
    contents = ["目录", "1、第1件事怎么办？……3", "2、第2件事怎么办？......4", "3、第3件事怎么办？\t5 "]
    _, chosen, found = outline(*contents, *questions("{}、", 1, 2, 3))
    assert chosen == [4, 6, 8]
    assert [mark.line_index for mark in found.contents] == [1, 2, 3]
    assert found.duplicates == ()


def test_a_table_of_contents_without_page_numbers_is_told_apart_to_its_last_line() -> None:
    contents = [f"{number}、第{number}件事怎么办？" for number in (1, 2, 3, 4)]
    _, chosen, found = outline(
        "目录", "第一部分 入会", *contents[:2], "", "第二部分 维权", *contents[2:], *questions("{}、", 1, 2, 3, 4)
    )
    assert chosen == [8, 10, 12, 14]
    assert [mark.line_index for mark in found.contents] == [2, 3, 6, 7]
    assert found.duplicates == ()


def test_blank_lines_and_parts_between_contents_lines_pass() -> None:
    lines = ["1、第1件事怎么办？", "", "第二章 维权", "", "2、第2件事怎么办？", "", *questions("{}、", 1, 2)]
    _, chosen, found = outline(*lines)
    assert chosen == [6, 8]
    assert [mark.line_index for mark in found.contents] == [0, 4]


def test_a_table_of_contents_at_the_end_is_told_apart() -> None:
    contents = [f"{number}、第{number}件事怎么办？" for number in (1, 2, 3)]
    _, chosen, found = outline(*questions("{}、", 1, 2, 3), "目录", *contents)
    assert chosen == [0, 2, 4]
    assert [mark.line_index for mark in found.contents] == [7, 8, 9]


def test_contents_of_broken_headings_are_told_apart() -> None:
    contents = ["1、新就业形态劳动者怎样加入工会？", "2、会费怎么交？"]
    body = ["1、新就业形态劳动者怎样", "加入工会？", ANSWER, "2、会费怎么交？", ANSWER]
    _, chosen, found = outline(*contents, *body)
    assert chosen == [2, 5]
    assert [mark.line_index for mark in found.contents] == [0, 1]


def test_questions_without_answers_are_no_table_of_contents() -> None:
    lines = ["1、甲怎么办？", "2、乙怎么办？", "3、丙怎么办？", ANSWER, *questions("{}、", 4, 5)]
    _, chosen, found = outline(*lines)
    assert chosen == [0, 1, 2, 4, 6]
    assert found.contents == ()


def test_numbered_rows_of_a_table_between_questions_are_no_table_of_contents() -> None:
    rows = ["1.\t高级工\t1500", "2.\t技师\t2000"]
    _, chosen, found = outline(*questions("{}.", 1, 2), *rows, *questions("{}.", 3), *rows, *questions("{}.", 4))
    assert chosen == [0, 2, 6, 10]
    assert found.contents == ()


def test_a_question_behind_a_list_that_ends_at_the_number_before_is_none_of_the_contents() -> None:
    contents = [f"{number}.第{number}件事怎么办？" for number in (1, 2, 3)]
    lines = [*contents, *questions("{}.", 1, 2), "1.会费。", "2.会籍。", *questions("{}.", 3)]
    assert outline(*lines)[1] == [3, 5, 9]

"""Sheets of questions and answers: what they say, what is wrong with them, and that nothing gets lost."""

import csv
import random
from pathlib import Path

import openpyxl
import pytest

from corpus.errors import UnreadableFile
from corpus.sheet_errors import SheetInvalid
from ingest.faq import FaqRow, join_items, split_items
from ingest.faq_sheet import load_faq, save_faq
from ingest.read_sheet import read_sheet
from ingest.sheet_cells import read_cells
from ingest.structure import recognise

AWKWARD = [
    "=1+1",
    "@工会",
    "-5元",
    "'引号",
    '带"双引号"',
    "逗号，,分号;",
    "有##的",
    "[方括号]",
    "两行\n文字",
    "+86",
    "100%",
]


def rows(count: int) -> tuple[FaqRow, ...]:
    chance = random.Random(1)
    return tuple(
        FaqRow(
            row_number=number + 2,
            standard_question=f"第{number}件事怎么办？{chance.choice(AWKWARD[:7])}{number}",
            similar_questions=tuple(f"{number}号{chance.choice(AWKWARD)}{place}" for place in range(number % 4)),
            negative_questions=tuple(f"反例{number}之{place}" for place in range(number % 3)),
            answers=tuple(f"{chance.choice(AWKWARD)}答{number}。\n第二行{place}" for place in range(number % 2 + 1)),
            tags=("工资", "休假")[: number % 3],
            is_enabled=number % 10 != 9,
        )
        for number in range(count)
    )


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_three_hundred_rows_come_back_as_they_went(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    save_faq(first, rows(300))
    loaded = load_faq(first)
    assert loaded == rows(300)
    save_faq(second, loaded)
    assert read_cells(first) == read_cells(second)
    if suffix == ".csv":
        assert first.read_bytes() == second.read_bytes()


def test_a_spreadsheet_runs_no_cell_of_ours_as_a_formula(tmp_path: Path) -> None:
    save_faq(tmp_path / "a.csv", rows(20))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@"))]
    save_faq(tmp_path / "a.xlsx", rows(20))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "inlineStr"}


@pytest.mark.parametrize("items", [("一",), ("一", "二"), ("有##的", "二"), ("[一]",), ("两\n行",), ()])
def test_items_of_a_cell_come_back(items: tuple[str, ...]) -> None:
    for at_line_ends in (True, False):
        assert split_items(join_items(items, at_line_ends=at_line_ends), at_line_ends=at_line_ends) == items


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "faq.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headers_mean_the_same(tmp_path: Path, encoding: str) -> None:
    text = (
        "分类(必填),问题（必填）,相似问题(选填-多个用##分隔),反例问题,机器人回答,是否停用\n"
        "休假,年休假几天？,年假多少天##年假有几天,年休假怎么请,五天。##另有法定假日。,否\n停用的,旧问题？,,,旧。,是\n"
    )
    assert load_faq(write(tmp_path, text, encoding)) == (
        FaqRow(
            row_number=2,
            standard_question="年休假几天？",
            similar_questions=("年假多少天", "年假有几天"),
            negative_questions=("年休假怎么请",),
            answers=("五天。", "另有法定假日。"),
            tags=("休假",),
        ),
        FaqRow(row_number=3, standard_question="旧问题？", answers=("旧。",), tags=("停用的",), is_enabled=False),
    )


def test_every_wrong_row_is_named_and_none_is_taken(tmp_path: Path) -> None:
    text = (
        "标准问题,相似问题,反例问题,答案,是否启用\n"
        ",,,只有答案,\n"
        "没有答案？,,,,\n"
        "\n"
        "甲？,乙,,一,也许\n"
        "甲？,,,二,\n"
        "丙？,乙,,三,\n"
        "丁？,戊,戊,四,\n"
        f"{'长' * 501},,,五,\n"
        '"两\n行？",,,六,\n'
    )
    with pytest.raises(SheetInvalid) as refused:
        load_faq(write(tmp_path, text))
    assert list(refused.value.problems) == [
        "第 2 行：缺标准问题",
        "第 3 行：缺答案",
        "第 5 行：is_enabled（是否启用）应填 TRUE 或 FALSE、是或否",
        "第 8 行：“戊”既是相似问又是反例问",
        "第 9 行：有问题超过 500 个字",
        "第 10 行：标准问题里有换行",
        "第 6 行：标准问题“甲？”与第 5 行重复",
        "第 7 行：问法“乙”与第 5 行重复",
    ]
    assert "有 8 处错误，一行也没有收入" in refused.value.message


@pytest.mark.parametrize("header", ["甲,乙", "问题,备注", "答案"])
def test_without_a_header_it_is_no_sheet_of_questions(tmp_path: Path, header: str) -> None:
    with pytest.raises(SheetInvalid, match="第 1 行应是表头"):
        load_faq(write(tmp_path, f"{header}\n一,二\n"))


def test_rows_that_are_not_enabled_are_kept_and_not_published(tmp_path: Path) -> None:
    document = read_sheet(write(tmp_path, "q,a,enabled\n甲？,一,是\n乙？,二,否\n丙？,三\n"))
    assert document.text == "甲？\n一\n\n丙？\n三\n"
    assert document.notes == ("停用、不发布的行：1 行",)
    found = recognise(document)
    assert (found.structure, [section.heading for section in found.sections]) == ("pairs", ["甲？", "丙？"])


def test_an_answer_that_looks_like_a_heading_stays_an_answer(tmp_path: Path) -> None:
    path = write(tmp_path, 'question,answer\n甲？,"一、先办证\n二、再领钱？\n第一条　甲"\n乙？,二\n')
    assert [len(section.paragraphs) for section in recognise(read_sheet(path)).sections] == [3, 1]


@pytest.mark.parametrize("content", ['问题,答案\n"甲,乙\n', "问题,答案\n甲,乙\x00\n"])
def test_a_broken_csv_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises((UnreadableFile, SheetInvalid)):
        load_faq(write(tmp_path, content))


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_xlsx_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "faq.xlsx"
    save_faq(path, rows(30))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableFile):
        load_faq(path)


def test_a_formula_gives_the_value_it_had_and_links_are_not_followed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["问题", "答案"], ["甲？", "一"], ["乙？", '=WEBSERVICE("http://127.0.0.1:9/")']):
        book.active.append(row)
    book.save(tmp_path / "faq.xlsx")
    with pytest.raises(SheetInvalid, match="第 3 行：缺答案"):
        load_faq(tmp_path / "faq.xlsx")

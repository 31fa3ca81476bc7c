from pathlib import Path

import pytest
from openpyxl import Workbook

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from eval.dataset import ROWS_NAME, load_dataset
from eval.interchange.sheet import read_sheet, write_rows

HEADER = "问题,问号,类别,应否回答,前文,证据,备注"


def csv_file(folder: Path, *lines: str, encoding: str = "utf-8-sig", header: str = HEADER) -> Path:
    path = folder / "题.csv"
    path.write_bytes("\n".join([header, *lines]).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_become_labelled_questions(handbook: Handbook, tmp_path: Path, encoding: str) -> None:
    path = csv_file(
        tmp_path,
        '学徒怎么念书,"第36问、38",日常说法,是,,,',
        "",
        "高温费多少,,,否,,,不写",
        '那农民工呢,38,追问,应,"先问的\n又问的",,',
        encoding=encoding,
    )
    sheet = read_sheet(path, handbook)
    assert sheet.problems == ()
    first, second, third = sheet.rows
    assert (first.answers, first.category) == ({36: 2, 38: 2}, "everyday")
    assert (second.answers, second.category, second.note) == ({}, "near", "不写")
    assert third.history == ("先问的", "又问的")


def test_a_workbook_is_read_with_its_numbers(handbook: Handbook, tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.append(["问题", "问号", "应否回答"])
    workbook.active.append(["春潮行动是什么", 39, "是"])
    workbook.active.append(["春潮行动是谁办的", 39.0, "是"])
    workbook.save(tmp_path / "题.xlsx")
    assert [row.answers for row in read_sheet(tmp_path / "题.xlsx", handbook).rows] == [{39: 2}, {39: 2}]


def test_every_problem_is_named_by_its_row_and_column(handbook: Handbook, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        ",38,,是,,,",
        "甲,99,,是,,,",
        "乙,,,是,,,",
        "丙,38,,否,,,",
        "丁,38,没有这类,是,,,",
        "戊,38,,也许,,,",
        "己,三十八,,是,,,",
        "庚,38,,是,,手册里没有这句话,",
        "辛,38,,是,,,",
        "辛,39,,是,,,",
    )
    sheet = read_sheet(path, handbook)
    assert [(one.row_number, one.column) for one in sheet.problems] == [
        (2, "问题"),
        (3, "问号"),
        (4, "问号"),
        (5, "问号"),
        (6, "类别"),
        (7, "应否回答"),
        (7, "问号"),
        (8, "问号"),
        (9, "证据"),
        (11, "问题"),
    ]
    assert [row.question for row in sheet.rows] == ["辛"]


def test_what_is_written_is_a_data_set(handbook: Handbook, tmp_path: Path) -> None:
    sheet = read_sheet(csv_file(tmp_path, "春潮行动是什么,39,,是,,,"), handbook)
    write_rows(tmp_path / "set" / ROWS_NAME, sheet.rows)
    rows = load_dataset(str(tmp_path / "set"), "dev") + load_dataset(str(tmp_path / "set"), "test")
    assert [(row.question, row.relevance) for row in rows] == [("春潮行动是什么", {"q39": 2})]


def test_a_missing_column_is_named_with_all_that_there_are(handbook: Handbook, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "甲,38", header="问题,问号")
    with pytest.raises(DatasetInvalid, match="缺少列：应否回答"):
        read_sheet(path, handbook)


def test_what_is_no_spreadsheet_is_refused(handbook: Handbook, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "bytes.csv").write_bytes(b"\x81\x00\xff")
    for name in ("broken.xlsx", "bytes.csv", "none.csv"):
        with pytest.raises(DatasetInvalid, match=name):
            read_sheet(tmp_path / name, handbook)

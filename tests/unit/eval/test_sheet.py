"""Spreadsheets of union staff: all forms that a spreadsheet program gives them are read, mistakes are named by row."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from eval.dataset import ANSWERS, IN_SCOPE, ROWS_NAME, UNANSWERABLE, StoredRow, load_dataset, row_id
from eval.interchange.sheet import MAX_BYTES, read_sheet, write_rows

WriteCsv = Callable[..., Path]
WriteXlsx = Callable[[Sequence[Sequence[object]]], Path]
HEADER = ("问题", "问号", "类别", "应否回答", "前文", "证据", "备注")


@pytest.fixture
def evidence(handbook: Handbook) -> str:
    """A few words of the answer to question 38."""
    paragraph = handbook.questions[37].paragraphs[0]
    return handbook.text[paragraph.start : paragraph.start + 12]


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """`write_csv([["怎么提升学历", "38", "", "是"]])`: the file of these rows under all columns, or another header."""

    def write(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> Path:
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        (tmp_path / "sheet.csv").write_bytes(text.getvalue().encode(encoding))
        return tmp_path / "sheet.csv"

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> WriteXlsx:
    """The same as a workbook; a cell keeps the type it is given."""

    def write(rows: Sequence[Sequence[object]]) -> Path:
        workbook = Workbook()
        for cells in (HEADER, *rows):
            workbook.worksheets[0].append(cells)
        workbook.save(tmp_path / "sheet.xlsx")
        return tmp_path / "sheet.xlsx"

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_either_encoding_is_read(
    write_csv: WriteCsv, handbook: Handbook, evidence: str, encoding: str
) -> None:
    rows = [
        ["农民工怎么提升学历？", "第38问", "日常说法", "是", "有哪些培训\n在哪报名", evidence, "王姐记的"],
        ["那\n食堂呢", "", "无关", "否", "", "", ""],
    ]
    sheet = read_sheet(write_csv(rows, encoding=encoding), handbook)
    assert sheet.problems == ()
    assert sheet.rows == (
        StoredRow(
            row_id=row_id("农民工怎么提升学历？", ("有哪些培训", "在哪报名")),
            category="everyday",
            question="农民工怎么提升学历？",
            history=("有哪些培训", "在哪报名"),
            handbook_id=handbook.handbook_id,
            answers={38: ANSWERS},
            evidence=(evidence,),
            note="王姐记的",
        ),
        StoredRow(
            row_id=row_id("那\n食堂呢", ()),
            category="far",
            question="那\n食堂呢",
            handbook_id=handbook.handbook_id,
            answers={},
        ),
    )


def test_a_workbook_is_read_and_numbers_may_be_numbers(write_xlsx: WriteXlsx, handbook: Handbook) -> None:
    rows = [
        ["甲", 38, "单个事实", "是"],
        ["乙", 38.5 - 0.5, None, True],
        ["丙", "18、19", "", 1],
        ["丁", None, None, False],
        ["戊", "", "", 0],
    ]
    sheet = read_sheet(write_xlsx(rows), handbook)
    assert sheet.problems == ()
    assert [(row.question, tuple(row.answers), row.category) for row in sheet.rows] == [
        ("甲", (38,), "fact"),
        ("乙", (38,), "everyday"),
        ("丙", (18, 19), "everyday"),
        ("丁", (), "near"),
        ("戊", (), "near"),
    ]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("38", (38,)),
        ("38.0", (38,)),
        ("第38问", (38,)),
        ("第 38 题", (38,)),
        ("３８", (38,)),
        ("38、39", (38, 39)),
        ("38，39,40;41；42/43 44", (38, 39, 40, 41, 42, 43, 44)),
        ("第38问和第39问", (38, 39)),
        ("38\n39", (38, 39)),
        ("38、38", (38,)),
    ],
)
def test_question_numbers_are_read_as_people_write_them(
    write_csv: WriteCsv, handbook: Handbook, cell: str, numbers: tuple[int, ...]
) -> None:
    sheet = read_sheet(write_csv([["问", cell, "", "是"]]), handbook)
    assert sheet.problems == ()
    assert tuple(sheet.rows[0].answers) == numbers


@pytest.mark.parametrize("cell", ["是", "应", "应回答", "能", "1", "TRUE", "Yes", " y "])
def test_yes_is_read_as_people_write_it(write_csv: WriteCsv, handbook: Handbook, cell: str) -> None:
    assert read_sheet(write_csv([["问", "1", "", cell]]), handbook).rows[0].answers == {1: ANSWERS}


@pytest.mark.parametrize("cell", ["否", "不", "不应回答", "不能", "0", "False", "NO", "n"])
def test_no_is_read_as_people_write_it(write_csv: WriteCsv, handbook: Handbook, cell: str) -> None:
    sheet = read_sheet(write_csv([["问", "", "", cell]]), handbook)
    assert (sheet.problems, sheet.rows[0].answers) == ((), {})


@pytest.mark.parametrize(
    ("category", "name", "number", "said"),
    [
        *((category, name, "38", "是") for category, name in IN_SCOPE.items()),
        *((category, name, "", "否") for category, name in UNANSWERABLE.items()),
    ],
)
def test_a_category_may_be_written_in_chinese_or_as_in_the_data(
    write_csv: WriteCsv, handbook: Handbook, category: str, name: str, number: str, said: str
) -> None:
    for cell in (category, name):
        [row] = read_sheet(write_csv([["问", number, cell, said]]), handbook).rows
        assert row.category == category


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (["", "38", "", "是"], "问题", "是空的"),
        (["问", "38", "", ""], "应否回答", "应填“是”或“否”，不是“”"),
        (["问", "", "", "也许"], "应否回答", "应填“是”或“否”，不是“也许”"),
        (["问", "", "", "是"], "问号", "应回答的题要写是第几问"),
        (["问", "38", "", "否"], "问号", "不应回答的题不能有问号"),
        (["问", "三十八", "", "是"], "问号", "应是问号，如 38 或 38、39，不是“三十八”"),
        (["问", "38.5", "", "是"], "问号", "应是问号，如 38 或 38、39，不是“38.5”"),
        (["问", "-38", "", "是"], "问号", "应是问号，如 38 或 38、39，不是“-38”"),
        (["问", "9" * 5000, "", "是"], "问号", "应是问号"),
        (["问", "0、38、51", "", "是"], "问号", "手册没有第 0、51 问"),
        (["问", "38", "别的", "是"], "类别", "没有“别的”这一类，可用：日常说法、"),
        (["问", "38", "相近不答", "是"], "类别", "没有“相近不答”这一类，可用：日常说法、"),
        (["问", "", "日常说法", "否"], "类别", "没有“日常说法”这一类，可用：相近不答、"),
        (["问", "38", "", "是", "", "书里没有的一句话"], "证据", "手册里没有“书里没有的一句话”这段原文"),
    ],
)
def test_a_mistake_is_named_by_row_and_column(
    write_csv: WriteCsv, handbook: Handbook, cells: list[str], column: str, message: str
) -> None:
    sheet = read_sheet(write_csv([["好题", "1", "", "是"], cells]), handbook)
    [problem] = sheet.problems
    assert (problem.row_number, problem.column) == (3, column)
    assert problem.message.startswith(message)
    assert [row.question for row in sheet.rows] == ["好题"]


def test_all_mistakes_of_all_rows_are_named_at_once(write_csv: WriteCsv, handbook: Handbook, evidence: str) -> None:
    rows = [
        ["", "99", "别的", "也许"],
        ["好题", "1", "", "是"],
        ["问", "38", "", "是", "", f"{evidence}\n没有\n也没有"],
    ]
    sheet = read_sheet(write_csv(rows), handbook)
    assert [(one.row_number, one.column) for one in sheet.problems] == [
        (2, "问题"),
        (2, "应否回答"),
        (2, "问号"),
        (2, "类别"),
        (4, "证据"),
        (4, "证据"),
    ]
    assert [row.question for row in sheet.rows] == ["好题"]


def test_a_question_that_stands_twice_is_a_mistake_unless_it_follows_another(
    write_csv: WriteCsv, handbook: Handbook
) -> None:
    rows = [
        ["几天", "1", "", "是", "", "", ""],
        ["几天", "2", "", "是", "产假", "", ""],
        [" 几天 ", "3", "", "是", "", "", ""],
    ]
    sheet = read_sheet(write_csv(rows), handbook)
    assert [(one.row_number, one.column, one.message) for one in sheet.problems] == [(4, "问题", "与第 2 行重复")]
    assert len(sheet.rows) == 2


def test_blank_rows_are_passed_over_and_counted(write_csv: WriteCsv, handbook: Handbook) -> None:
    rows = [["甲", "1", "", "是"], [], ["", " ", "", ""], ["乙", "", "", "是"]]
    sheet = read_sheet(write_csv(rows), handbook)
    assert [row.question for row in sheet.rows] == ["甲"]
    assert [one.row_number for one in sheet.problems] == [5]


def test_blank_rows_of_a_workbook_are_passed_over(write_xlsx: WriteXlsx, handbook: Handbook) -> None:
    sheet = read_sheet(write_xlsx([["甲", 1, None, "是"], [None, None, None, None], ["乙", 2, None, "是"]]), handbook)
    assert (sheet.problems, [row.question for row in sheet.rows]) == ((), ["甲", "乙"])


def test_columns_may_stand_in_any_order_and_others_are_passed_over(write_csv: WriteCsv, handbook: Handbook) -> None:
    sheet = read_sheet(
        write_csv([["王姐", "是", "38", "怎么提升学历"]], ["记录人", " 应否回答 ", "问号", "问题"]), handbook
    )
    assert [(row.question, tuple(row.answers)) for row in sheet.rows] == [("怎么提升学历", (38,))]


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (["问题", "问号"], "应否回答"),
        (["应否回答"], "问题"),
        (["question", "answer"], "问题、应否回答"),
        ([], "问题、应否回答"),
    ],
)
def test_a_missing_column_is_named_with_those_there_may_be(
    write_csv: WriteCsv, handbook: Handbook, header: list[str], missing: str
) -> None:
    with pytest.raises(DatasetInvalid, match=rf"缺少列：{missing}。可用的列：问题、问号、"):
        read_sheet(write_csv([], header), handbook)


def test_a_sheet_of_a_header_alone_holds_nothing(write_csv: WriteCsv, handbook: Handbook) -> None:
    sheet = read_sheet(write_csv([]), handbook)
    assert (sheet.rows, sheet.problems) == ((), ())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sheet.csv", b""),
        ("sheet.csv", b"\x89PNG\r\n\x1a\n\xff\xff"),
        ("sheet.csv", "问题,应否回答\n".encode("utf-16")),
        ("sheet.csv", '问题,应否回答\n"'.encode() + b"a" * 140_000),
        ("sheet.xlsx", b""),
        ("sheet.xlsx", "问题,应否回答\n".encode()),
        ("sheet.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504),
    ],
    ids=[
        "empty",
        "picture",
        "utf-16",
        "endless-cell",
        "empty-workbook",
        "csv-called-workbook",
        "old-or-locked-workbook",
    ],
)
def test_what_is_no_spreadsheet_is_refused(handbook: Handbook, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetInvalid, match=name):
        read_sheet(tmp_path / name, handbook)


def test_a_missing_file_and_a_folder_are_refused(handbook: Handbook, tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(DatasetInvalid, match="无法读取"):
            read_sheet(path, handbook)


def test_a_file_that_is_too_large_is_refused_unread(handbook: Handbook, tmp_path: Path) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DatasetInvalid, match="超过 20 MB"):
        read_sheet(tmp_path / "large.csv", handbook)


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_workbook_that_is_cut_short_is_refused(write_xlsx: WriteXlsx, handbook: Handbook, place: float) -> None:
    path = write_xlsx([["甲", 1, None, "是"]])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * place)])
    with pytest.raises(DatasetInvalid, match="无法读取"):
        read_sheet(path, handbook)


def test_a_workbook_with_flipped_bytes_is_read_or_refused(write_xlsx: WriteXlsx, handbook: Handbook) -> None:
    path = write_xlsx([["甲", 1, None, "是"]])
    content, refused = path.read_bytes(), 0
    for place in range(0, len(content), 23):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x11]) + content[place + 1 :])
        try:
            sheet = read_sheet(path, handbook)
        except DatasetInvalid:
            refused += 1
        else:
            assert [row.question for row in sheet.rows] == ["甲"]
    assert refused > 0


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("damage", ["cut", "unknown-attribute"])
def test_a_whole_zip_with_a_broken_part_is_refused(
    write_xlsx: WriteXlsx, handbook: Handbook, part: str, damage: str
) -> None:
    path = write_xlsx([["甲", 1, None, "是"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if damage == "cut":
        parts[part] = parts[part][: len(parts[part]) // 2]
    else:
        for known in (b"activeTab=", b"defaultRowHeight=", b"fontId=", b"PartName="):
            parts[part] = parts[part].replace(known, b"un" + known)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(DatasetInvalid, match="无法读取"):
        read_sheet(path, handbook)


def test_a_workbook_without_a_sheet_is_refused(write_xlsx: WriteXlsx, handbook: Handbook) -> None:
    path = write_xlsx([["甲", 1, None, "是"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "sheet1" not in name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(DatasetInvalid, match="无法读取"):
        read_sheet(path, handbook)


def test_rows_that_are_written_are_a_data_set(
    write_csv: WriteCsv, handbook: Handbook, evidence: str, tmp_path: Path
) -> None:
    rows = [[f"第{number}种问法\u2028\x85？", "38、39", "", "是", "先问\n再问", evidence, "记"] for number in range(9)]
    sheet = read_sheet(write_csv([*rows, ["食堂几点开", "", "无关", "否"]]), handbook)
    write_rows(tmp_path / "set" / ROWS_NAME, sheet.rows)
    read = [row for split in ("dev", "test") for row in load_dataset(str(tmp_path / "set"), split)]
    assert sorted(row.row_id for row in read) == sorted(row.row_id for row in sheet.rows)
    first = next(row for row in read if row.row_id == sheet.rows[0].row_id)
    assert (first.question, first.history) == ("第0种问法\u2028\x85？", ("先问", "再问"))
    assert (first.relevance, first.evidence, first.note) == ({"q38": 2, "q39": 2}, (evidence,), "记")
    assert {row.question for row in read if not row.is_answerable} == {"食堂几点开"}


@pytest.mark.parametrize(
    "line", [b'{"row_id": "w"}', b"{", "问".encode("gb18030"), b""], ids=["short", "cut", "gbk", "blank"]
)
def test_a_line_of_a_data_set_that_is_no_row_is_named(
    write_csv: WriteCsv, handbook: Handbook, tmp_path: Path, line: bytes
) -> None:
    sheet = read_sheet(write_csv([["怎么提升学历", "38", "", "是"]]), handbook)
    path = tmp_path / "set" / ROWS_NAME
    write_rows(path, sheet.rows)
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(DatasetInvalid, match=r"rows\.jsonl 第 2 行不是有效的评测题"):
        load_dataset(str(tmp_path / "set"), "dev")

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.handbook import Handbook
from corpus.sheet_errors import SheetInvalid
from ingest.faq import FaqRow, split_items
from ingest.faq_exchange import attach_rows, handbook_rows, merged_rows
from ingest.faq_sheet import save_faq
from ingest.handbook import ingest_handbook
from ingest.sheet_cells import read_cells


def test_a_booklet_as_a_sheet_holds_every_question_and_wording(
    tmp_path: Path, shipped_folder: Path, handbook: Handbook
) -> None:
    rows = handbook_rows(shipped_folder)
    assert [row.standard_question for row in rows[:-1]] == [section.heading for section in handbook.questions]
    assert sum(len(row.similar_questions) for row in rows) == len(handbook.similar_questions)
    assert (rows[-1].standard_question, rows[-1].negative_questions) == ("", handbook.negative_questions)
    assert rows[37].tags[0] == "第38问"
    save_faq(tmp_path / "out.xlsx", rows)
    cells = read_cells(tmp_path / "out.xlsx")
    assert len(cells) == 1 + 51
    assert split_items(cells[38][3], at_line_ends=False) == rows[37].answers


def test_two_sheets_become_one() -> None:
    old = (
        FaqRow(row_number=2, standard_question="甲？", similar_questions=("一",), answers=("旧",), tags=("工资",)),
        FaqRow(row_number=3, standard_question="乙？", answers=("二",)),
    )
    new = (
        FaqRow(row_number=2, standard_question="丙？", answers=("三",)),
        FaqRow(row_number=3, standard_question="甲？", similar_questions=("一", "壹"), answers=("新",)),
    )
    merged = merged_rows(old, new)
    assert [row.standard_question for row in merged] == ["甲？", "乙？", "丙？"]
    assert (merged[0].answers, merged[0].similar_questions, merged[0].tags) == (("新",), ("一", "壹"), ("工资",))


@pytest.fixture
def leave_handbook(write_handbook: Callable[..., Path]) -> Path:
    text = "一、年休假有几天？\n五天。\n二、加班费怎么算？\n按百分之一百五十。\n三、怎么入会？\n本人申请。\n"
    return write_handbook(text)


def test_a_sheet_brings_similar_questions_to_a_booklet_and_never_touches_its_text(
    tmp_path: Path, leave_handbook: Path
) -> None:
    before = (leave_handbook / "source.txt").read_bytes()
    sheet = tmp_path / "new.csv"
    sheet.write_text(
        "问题,相似问题,反例,答案\n年休假有几天？,年假几天##年假多久,年假能卖吗,不用的答案\n,,加班能拒绝吗,\n",
        encoding="utf-8",
    )
    assert attach_rows(sheet, leave_handbook, dry_run=True) == (2, 2)
    assert ingest_handbook(leave_handbook).handbook.similar_questions == ()
    assert attach_rows(sheet, leave_handbook) == (2, 2)
    assert attach_rows(sheet, leave_handbook) == (0, 0)
    handbook = ingest_handbook(leave_handbook).handbook
    assert handbook.similar_questions == (("q1", "年假几天"), ("q1", "年假多久"))
    assert handbook.negative_questions == ("年假能卖吗", "加班能拒绝吗")
    assert (leave_handbook / "source.txt").read_bytes() == before


def test_a_row_that_the_booklet_does_not_ask_is_named(tmp_path: Path, leave_handbook: Path) -> None:
    sheet = tmp_path / "new.csv"
    sheet.write_text("问题,答案\n年休假有几天？,五\n产假几天？,百\n", encoding="utf-8")
    with pytest.raises(SheetInvalid, match="第 3 行"):
        attach_rows(sheet, leave_handbook)

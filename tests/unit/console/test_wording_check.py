"""The check at once against the truth: the index built anew, with and without the wording."""

import json
import shutil
from pathlib import Path

import pytest

from console.places import Places
from console.wording_check import WordingCheck
from corpus.errors import UnknownSection
from ingest.pipeline import build_index
from retriever.encoder import Encoder
from retriever.pipeline import Retriever

HANDBOOK = "paid-leave"


@pytest.fixture
def database_url() -> str:
    return ""


@pytest.fixture
def check(places: Places, encoder: Encoder) -> WordingCheck:
    return WordingCheck(Retriever.open_current(places.index_folder, encoder), encoder)


def first_of(question: str, wordings: list[tuple[int, str]], places: Places, encoder: Encoder, folder: Path) -> str:
    """The section that comes first when the handbook has just these wordings."""
    copy = folder / HANDBOOK
    shutil.copytree(places.shipped / HANDBOOK, copy)
    rows = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in wordings)
    (copy / "similar_questions.jsonl").write_text("".join(rows), encoding="utf-8")
    build_index([copy], folder / "index", encoder)
    return Retriever.open_current(folder / "index", encoder).answer(question).ranking[0].key[1]


def test_a_wording_that_robs_another_question_is_said_to(
    check: WordingCheck, places: Places, encoder: Encoder, tmp_path: Path
) -> None:
    finding = check.of(HANDBOOK, "q3", "晚上加班给多少钱啊")
    assert finding.is_warning
    assert "会从第2问抢走 1 个问法：“晚上加班给多少钱”" in finding.text
    others = [(1, "一年能休几天年假"), (1, "带薪休假多少天"), (3, "入会要交什么材料")]
    robbed = [*others, (3, "晚上加班给多少钱啊")]
    assert first_of("晚上加班给多少钱", others, places, encoder, tmp_path / "without") == "q2"
    assert first_of("晚上加班给多少钱", robbed, places, encoder, tmp_path / "with") == "q3"


def test_a_wording_where_it_belongs_robs_nobody(check: WordingCheck) -> None:
    finding = check.of(HANDBOOK, "q2", "周末加班怎么算钱")
    assert not finding.is_warning
    assert "不会从别的问抢走问法" in finding.text


def test_what_is_asked_already_is_named(check: WordingCheck) -> None:
    finding = check.of(HANDBOOK, "q1", "入会要交什么材料")
    assert finding.is_warning
    assert "第3问已有几乎一样的问法“入会要交什么材料”" in finding.text


def test_a_negative_question_that_a_handbook_answers_is_named(check: WordingCheck) -> None:
    assert "可能就答不出来" in check.of(HANDBOOK, "", "一年能休几天年假").text
    assert not check.of(HANDBOOK, "", "今天天气怎么样").is_warning


def test_a_question_that_is_not_there_is_an_expected_error(check: WordingCheck) -> None:
    with pytest.raises(UnknownSection):
        check.of(HANDBOOK, "q99", "年假")

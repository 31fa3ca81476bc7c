"""From the shipped handbook to an answer, with the shipped encoder."""

import dataclasses
import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import InvalidQuestion, UnknownHandbook
from corpus.handbook import Handbook
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.publish import current_version_folder


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("农民工怎么提升学历", {38}),
        ("新八级工是哪八级", {18, 19}),
        ("第三十二问讲啥", {32}),
        ("Q7", {7}),
        ("春潮行动培训合格率要达到多少", {39}),
    ],
)
def test_a_plain_question_is_answered_from_the_right_place(
    retriever: Retriever, question: str, numbers: set[int]
) -> None:
    answer = retriever.answer(question)
    assert answer.status == "answered"
    assert answer.citations[0].question_number in numbers


@pytest.mark.parametrize("question", ["今天天气怎么样", "帮我写首诗", "红烧肉怎么做", "你好", "asdfghjkl", "😀"])
def test_what_the_handbook_does_not_know_is_not_answered(retriever: Retriever, question: str) -> None:
    answer = retriever.answer(question)
    assert answer.status == "abstained"
    assert answer.citations == ()


@pytest.mark.parametrize("question", ["APP", "38.4", "What does the reform mean for workers?", '" OR sleep(10)#'])
def test_what_holds_no_chinese_character_is_offered_at_most(retriever: Retriever, question: str) -> None:
    found = retriever.answer(question)
    assert found.status != "answered"
    assert found.answer_probability < retriever.parameters.curated.answer_threshold


def test_every_heading_finds_its_own_question(retriever: Retriever, handbook: Handbook) -> None:
    for section in handbook.questions:
        answer = retriever.answer(section.heading)
        assert (answer.status, answer.citations[0].question_number) == ("answered", section.number), section.heading


def test_every_number_leads_to_its_question_in_reading_order(retriever: Retriever, handbook: Handbook) -> None:
    for section in handbook.questions:
        answer = retriever.answer(f"第{section.number}问", limit=10)
        starts = [citation.start for citation in answer.citations]
        assert {citation.question_number for citation in answer.citations} == {section.number}
        assert starts == sorted(starts)
        assert answer.matched_by == "number"


def test_several_numbers_are_shown_in_turn(retriever: Retriever) -> None:
    answer = retriever.answer("第十二问和第38问", limit=3)
    assert answer.status == "answered"
    assert [citation.question_number for citation in answer.citations] == [12, 38, 12]
    assert [section.key[1] for section in answer.ranking[:2]] == ["q12", "q38"]


def test_questions_are_counted_from_the_end_too(retriever: Retriever) -> None:
    assert retriever.answer("倒数第二问").citations[0].question_number == 49
    assert retriever.answer("最后一问讲的什么").citations[0].question_number == 50
    assert retriever.answer("倒数第51问").status == "abstained"


def test_a_bare_number_that_is_no_question_is_searched_for(retriever: Retriever) -> None:
    assert retriever.answer("第600问").status == "abstained"
    answer = retriever.answer("手册里说的600是啥")
    assert answer.matched_by == "content"
    assert "q39" in [section.key[1] for section in answer.ranking[:10]]


def test_a_number_that_may_mean_something_else_is_offered(retriever: Retriever) -> None:
    answer = retriever.answer("第三十八条")
    assert answer.status == "clarify"
    assert answer.citations[0].question_number == answer.suggestions[0].question_number == 38
    assert answer.answer_probability < 0.5
    assert retriever.answer("第五百条").status == "abstained"


def test_a_number_that_does_not_exist_is_not_answered(retriever: Retriever) -> None:
    answer = retriever.answer("第99问")
    assert (answer.status, answer.citations, answer.answer_probability) == ("abstained", (), 0.0)


def test_a_follow_up_is_understood_from_the_question_before(retriever: Retriever) -> None:
    answer = retriever.answer("那具体资助了多少人?", history=["求学圆梦行动是什么"])
    assert answer.understood_as == "求学圆梦行动是什么 那具体资助了多少人?"
    assert answer.citations[0].question_number in {31, 38}


@pytest.mark.parametrize("question", ["今天天气怎么样", "那红烧肉呢", "帮我写首诗"])
def test_a_question_before_does_not_answer_for_one_that_has_no_answer(retriever: Retriever, question: str) -> None:
    assert retriever.answer(question, history=["农民工怎么提升学历"]).status == "abstained"


def test_a_question_that_stands_alone_is_not_mixed_with_one_before_that_had_no_answer(retriever: Retriever) -> None:
    assert retriever.answer("单位不给培训怎么办", history=["今天天气怎么样"]).understood_as is None


@pytest.mark.parametrize("question", ["春潮行动一共培训了多少人", "新八级工是哪八级", "劳模工匠去学校讲课算不算"])
@pytest.mark.parametrize("earlier", ["厂务公开是怎么回事", "农民工怎么提升学历", "职工教育经费谁来监督使用"])
def test_a_change_of_topic_leaves_the_topic_before(retriever: Retriever, question: str, earlier: str) -> None:
    after, alone = retriever.answer(question, history=[earlier]), retriever.answer(question)
    assert after.understood_as is None
    assert after.ranking[0].key == alone.ranking[0].key
    assert after.status == alone.status


def test_where_two_readings_may_be_meant_the_other_one_comes_second(
    retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, earlier = "补贴发给谁", "求学圆梦行动是什么"
    ways = retriever.ways(asked, [earlier])
    alone, together = (way.reading.best_key for way in ways)
    assert alone != together
    monkeypatch.setattr("retriever.context_reading.meant_shares", lambda *_: np.array([0.4, 0.6]))
    answer = retriever.answer(asked, history=[earlier])
    assert [section.key for section in answer.ranking[:2]] == [together, alone]
    assert answer.answer_probability == pytest.approx(ways[1].reading.probability * 0.6 / 0.7)
    assert {citation.section_id for citation in answer.citations} >= {together[1], alone[1]}


def test_the_foreword_can_be_cited_without_a_number(retriever: Retriever) -> None:
    foreword = next(key for key in retriever.index.sections if key[1] == "foreword")
    rows = retriever.index.passage_space.rows[foreword]
    assert rows.stop - rows.start >= 4
    assert retriever.index.sections[foreword].label == "前言"


def test_a_misprint_is_searched_as_corrected_and_cited_as_printed(retriever: Retriever) -> None:
    answer = retriever.answer("粤菜大师免费给农民工培训", limit=10)
    cited = [citation for citation in answer.citations if "奥菜大师" in citation.excerpt]
    assert [(note.printed, note.corrected) for note in cited[0].errata] == [("奥菜", "粤菜")]


def test_an_unknown_handbook_and_a_blank_question_are_refused(retriever: Retriever) -> None:
    with pytest.raises(UnknownHandbook, match="industrial-workers-50"):
        retriever.answer("工资", handbook_id="nope")
    with pytest.raises(InvalidQuestion):
        retriever.answer("工资", history=["\x00"])


def test_two_handbooks_with_the_same_sentences_stay_two_citations(
    tmp_path: Path, shipped_folder: Path, encoder: Encoder
) -> None:
    copy = tmp_path / "second-edition"
    copy.mkdir()
    for path in shipped_folder.iterdir():
        words = path.read_bytes()
        if path.name == "manifest.toml":
            words = words.replace(b"industrial-workers-50", b"second-edition")
        (copy / path.name).write_bytes(words)
    build_index([shipped_folder, copy], tmp_path / "index", encoder)
    both = Retriever.open(current_version_folder(tmp_path / "index"), encoder)
    cited = {citation.handbook_id for citation in both.answer("农民工怎么提升学历", limit=10).citations}
    assert cited == {"industrial-workers-50", "second-edition"}
    only = both.answer("农民工怎么提升学历", handbook_id="second-edition", limit=10)
    assert {citation.handbook_id for citation in only.citations} == {"second-edition"}
    assert {key[0] for key in (ranked.key for ranked in only.ranking)} == {"second-edition"}
    assert len({citation.passage_id for citation in both.answer("第38问", limit=10).citations}) >= 4


def test_the_answer_type_is_frozen(retriever: Retriever) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        retriever.answer("工资").status = "answered"  # type: ignore[misc]


def test_a_retriever_that_is_given_up_is_gone_at_once(data_folder: Path, encoder: Encoder) -> None:
    """Whatever waits for the collector keeps a whole index in memory, and its files open, for many publications."""
    opened = Retriever.open_current(data_folder / "index", encoder)
    opened.answer("那多少钱", ["求学圆梦行动是什么"])
    opened.suggest("工匠", 3)
    parts = [weakref.ref(part) for part in (opened, opened.index, opened.index.wording_space.dense)]
    gc.disable()
    try:
        del opened
        assert [part() for part in parts] == [None] * 3
    finally:
        gc.enable()

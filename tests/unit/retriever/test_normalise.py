import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidQuestion
from retriever.normalise import MAX_QUESTION_CHARACTERS, Normaliser, checked_question


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("農民工怎麼提升學歷", "农民工怎么提升学历"),
        ("ＡＰＰ　在哪", "app 在哪"),
        ("学\u200b历", "学历"),
        ("  两   个  空格 ", "两 个 空格"),
        ("👨\u200d👩\u200d👧孩子上学", "👨👩👧孩子上学"),
    ],
)
def test_typed_text_is_folded_for_searching(typed: str, searched: str) -> None:
    assert Normaliser()(typed) == searched


@given(st.text(max_size=80))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = Normaliser()(text)
    assert Normaliser()(once) == once


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("", "question_blank"),
        (" \u3000\n", "question_blank"),
        ("\u200b\ufeff\u2060", "question_blank"),
        ("字" * (MAX_QUESTION_CHARACTERS + 1), "question_too_long"),
        ("学历\x00", "question_has_control_characters"),
        ("学历\x1b[31m", "question_has_control_characters"),
        ("学历\ud83d", "question_has_control_characters"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(question: str, code: str) -> None:
    with pytest.raises(InvalidQuestion) as caught:
        checked_question(question)
    assert caught.value.code == code


@pytest.mark.parametrize("question", ["字" * MAX_QUESTION_CHARACTERS, "学\u200b历", "第一行\n第二行\t制表"])
def test_a_question_that_can_be_asked_is_not_changed(question: str) -> None:
    assert checked_question(question) == question

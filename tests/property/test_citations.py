"""Verbatim by construction: whatever is asked, an excerpt is a slice of the canonical text."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import canonical
from ingest.handbook import SHIPPED_HANDBOOKS
from retriever import Answer, Retriever

FOLDER = SHIPPED_HANDBOOKS / "industrial-workers-50"
SIMILAR_QUESTIONS = [
    json.loads(line)["q"] for line in (FOLDER / "similar_questions.jsonl").read_text(encoding="utf-8").splitlines()
]
PIECES = [
    "农民工",
    "学历",
    "工资",
    "第38问",
    "技能大赛",
    "怎么",
    "吗",
    "?",
    " ",
    "😀",
    "農民工",
    "Q7",
    "入会",
    "\u200b",
    "12351",
]


@pytest.fixture(scope="module")
def source_text(shipped_folder: Path) -> str:
    return canonical((shipped_folder / "source.txt").read_text(encoding="utf-8"))


def assert_verbatim(answer: Answer, source_text: str) -> None:
    for citation in answer.citations:
        assert source_text[citation.start : citation.end] == citation.excerpt
        for erratum in citation.errata:
            assert citation.excerpt[erratum.start : erratum.end] == erratum.printed
    spans = sorted((citation.start, citation.end) for citation in answer.citations)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert 0.0 <= answer.answer_probability <= 1.0
    assert bool(answer.citations) == (answer.status != "abstained")


def test_every_excerpt_of_many_questions_is_a_slice_of_the_source(retriever: Retriever, source_text: str) -> None:
    cited = set()
    for question in SIMILAR_QUESTIONS[::5]:
        answer = retriever.answer(question, limit=10)
        assert_verbatim(answer, source_text)
        cited |= {citation.question_number for citation in answer.citations}
    assert cited >= set(range(1, 51))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join).filter(lambda text: text.strip(" \u200b"))
)
def test_any_question_gives_a_verbatim_answer(retriever: Retriever, source_text: str, question: str) -> None:
    assert_verbatim(retriever.answer(question), source_text)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(SIMILAR_QUESTIONS), st.integers(min_value=1, max_value=10))
def test_the_same_question_always_gives_the_same_answer(retriever: Retriever, question: str, limit: int) -> None:
    answer = retriever.answer(question, limit=limit)
    assert retriever.answer(question, limit=limit) == answer
    assert len(answer.citations) <= limit

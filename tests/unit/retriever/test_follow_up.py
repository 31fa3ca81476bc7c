import pytest

from retriever.follow_up import in_context, leans_on_history

HISTORY = ("农民工怎么提升学历", "具体多少钱")


@pytest.mark.parametrize(
    "question", ["那农民工呢?", "具体多少钱", "还有别的吗", "谁发的", "第二条展开说说", "为什么呢"]
)
def test_an_elliptical_question_leans_on_history(question: str) -> None:
    assert leans_on_history(question)


@pytest.mark.parametrize("question", ["新八级工是哪八级", "职工教育经费谁来监督使用", "网上职工之家是什么样子"])
def test_a_full_question_stands_alone(question: str) -> None:
    assert not leans_on_history(question)


def test_the_context_is_the_latest_question_that_stands_alone() -> None:
    assert in_context("谁发的", HISTORY) == "农民工怎么提升学历 谁发的"


def test_when_nothing_stands_alone_the_first_question_is_the_context() -> None:
    assert in_context("还有吗", ("谁发的", "多少钱")) == "谁发的 还有吗"

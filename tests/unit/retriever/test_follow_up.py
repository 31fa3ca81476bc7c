import pytest

from retriever.follow_up import changes_topic, contexts, in_context, leans_on_history

HISTORY = ("农民工怎么提升学历", "春潮行动培训多少人", "具体多少钱")


@pytest.mark.parametrize(
    "question",
    [
        "那农民工呢?",
        "具体多少钱",
        "还有别的吗",
        "谁发的",
        "第二条展开说说",
        "为什么呢",
        "占比多少",
        "这个制度是哪年有的",
    ],
)
def test_an_elliptical_question_leans_on_history(question: str) -> None:
    assert leans_on_history(question)


@pytest.mark.parametrize("question", ["新八级工是哪八级", "职工教育经费谁来监督使用", "网上职工之家是什么样子"])
def test_a_full_question_stands_alone(question: str) -> None:
    assert not leans_on_history(question)


def test_the_contexts_are_the_questions_that_stand_alone_the_latest_first() -> None:
    assert contexts("谁发的", HISTORY) == ["春潮行动培训多少人", "农民工怎么提升学历"]


def test_a_question_may_point_to_the_first_one() -> None:
    assert contexts("最开始说的那个是谁办的", HISTORY) == ["农民工怎么提升学历"]


def test_when_nothing_stands_alone_the_first_question_is_the_context() -> None:
    assert contexts("还有吗", ("谁发的", "多少钱")) == ["谁发的"]


def test_context_and_question_are_one_text() -> None:
    assert in_context("谁发的", "求学圆梦是什么") == "求学圆梦是什么 谁发的"


@pytest.mark.parametrize("question", ["换个话题,工资谁定", "换个事问问,站点建了多少", "另外问下集体合同"])
def test_a_question_may_leave_the_topic(question: str) -> None:
    assert changes_topic(question) == question.startswith(("换个", "另外问"))
    assert not changes_topic("那工资呢")

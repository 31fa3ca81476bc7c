import pytest

from retriever.several_asks import MAX_ASKS, several_asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("派遣工还低人一等不?技能等级跟职称能不能打通?", ["派遣工还低人一等不", "技能等级跟职称能不能打通"]),
        ("工会为什么要上网,还有我想学技术去哪些平台", ["工会为什么要上网", "还有我想学技术去哪些平台"]),
        ("刚失业,保险能领哪些钱?再找活靠哪些门路?", ["刚失业 保险能领哪些钱", "再找活靠哪些门路"]),
    ],
)
def test_questions_one_after_the_other_are_told_apart(text: str, asks: list[str]) -> None:
    assert several_asks(text) == asks


@pytest.mark.parametrize(
    "text",
    [
        "我是派遣工,同车间正式的都有保险就我没有,国家管不管这事",  # circumstances belong to the question
        "学历怎么提升,多少钱",  # what names nothing belongs to the question before
        "农民工怎么提升学历",
        "工资太低,活太累",
        "",
        "???,,,",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert several_asks(text) == []


def test_nobody_needs_more_than_three_at_once() -> None:
    assert len(several_asks("工资谁来定?学历怎么提升?劳模怎么评选?培训去哪报名?工会怎么加入?")) == MAX_ASKS

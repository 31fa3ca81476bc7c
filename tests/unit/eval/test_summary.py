import pytest

from eval.dataset import LabelledQuestion
from eval.metrics import Proportion
from eval.observations import Observation, observe
from eval.summary import summarise
from retriever import Retriever


def row(category: str, question: str, answers: dict[int, int], evidence: str = "") -> LabelledQuestion:
    return LabelledQuestion(
        row_id=question,
        category=category,
        question=question,
        handbook_id="industrial-workers-50",
        answers=answers,
        evidence=evidence,
    )


ROWS = [
    row("number", "第38问", {38: 2}, "联合实施农民工学历与能力提升行动计划"),
    row("number", "第39问", {40: 2}, "点对点"),  # wrongly labelled on purpose: a miss
    row("far", "今天天气怎么样", {}),
    row("attack", "\x00", {}),  # refused, and a row all the same
]


@pytest.fixture(scope="module")
def observations(retriever: Retriever) -> tuple[Observation, ...]:
    return observe(ROWS, retriever)


def test_no_row_vanishes(observations: tuple[Observation, ...]) -> None:
    assert [observation.row for observation in observations] == ROWS
    assert observations[3].answer is None
    totals = {summary.name: summary.answered.total for summary in summarise(observations)}
    assert totals == {"number": 2, "far": 1, "attack": 1, "in scope": 2, "unanswerable": 2}


def test_figures_are_shares_of_all_rows(observations: tuple[Observation, ...]) -> None:
    figures = {summary.name: summary for summary in summarise(observations)}
    assert figures["in scope"].hit_at_1 == Proportion(1, 2)
    assert figures["in scope"].answered == Proportion(2, 2)
    assert figures["in scope"].precision == Proportion(1, 2)
    assert figures["in scope"].evidence_at_3 == Proportion(1, 2)
    assert figures["unanswerable"].answered == Proportion(0, 2)
    assert figures["unanswerable"].hit_at_1 == Proportion(0, 0)
    assert figures["unanswerable"].precision == Proportion(0, 0)


def test_a_share_has_its_wilson_interval() -> None:
    # Wilson's interval for 9 of 10: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n), with z = 1.96.
    z, n, p = 1.959964, 10, 0.9
    centre, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    expected = ((centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n))
    assert Proportion(9, 10).interval_95 == pytest.approx(expected)
    assert Proportion(9, 10).interval_95 == pytest.approx((0.596, 0.982), abs=0.001)


def test_of_no_rows_nothing_is_known() -> None:
    assert Proportion(0, 0).share is None
    assert Proportion(0, 0).interval_95 == (0.0, 1.0)

import math

from eval.row_values import row_values


def values(row, served):
    return row_values([row], [served])[0]


def test_a_ranking_is_measured_by_the_place_of_the_section_that_answers(row, serve) -> None:
    found = values(row("r", {"q1": 2, "q2": 1}), serve("r", "q2 q1 q3"))
    assert found["hit@1"] == 0
    assert found["hit@3"] == 1
    assert found["mrr@10"] == 1 / 2
    # Gains 1 and 2 at places 1 and 2, against the best order 2 and 1.
    gained = 1 / math.log2(2) + 2 / math.log2(3)
    best = 2 / math.log2(2) + 1 / math.log2(3)
    assert abs(found["ndcg@10"] - gained / best) < 1e-9


def test_recall_counts_every_section_that_answers_and_none_that_only_helps(row, serve) -> None:
    asked = row("r", {"q1": 2, "q2": 2, "q3": 2, "q4": 1})
    found = values(asked, serve("r", "q4 q3 q9 q1"))
    assert abs(found["recall@10"] - 2 / 3) < 1e-9
    assert found["hit@1"] == 0


def test_a_row_that_found_nothing_scores_zero_and_stays(row, serve) -> None:
    rows = [row("a", {"q1": 2}), row("b", {"q1": 2})]
    found = row_values(rows, [serve("a", "", "abstained"), serve("b", "q1")])
    assert [one["hit@1"] for one in found] == [0, 1]
    assert [one["mrr@10"] for one in found] == [0, 1]


def test_rows_that_all_found_nothing_score_zero(row, serve) -> None:
    assert values(row("a", {"q1": 2}), serve("a", "", "refused"))["ndcg@10"] == 0


def test_order_is_the_one_served_even_where_names_would_sort_otherwise(row, serve) -> None:
    assert values(row("r", {"q9": 2}), serve("r", "q1 q9"))["hit@1"] == 0
    assert values(row("r", {"q1": 2}), serve("r", "q9 q1"))["hit@1"] == 0


def test_evidence_counts_where_any_of_its_slices_stands_in_a_shown_excerpt(row, serve) -> None:
    asked = row("r", {"q1": 2}, evidence=("合格率达到80%", "不低于八成"))
    shown = serve("r", "q1", q2="无关的一段", q1="他们要求不低于八成，并且……")
    assert values(asked, shown)["evidence@1"] == 0
    assert values(asked, shown)["evidence@3"] == 1


def test_all_needs_must_be_shown(row, serve) -> None:
    asked = row("r", {"q1": 2, "q2": 2, "q3": 2}, "several", needs=(("q1", "q2"), ("q3",)))
    assert values(asked, serve("r", "q2 q3", q2="甲", q3="乙"))["needs_shown@3"] == 1
    assert values(asked, serve("r", "q1 q2", q1="甲", q2="乙"))["needs_shown@3"] == 0
    assert "needs_shown@3" not in values(row("r", {"q1": 2}), serve("r", "q1"))


def test_outcomes_of_an_answerable_row(row, serve) -> None:
    asked = row("r", {"q1": 2})
    assert values(asked, serve("r", "q1 q2"))["precision"] == 1
    assert values(asked, serve("r", "q2 q1"))["precision"] == 0
    missed = values(asked, serve("r", "q1", "abstained"))
    assert (missed["missed_answer"], missed["answered"], missed["clarified"]) == (1, 0, 0)
    assert "precision" not in missed
    assert "false_answer" not in missed
    assert values(asked, serve("r", "q2 q3 q1", "clarify"))["clarify_helps"] == 1
    assert values(asked, serve("r", "q2 q3 q4 q1", "clarify"))["clarify_helps"] == 0


def test_outcomes_of_a_row_that_the_handbook_does_not_answer(row, serve) -> None:
    asked = row("r", {}, "near")
    answered = values(asked, serve("r", "q1", "answered"))
    assert (answered["false_answer"], answered["precision"]) == (1, 0)
    assert values(asked, serve("r", "q1", "clarify"))["false_answer"] == 0
    assert values(asked, serve("r", "", "refused"))["abstained"] == 1
    assert "hit@1" not in answered


def test_other_sets_may_call_grade_one_an_answer(row, serve) -> None:
    assert values(row("r", {"d1": 1}, answering_grade=1), serve("r", "d1"))["hit@1"] == 1
    assert values(row("r", {"d1": 1}), serve("r", "d1")).get("hit@1") is None

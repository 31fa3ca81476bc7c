import pytest

from eval.figures import compute_figures


def test_every_row_counts_in_its_category_and_in_the_groups_over_it(row, serve) -> None:
    rows = [
        row("n", {}, "near"),
        row("a", {"q1": 2}),
        row("b", {"q2": 2}),
        row("f", {"q3": 2}, "fact"),
        row("x", {}, "attack"),
    ]
    served = [
        serve("n", "q1", "answered", 0.8),
        serve("a", "q1", "answered", 0.9),
        serve("b", "q1 q2", "clarify", 0.5),
        serve("f", "", "abstained", 0.0),
        serve("x", "", "refused"),
    ]
    groups = compute_figures(rows, served).groups
    assert list(groups) == ["everyday", "fact", "near", "attack", "in_scope", "unanswerable", "all"]
    assert {name: group["answered"].row_count for name, group in groups.items()} == {
        "everyday": 2,
        "fact": 1,
        "near": 1,
        "attack": 1,
        "in_scope": 3,
        "unanswerable": 2,
        "all": 5,
    }
    assert groups["everyday"]["hit@1"].value == 1 / 2
    assert groups["in_scope"]["hit@1"].value == pytest.approx(1 / 3)
    assert groups["in_scope"]["mrr@10"].value == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert groups["in_scope"]["missed_answer"].value == pytest.approx(1 / 3)
    assert groups["unanswerable"]["false_answer"].value == 1 / 2
    assert groups["all"]["precision"].value == 1 / 2
    # 0.9, 0.5 and 0.0 answerable against 0.8 near; the refused row has no probability.
    assert groups["all"]["auroc"].value == pytest.approx(1 / 3)


def test_a_system_without_probabilities_has_no_curves(row, serve) -> None:
    figures = compute_figures([row("a", {"q1": 2})], [serve("a", "q1")])
    assert "auroc" not in figures.groups["all"]
    assert figures.reliability == ()
    assert figures.risk_coverage == ()


def test_the_same_rows_give_the_same_digits(row, serve) -> None:
    rows = [row(str(number), {"q1": 2, "q2": 1}) for number in range(40)]
    served = [serve(str(number), "q2 q1" if number % 3 else "q1", "answered", number / 40) for number in range(40)]
    assert compute_figures(rows, served) == compute_figures(rows, served)

import pytest

from corpus.errors import RunsDiffer
from eval.compare import compare_runs
from eval.figures import compute_figures
from eval.run import RunHeader
from eval.store import StoredRun

HEADER = RunHeader(dataset="d", split="dev", system="s", encoder_id="e", corpus_sha256={})


def a_run(rows, served) -> StoredRun:
    return StoredRun(
        header=HEADER, rows=tuple(rows), served=tuple(served), figures=compute_figures(rows, served), latency={}
    )


def difference(comparison, group: str, measure: str):
    return next(one for one in comparison.differences if (one.group, one.measure) == (group, measure))


def test_a_clear_gain_is_sure_and_named_row_by_row(row, serve) -> None:
    rows = [row(str(number), {"q1": 2}) for number in range(12)]
    before = a_run(rows, [serve(one.row_id, "q2 q1") for one in rows])
    after = a_run(rows, [serve(one.row_id, "q1 q2") for one in rows])
    moved = difference(compare_runs(before, after), "everyday", "hit@1")
    assert (moved.before, moved.after, moved.row_count) == (0, 1, 12)
    assert (moved.low, moved.high) == (1, 1)
    # All 12 signs alike, one way or the other: 2 of 2^12 ways; the test draws 5,000 of them at random.
    assert moved.p_value == pytest.approx(2 / 2**12, abs=0.0015)
    assert [one.row.row_id for one in compare_runs(before, after).better] == [one.row_id for one in rows]
    assert compare_runs(before, after).worse == ()


def test_one_row_of_many_may_be_chance(row, serve) -> None:
    rows = [row(str(number), {"q1": 2}) for number in range(12)]
    before = a_run(rows, [serve(one.row_id, "q1") for one in rows])
    after = a_run(rows, [serve("0", "q2"), *(serve(one.row_id, "q1") for one in rows[1:])])
    moved = difference(compare_runs(before, after), "everyday", "hit@1")
    assert moved.p_value == 1
    assert moved.low < 0 <= moved.high
    assert [one.row.row_id for one in compare_runs(before, after).worse] == ["0"]


def test_equal_runs_differ_in_nothing(row, serve) -> None:
    rows = [row("a", {"q1": 2}), row("n", {}, "near")]
    run = a_run(rows, [serve("a", "q1"), serve("n", "q1")])
    comparison = compare_runs(run, run)
    assert (comparison.better, comparison.worse) == ((), ())
    assert all((one.low, one.high, one.p_value) == (0, 0, 1) for one in comparison.differences)


def test_a_false_answer_that_goes_away_is_better(row, serve) -> None:
    rows = [row("n", {}, "near")]
    comparison = compare_runs(a_run(rows, [serve("n", "q1")]), a_run(rows, [serve("n", "q1", "abstained")]))
    assert [one.row.row_id for one in comparison.better] == ["n"]


def test_rows_of_one_run_alone_are_named(row, serve) -> None:
    before = a_run([row("a", {"q1": 2}), row("b", {"q1": 2})], [serve("a", "q1"), serve("b", "q1")])
    after = a_run([row("b", {"q1": 2}), row("c", {"q1": 2})], [serve("b", "q1"), serve("c", "q1")])
    comparison = compare_runs(before, after)
    assert (comparison.only_before, comparison.only_after) == (("a",), ("c",))


def test_runs_without_a_common_row_are_refused(row, serve) -> None:
    with pytest.raises(RunsDiffer):
        compare_runs(a_run([row("a", {"q1": 2})], [serve("a", "q1")]), a_run([row("b", {"q1": 2})], [serve("b", "q1")]))

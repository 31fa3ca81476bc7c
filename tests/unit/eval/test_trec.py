"""TREC files: an order that is written is the order that is read, and what other tools write is read or refused."""

from pathlib import Path

import pytest

from corpus.errors import DatasetInvalid
from eval.figures import compute_figures
from eval.interchange.trec import read_qrels, read_run, write_qrels, write_run
from eval.served import RANKED_SECTIONS_KEPT, Served


def order(served: Served) -> list[str]:
    return [ranked.section_id for ranked in served.ranking]


def test_a_run_that_is_written_is_read_in_the_same_order(row, serve, tmp_path: Path) -> None:
    rows = [row("a", {"q1": 2}), row("b", {"q2": 2}), row("n", {}, "near")]
    ten = " ".join(f"q{number}" for number in (9, 10, 1, 30, 2, 8, 7, 6, 5, 4))
    served = [serve("a", ten), serve("b", "", "refused"), serve("n", "q3 q1")]
    write_run(tmp_path / "run.trec", served, "hybrid")
    read = read_run(tmp_path / "run.trec", rows)
    assert [one.row_id for one in read] == ["a", "b", "n"]
    assert [order(one) for one in read] == [order(one) for one in served]
    assert [one.outcome for one in read] == ["answered", "abstained", "answered"]


def test_a_line_holds_six_columns_and_scores_fall(serve, tmp_path: Path) -> None:
    write_run(tmp_path / "run.trec", [serve("a", "q3 q1")], "hybrid")
    assert (tmp_path / "run.trec").read_bytes() == b"a Q0 q3 1 10 hybrid\na Q0 q1 2 9 hybrid\n"


def test_grades_that_are_written_are_read_and_rows_without_any_are_not_written(row, tmp_path: Path) -> None:
    write_qrels(tmp_path / "qrels.trec", [row("a", {"q1": 2, "q4": 1}), row("n", {}, "near")])
    assert (tmp_path / "qrels.trec").read_bytes() == b"a 0 q1 2\na 0 q4 1\n"
    [read] = read_qrels(tmp_path / "qrels.trec")
    assert (read.row_id, read.relevance, read.answering_sections) == ("a", {"q1": 2, "q4": 1}, {"q1", "q4"})


def test_what_is_written_has_the_figures_of_the_run(row, serve, tmp_path: Path) -> None:
    rows = [row(str(number), {f"q{number}": 2}) for number in range(1, 6)]
    served = [serve("1", "q1"), serve("2", "q1 q2"), serve("3", "q9 q8 q3"), serve("4", ""), serve("5", "q5 q4")]
    write_qrels(tmp_path / "qrels.trec", rows)
    write_run(tmp_path / "run.trec", served, "hybrid")
    again = read_qrels(tmp_path / "qrels.trec")
    figures = compute_figures(again, read_run(tmp_path / "run.trec", again)).groups["in_scope"]
    expected = compute_figures(rows, served).groups["in_scope"]
    for measure, value in (("hit@1", 2 / 5), ("hit@3", 4 / 5), ("mrr@10", (1 + 1 / 2 + 1 / 3 + 1) / 5)):
        assert figures[measure].value == pytest.approx(value)
        assert expected[measure].value == pytest.approx(value)


def test_queries_stand_in_order_of_appearance_and_those_with_no_grade_above_zero_are_unanswerable(
    tmp_path: Path,
) -> None:
    (tmp_path / "qrels").write_text("z 0 d1 1\na\t0\td1\t0\n\nz 0 d2 0\nm 0 d1 -1\n", encoding="utf-8")
    read = read_qrels(tmp_path / "qrels")
    assert [(one.row_id, one.relevance, one.is_answerable) for one in read] == [
        ("z", {"d1": 1}, True),
        ("a", {}, False),
        ("m", {}, False),
    ]


def test_documents_come_by_falling_score_and_ties_by_rank(row, tmp_path: Path) -> None:
    lines = ["r Q0 low 1 0.5 x", "r Q0 second 3 2.0 x", "r Q0 first 2 2.0 x", "r Q0 best 9 1e1 x", "r Q0 worst 0 -1 x"]
    (tmp_path / "run").write_text("\n".join(lines), encoding="utf-8")
    [read] = read_run(tmp_path / "run", [row("r")])
    assert order(read) == ["best", "first", "second", "low", "worst"]
    assert [ranked.fused_score for ranked in read.ranking] == [10, 2, 2, 0.5, -1]


def test_equal_score_and_rank_are_settled_by_name(row, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("r Q0 d2 1 1 x\nr Q0 d1 1 1 x\n", encoding="utf-8")
    assert order(read_run(tmp_path / "run", [row("r")])[0]) == ["d1", "d2"]


def test_only_the_best_ten_count(row, tmp_path: Path) -> None:
    lines = [f"r Q0 d{number} {number} {100 - number} x" for number in range(1, 15)]
    (tmp_path / "run").write_text("\n".join(lines), encoding="utf-8")
    assert order(read_run(tmp_path / "run", [row("r")])[0]) == [f"d{n}" for n in range(1, RANKED_SECTIONS_KEPT + 1)]


def test_a_row_that_the_run_leaves_out_scores_zero_and_a_query_nobody_asks_is_passed_over(row, tmp_path: Path) -> None:
    rows = [row("a", {"d1": 2}), row("b", {"d1": 2})]
    (tmp_path / "run").write_text("b Q0 d1 1 1 x\nother Q0 d1 1 1 x\n", encoding="utf-8")
    read = read_run(tmp_path / "run", rows)
    assert [(one.row_id, order(one), one.outcome) for one in read] == [
        ("a", [], "abstained"),
        ("b", ["d1"], "answered"),
    ]
    figures = compute_figures(rows, read).groups["in_scope"]
    assert (figures["hit@1"].value, figures["hit@1"].row_count) == (1 / 2, 2)


def test_marks_tabs_and_windows_line_ends_do_no_harm(row, tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"\xef\xbb\xbfr\tQ0\td1\t1\t2.5\tx\r\nr Q0   d2 2 1 x\r\n")
    assert order(read_run(tmp_path / "run", [row("r")])[0]) == ["d1", "d2"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("r 0 d1", "第 2 行有 3 列，应有 4 列"),
        ("r Q0 d1 1 1 x", "第 2 行有 6 列，应有 4 列"),
        ("r 0 d1 hoch", "第 2 行的“hoch”应是数字"),
        ("r 0 d1 nan", "第 2 行的“nan”应是数字"),
        ("r 0 d1 inf", "第 2 行的“inf”应是数字"),
    ],
)
def test_a_malformed_line_of_grades_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "qrels").write_text(f"r 0 d0 1\n{line}\n", encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=f"qrels {message}"):
        read_qrels(tmp_path / "qrels")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("r 0 d1 1", "第 3 行有 4 列，应有 6 列"),
        ("r Q0 d1 1 1 my run", "第 3 行有 7 列，应有 6 列"),
        ("r Q0 d1 first 1 x", "第 3 行的“first”应是数字"),
        ("r Q0 d1 1 gut x", "第 3 行的“gut”应是数字"),
        ("r Q0 d1 1 nan x", "第 3 行的“nan”应是数字"),
        ("r Q0 d0 2 1 x", "第 3 行的文 d0 在题 r 里已经有了"),
    ],
)
def test_a_malformed_line_of_a_run_is_named(row, tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "run").write_text(f"r Q0 d0 1 9 x\n\n{line}\n", encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=f"run {message}"):
        read_run(tmp_path / "run", [row("r")])


def test_a_document_may_stand_under_several_queries(row, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a Q0 d1 1 1 x\nb Q0 d1 1 1 x\n", encoding="utf-8")
    assert [order(one) for one in read_run(tmp_path / "run", [row("a"), row("b")])] == [["d1"], ["d1"]]


@pytest.mark.parametrize("content", [None, "题 0 文 1".encode("gb18030")], ids=["missing", "encoding"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "results.trec"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetInvalid, match=r"results\.trec 无法读取"):
        read_qrels(path)
    with pytest.raises(DatasetInvalid, match=r"results\.trec 无法读取"):
        read_run(path, [])

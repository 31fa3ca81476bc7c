from pathlib import Path

import pytest

from corpus.errors import DatasetInvalid
from eval.interchange.trec import read_qrels, read_run, write_qrels, write_run
from eval.row_values import row_values


def test_what_is_written_is_read_again_in_the_same_order(row, serve, tmp_path: Path) -> None:
    rows = [row("a", {"q1": 2, "q2": 1}), row("b", {"q3": 2})]
    served = [serve("a", "q2 q1 q9"), serve("b", "q3")]
    write_qrels(tmp_path / "qrels", rows)
    write_run(tmp_path / "run", served, "ours")
    read = read_qrels(tmp_path / "qrels")
    assert [(one.row_id, one.relevance) for one in read] == [("a", {"q1": 2, "q2": 1}), ("b", {"q3": 2})]
    again = read_run(tmp_path / "run", read)
    assert [[section.section_id for section in one.ranking] for one in again] == [["q2", "q1", "q9"], ["q3"]]


def test_a_query_that_the_run_leaves_out_scores_zero(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("a 0 d1 1\nb 0 d2 1\n", encoding="utf-8")
    (tmp_path / "run").write_text("a Q0 d1 1 3.5 theirs\n", encoding="utf-8")
    rows = read_qrels(tmp_path / "qrels")
    values = row_values(rows, read_run(tmp_path / "run", rows))
    assert [one["hit@1"] for one in values] == [1, 0]


def test_order_is_by_score_and_ties_by_rank(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("a\t0\td1\t1\n", encoding="utf-8")
    lines = ["a Q0 low 1 0.5 x", "a Q0 second 3 2 x", "a Q0 first 2 2 x"]
    (tmp_path / "run").write_text("\n".join(lines), encoding="utf-8")
    rows = read_qrels(tmp_path / "qrels")
    assert [one.section_id for one in read_run(tmp_path / "run", rows)[0].ranking] == ["first", "second", "low"]


@pytest.mark.parametrize(("content", "said"), [("a 0 d1\n", "第 1 行有 3 列"), ("\na 0 d1 much\n", "第 2 行的“much”")])
def test_a_wrong_line_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "qrels").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=said):
        read_qrels(tmp_path / "qrels")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("binary", "none"):
        with pytest.raises(DatasetInvalid, match=name):
            read_qrels(tmp_path / name)

import re
from html.parser import HTMLParser

import pytest

from eval.compare import compare_runs
from eval.figures import compute_figures
from eval.gates import check_gates, parse_gate
from eval.report import build_report
from eval.run import Latency, RunHeader
from eval.store import StoredRun

SECTIONS = [
    "一眼看完",
    "门槛",
    "各类问题",
    "把握说得准不准",
    "与别的检索比",
    "哪些问抢走了别的问",
    "出错的题",
    "全部指标",
    "用时",
]


@pytest.fixture
def make_run():
    def make(rows, served, system: str = "hybrid", gates: tuple[str, ...] = ()) -> StoredRun:
        figures = compute_figures(rows, served)
        header = RunHeader(
            dataset="d",
            split="dev",
            system=system,
            encoder_id="e",
            corpus_sha256={},
            section_names={"q1": "第1问 工资谁定", "q2": "第2问 学历"},
        )
        return StoredRun(
            header=header,
            rows=tuple(rows),
            served=tuple(served),
            figures=figures,
            gates=check_gates([parse_gate("min", gate) for gate in gates], figures),
            latency={"whole": Latency(p50_ms=1.25, p95_ms=2.0, p99_ms=3.0)},
        )

    return make


@pytest.fixture
def run(row, serve, make_run) -> StoredRun:
    rows = [
        row("工资归谁管", {"q1": 2}),
        row("怎么念书", {"q2": 2}, history=("你好",)),
        row("天气<script>alert(1)</script>", {}, "near"),
        row("一直不答的", {"q1": 2}, "fact"),
    ]
    served = [
        serve("工资归谁管", "q1 q2", "answered", 0.9, q1="工资由集体协商确定"),
        serve("怎么念书", "q1 q2", "answered", 0.8, q1='"><img src=x onerror=alert(1)>'),
        serve("天气<script>alert(1)</script>", "q1", "answered", 0.7),
        serve("一直不答的", "q1", "abstained", 0.1),
    ]
    return make_run(rows, served, gates=("hit@1=0.5", "hit@1@everyday=0.9"))


class Page(HTMLParser):
    """Checks that every element that opens closes, and keeps what was seen."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data


def test_every_part_is_there_and_well_formed(run: StoredRun) -> None:
    html = build_report(run)
    Page(html)
    assert re.findall(r"<h2>(.+?)</h2>", html) == SECTIONS


def test_what_comes_from_data_cannot_run(run: StoredRun) -> None:
    html = build_report(run)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "天气&lt;script&gt;" in html


def test_nothing_is_fetched(run: StoredRun) -> None:
    page = Page(build_report(run))
    links = [value for _, attributes in page.seen for key, value in attributes.items() if key in {"src", "href"}]
    assert all(link is not None and link.startswith("#") for link in links)
    assert "http" not in build_report(run)


def test_gates_are_told_apart_in_words(run: StoredRun) -> None:
    html = build_report(run)
    assert "✓ 通过" in html
    assert "✗ 没有达到" in html


def test_each_kind_of_wrong_row_is_shown_with_what_was_expected_and_served(run: StoredRun) -> None:
    page = Page(build_report(run))
    kinds = [attributes["data-kind"] for tag, attributes in page.seen if tag == "article"]
    assert kinds == ["wrong", "false", "missed"]
    assert "应为：第2问 学历" in page.text
    assert "给出：作答（把握 80%） 第1问 工资谁定；第2问 学历" in page.text
    assert "先问：你好" in page.text
    assert "1 题：应到 第2问 学历，却到 第1问 工资谁定" in page.text


def test_peers_stand_beside_the_run_and_missing_ones_say_why(serve, make_run, run: StoredRun) -> None:
    other = make_run(run.rows, [serve(one.row_id, "q2") for one in run.rows], system="bm25s jieba")
    page = Page(build_report(run, [other], {"bge": "连不上模型库"}))
    assert "bm25s jieba" in page.text
    assert "没有比较：连不上模型库" in page.text


def test_a_baseline_shows_what_moved(serve, make_run, run: StoredRun) -> None:
    before = make_run(run.rows, [serve(one.row_id, "q2") for one in run.rows])
    page = Page(build_report(run, comparison=compare_runs(before, run)))
    assert "与以前相比" in page.text
    assert "变好 2 题，变差 1 题" in page.text


def test_little_to_show_is_still_a_report(row, serve, make_run) -> None:
    page = Page(build_report(make_run([row("a", {"q1": 2})], [serve("a", "q1")])))
    assert "这次没有设门槛" in page.text
    assert "没有答错、误答或该答未答的题" in page.text
    assert "没有这两张图" in page.text


def test_equal_runs_give_equal_bytes(run: StoredRun) -> None:
    assert build_report(run) == build_report(run)

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.errors import RunsDiffer, RunUnreadable
from eval.compare import compare_runs
from eval.figures import compute_figures
from eval.gates import check_gates, parse_gate
from eval.report import build_report
from eval.report.words import MEASURES, by_number, percent, points
from eval.run import Latency, RunHeader
from eval.store import StoredRun, save_peers, save_run
from wengong.eval_report_command import run_report

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
    "名词解释",
]
SCRIPT = "天气<script>alert(1)</script>"
QUOTES = """"'><img src=x onerror=alert(1)>"""


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
        row(SCRIPT, {}, "near"),
        row("一直不答的", {"q1": 2}, "fact"),
    ]
    served = [
        serve("工资归谁管", "q1 q2", "answered", 0.9, q1="工资由集体协商确定"),
        serve("怎么念书", "q1 q2", "answered", 0.8, q1=QUOTES),
        serve(SCRIPT, "q1", "answered", 0.7),
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
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.seen if name in attributes]


def test_every_part_is_there_and_well_formed(run: StoredRun) -> None:
    html = build_report(run)
    page = Page(html)
    assert re.findall(r"<h2>(.+?)</h2>", html) == SECTIONS
    assert [tag for tag, _ in page.seen].count("svg") == 3 + 5  # keys of the legend and plots


def test_links_lead_somewhere_and_names_are_unique(run: StoredRun) -> None:
    page = Page(build_report(run))
    names = page.attributes("id")
    assert len(names) == len(set(names))
    assert {str(link).removeprefix("#") for link in page.attributes("href")} <= set(names)


@pytest.mark.parametrize("attack", [SCRIPT, QUOTES, "</style></script><iframe>", "&lt;b&gt;"])
def test_what_comes_from_data_cannot_run(row, serve, make_run, run: StoredRun, attack: str) -> None:
    asked = [row(attack, {attack: 2}, attack, history=(attack,)), row("b", {}, "near")]
    served = [
        replace(serve(attack, "q1", "answered", 0.9, q1=attack), understood_as=attack),
        serve("b", "q1", "answered", 0.9),
    ]
    attacked = make_run(asked, served, system=attack)
    header = replace(attacked.header, dataset=attack, encoder_id=attack, section_names={"q1": attack})
    attacked = replace(attacked, header=header, latency={attack: run.latency["whole"]})
    before = make_run(asked, [serve(attack, attack), serve("b")])
    harmless = Page(build_report(attacked, [attacked], {attack: attack}, compare_runs(before, attacked)))
    assert {tag for tag, _ in harmless.seen}.isdisjoint({"img", "iframe", "b&gt;"})
    assert [tag for tag, _ in harmless.seen].count("script") == 1
    assert not any(name.startswith("on") for _, attributes in harmless.seen for name in attributes)
    assert harmless.text.count(attack) > 10


def test_nothing_is_fetched(run: StoredRun) -> None:
    html = build_report(run)
    page = Page(html)
    assert page.attributes("src") == []
    assert all(str(link).startswith("#") for link in page.attributes("href"))
    assert set(re.findall(r"url\(.", html)) <= {"url(#"}
    assert not re.search(r"https?:|@import|//\w", html)
    policies = [attributes["content"] for _, attributes in page.seen if "http-equiv" in attributes]
    assert [str(policy).split(";")[0] for policy in policies] == ["default-src 'none'"]


def test_the_main_figures_stand_in_sentences_with_their_intervals(run: StoredRun) -> None:
    text = Page(build_report(run)).text
    assert "用 4 道题考了 hybrid（服务本身）：3 道手册能答，1 道手册不答。" in text
    assert "日常说法的问题，50.0% 第一个就答对（9–91%）" in text
    assert "手册不答的问题，100% 被误答（21–100%）" in text


@pytest.mark.parametrize(("parameters", "is_warned"), [("d/dev，4 题", True), ("d/test，4 题", False), ("", False)])
def test_figures_of_the_rows_that_were_tuned_on_are_called_so(run, parameters: str, *, is_warned: bool) -> None:
    tuned = replace(run, header=replace(run.header, parameters=parameters))
    assert ("参数就是在这些题上调的" in Page(build_report(tuned)).text) is is_warned


def test_gates_are_told_apart_in_words(run: StoredRun) -> None:
    text = Page(build_report(run)).text
    assert "✗ 2 道门槛，1 道没有达到：日常说法 · 第一个就对（hit@1@everyday）" in text
    assert "hit@1第一个就对✓ 通过66.67%至少 50%" in text
    assert "hit@1@everyday日常说法 · 第一个就对✗ 没有达到50%至少 90%" in text


def test_a_gate_that_is_missed_by_a_hair_does_not_seem_to_be_reached(run: StoredRun) -> None:
    (gate,) = check_gates([parse_gate("min", "hit@1=0.6667")], run.figures)
    assert "✗ 没有达到66.6667%至少 66.67%" in Page(build_report(replace(run, gates=(gate,)))).text


def test_all_gates_passed_is_said_first(run: StoredRun) -> None:
    assert "✓ 1 道门槛全部达到" in Page(build_report(replace(run, gates=run.gates[:1]))).text


def test_each_kind_of_wrong_row_is_shown_worst_first_with_what_was_expected_and_served(run: StoredRun) -> None:
    page = Page(build_report(run))
    assert page.attributes("data-kind") == ["false", "wrong", "missed"]
    assert page.attributes("data-outcome") == ["answered", "answered", "abstained"]
    assert "应为　第2问 学历（排第 2）" in page.text
    assert "给出　作答 answered，把握 80%第1问 工资谁定第2问 学历✓ 对" in page.text
    assert "应为　手册不答，应该说没有找到" in page.text
    assert "先问：你好" in page.text


def test_a_row_can_be_wrong_in_two_ways(row, serve, make_run) -> None:
    page = Page(build_report(make_run([row("a", {"q2": 2})], [serve("a", "q1", "abstained", 0.1)])))
    assert page.attributes("data-kind") == ["wrong missed"]
    assert "第2问 学历（前十里没有）" in page.text


def test_signals_of_the_best_two_stand_side_by_side(row, serve, make_run) -> None:
    served = serve("a", "q1 q2", "answered", 0.9)
    signals = [{"passage_coverage": 0.25, "new_signal": 1.0}, {"passage_coverage": 0.75}]
    ranking = tuple(replace(one, signals=kept) for one, kept in zip(served.ranking, signals, strict=True))
    html = build_report(make_run([row("a", {"q2": 2})], [replace(served, ranking=ranking)]))
    assert "与原文用词重合passage_coverage0.2500.750" in Page(html).text
    assert "new_signal1.000–" in Page(html).text
    assert "<b>0.750</b>" in html


def test_thefts_are_counted_by_pair_most_frequent_first(row, serve, make_run) -> None:
    wanted = {"a": ("q10",), "b": ("q2",), "c": ("q2",), "d": ("q9", "q10"), "e": ("q10",)}
    rows = [row(name, dict.fromkeys(sections, 2)) for name, sections in wanted.items()]
    served = [serve(name, "q1 q10" if name == "d" else "q1") for name in wanted]
    text = Page(build_report(make_run(rows, served))).text
    assert "5 题被别的问抢走第一，共 2 对。抢得最多的：第1问 工资谁定（5 题）。" in text
    pairs = re.findall(r"(\d) 题应到 (.+?)却到 第1问 工资谁定", text)
    assert pairs == [("3", "q10"), ("2", "第2问 学历")]


def test_no_theft_is_left_out(row, serve, make_run) -> None:
    names = [f"q{number}" for number in range(3, 43)]
    run = make_run([row(name, {name: 2}) for name in names], [serve(name, "q1") for name in names])
    text = Page(build_report(run)).text
    assert "其余 28 对" in text
    assert all(f"应到 {name}却到" in text for name in names)


def test_peers_stand_beside_the_run_and_missing_ones_say_why(serve, make_run, run: StoredRun) -> None:
    other = make_run(run.rows, [serve(one.row_id, "q2") for one in run.rows], system="bm25s jieba")
    text = Page(build_report(run, [other], {"bge": "连不上模型库"})).text
    assert "bm25s jieba33.3%" in text
    assert "没有比成的 1 家bge：连不上模型库" in text


def test_a_missing_peer_is_named_even_when_there_is_no_other(run: StoredRun) -> None:
    assert "没有比成的 1 家bge：连不上模型库" in Page(build_report(run, (), {"bge": "连不上模型库"})).text


def test_a_baseline_shows_what_moved(serve, make_run, run: StoredRun) -> None:
    before = make_run(run.rows, [serve(one.row_id, "q2", "clarify") for one in run.rows])
    text = Page(build_report(run, comparison=compare_runs(before, run))).text
    assert "与以前相比" in text
    assert "变好 2 题，变差 2 题。" in text
    assert "手册能答 hit@1第一个就对 · 3 题可能偶然33.3% → 66.7%+33.3" in text
    assert "以前　反问 clarify第2问 学历现在　作答 answered，把握 90%第1问 工资谁定✓ 对" in text


def test_a_baseline_of_other_rows_says_how_many_were_not_compared(row, serve, make_run, run: StoredRun) -> None:
    rows = [*run.rows[:3], row("另一题", {"q1": 2})]
    before = make_run(rows, [serve(one.row_id, "q1") for one in rows])
    text = Page(build_report(run, comparison=compare_runs(before, run))).text
    assert "只在以前有的 1 题、只在现在有的 1 题没有比较" in text


def test_one_row_is_still_a_report(row, serve, make_run) -> None:
    text = Page(build_report(make_run([row("a", {"q1": 2})], [serve("a", "q1")]))).text
    assert "这次没有设门槛" in text
    assert "没有答错、误答或该答未答的题" in text
    assert "没有一题被别的问抢走第一" in text
    assert "没有这两张图" in text
    assert "这次没有与别的检索比较" in text


def test_rows_of_one_kind_are_still_a_report(row, serve, make_run) -> None:
    refused = Page(build_report(make_run([row("a", {}, "near")], [serve("a", outcome="abstained")])))
    assert "hit@1" not in refused.text
    assert "用 1 道题考了 hybrid（服务本身）：1 道手册不答。" in refused.text


def test_no_row_at_all_is_still_a_report(make_run) -> None:
    assert "用 0 道题考了" in Page(build_report(make_run([], []))).text


def test_nothing_answered_has_no_present_place_on_the_curve(row, serve, make_run) -> None:
    page = Page(build_report(make_run([row("a", {"q1": 2})], [serve("a", "q1", "abstained", 0.2)])))
    assert "圆点是现在的做法" not in page.text
    assert "AUROC" in page.text


def test_equal_runs_give_equal_bytes(run: StoredRun) -> None:
    assert build_report(run) == build_report(run)


def test_every_measure_has_words(run: StoredRun) -> None:
    assert {measure for group in run.figures.groups.values() for measure in group} <= MEASURES.keys()


@pytest.mark.parametrize(("value", "shown"), [(0.0, "0%"), (1.0, "100%"), (0.9996, "100.0%"), (0.5, "50.0%")])
def test_only_all_rows_are_a_whole(value: float, shown: str) -> None:
    assert percent(value) == shown


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    assert [points(-0.001), points(0.004, 1), points(-0.02)] == ["0", "+0.4", "-2"]


def test_sections_are_in_the_order_of_the_handbook() -> None:
    assert sorted(["q10", "q2", "foreword", "d-2-x", "d-10"], key=by_number) == [
        "d-2-x",
        "d-10",
        "foreword",
        "q2",
        "q10",
    ]


class TestCommand:
    def test_the_report_lies_in_the_folder_or_where_it_is_wanted(self, run: StoredRun, tmp_path: Path) -> None:
        folder = tmp_path / "run"
        save_run(run, folder)
        save_peers([run], {"bge": "连不上"}, folder)
        run_report(folder, None, None)
        run_report(folder, tmp_path / "new" / "r.html", folder)
        assert "bge：连不上" in Page((folder / "report.html").read_text(encoding="utf-8")).text
        assert "变好 0 题，变差 0 题" in Page((tmp_path / "new" / "r.html").read_text(encoding="utf-8")).text

    def test_a_folder_without_a_run_is_an_error_in_chinese(self, tmp_path: Path) -> None:
        with pytest.raises(RunUnreadable, match="没有可读的评测结果"):
            run_report(tmp_path, None, None)

    def test_a_broken_list_of_missing_peers_is_an_error_in_chinese(self, run: StoredRun, tmp_path: Path) -> None:
        save_run(run, tmp_path)
        save_peers([], {}, tmp_path)
        (tmp_path / "peers" / "unavailable.json").write_text("[")
        with pytest.raises(RunUnreadable, match="请重新运行"):
            run_report(tmp_path, None, None)

    def test_a_baseline_without_a_common_row_is_an_error(self, row, serve, make_run, run, tmp_path: Path) -> None:
        save_run(run, tmp_path / "now")
        save_run(make_run([row("x", {"q1": 2})], [serve("x", "q1")]), tmp_path / "before")
        with pytest.raises(RunsDiffer):
            run_report(tmp_path / "now", None, tmp_path / "before")

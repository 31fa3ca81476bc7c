"""The report as one HTML page: nothing is fetched, and equal runs give equal bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from eval.compare import Comparison
from eval.report.figures import (
    all_figures,
    category_plots,
    gates,
    latency_table,
    moved,
    peers,
    probability_plots,
    summary,
)
from eval.report.markup import Markup, element, joined
from eval.report.rows import confusion, moved_rows, wrong_rows
from eval.store import StoredRun

HERE: Final = Path(__file__).resolve().parent


def build_report(
    run: StoredRun,
    others: Sequence[StoredRun] = (),
    unavailable: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
) -> str:
    """Return the report of a run.

    Args:
        run: What was measured.
        others: Runs of other systems over the same rows.
        unavailable: Systems that could not be run, with the reason.
        comparison: How the run differs from an earlier one.
    """
    parts = {
        "一眼看完": summary(run),
        "门槛": gates(run.gates),
        "各类问题": category_plots(run.figures),
        "把握说得准不准": probability_plots(run.figures),
        "与别的检索比": peers(run, others, unavailable or {}),
        "哪些问抢走了别的问": confusion(run),
        "出错的题": wrong_rows(run),
        "全部指标": all_figures(run.figures),
        "用时": latency_table(run.latency),
    }
    if comparison is not None:
        names = run.header.section_names
        rows = (moved_rows("变好", comparison.better, names), moved_rows("变差", comparison.worse, names))
        parts["与以前相比"] = joined(moved(comparison), *rows)
    title = f"评测报告 · {run.header.dataset} {run.header.split} · {run.header.system}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", _inlined("report.css")),
    )
    anchors = [element("a", name, href=f"#part{number}") for number, name in enumerate(parts)]
    sections = [
        element("section", element("h2", name), content, id=f"part{number}")
        for number, (name, content) in enumerate(parts.items())
    ]
    main = element("main", element("h1", title), element("nav", *anchors, aria_label="目录"), *sections)
    page = element("html", head, element("body", main, element("script", _inlined("report.js"))), lang="zh-CN")
    return f"<!doctype html>\n{page}\n"


def _inlined(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))

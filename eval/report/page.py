"""The report as one HTML page: nothing is fetched, and equal runs give equal bytes."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from eval.compare import Comparison
from eval.report.charts import category_plots, probability_plots
from eval.report.markup import Markup, element
from eval.report.moved import moved
from eval.report.rows import wrong_rows
from eval.report.summary import gates, summary
from eval.report.tables import all_figures, glossary, latency_table, peers
from eval.report.thefts import confusion
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
    names = run.header.section_names
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
        **({} if comparison is None else {"与以前相比": moved(comparison, names)}),
        "名词解释": glossary(run.figures),
    }
    named = " · ".join(part for part in (run.header.dataset, run.header.split, run.header.system) if part)
    style, script = (Markup((HERE / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    head = element("head", *_about(named, style, script), element("style", style))
    body = element("body", element("main", *_content(named, parts)), element("script", script))
    return f"<!doctype html>\n{element('html', head, body, lang='zh-CN')}\n"


def _about(named: str, style: str, script: str) -> tuple[Markup, ...]:
    # Even if something of the data got through as markup, it could neither run nor fetch.
    policy = f"default-src 'none'; style-src {_allowed(style)}; script-src {_allowed(script)}; base-uri 'none'"
    return (
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"评测报告 · {named}"),
    )


def _allowed(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _content(named: str, parts: Mapping[str, Markup]) -> tuple[Markup, ...]:
    anchors = [element("li", element("a", name, href=f"#part{number}")) for number, name in enumerate(parts)]
    sections = [
        element("section", element("h2", name), content, id=f"part{number}")
        for number, (name, content) in enumerate(parts.items())
    ]
    header = element("header", element("h1", "评测报告"), element("p", named, class_="soft"))
    return header, element("nav", element("ul", *anchors), aria_label="目录"), *sections

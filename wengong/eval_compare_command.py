"""`wengong eval compare`."""

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.compare import MovedRow, compare_runs
    from eval.report.words import GROUP_NAMES
    from eval.served import Served
    from eval.store import load_run

from wengong.console import data
from wengong.eval_tables import comparison_table

EXCERPT_SHOWN = 60


def run_compare(before: Path, after: Path, shown: int, *, as_json: bool) -> None:
    """Print which figures moved and the rows that moved them, both answers side by side."""
    comparison = compare_runs(load_run(before), load_run(after))
    if as_json:
        data().print(json.dumps(asdict(comparison), ensure_ascii=False, indent=2))
        return
    data().print(comparison_table(comparison))
    for title, rows in (("变好", comparison.better), ("变差", comparison.worse)):
        for moved in rows[:shown]:
            _print_moved(data(), title, moved)
        if len(rows) > shown:
            data().print(f"……{title}的还有 {len(rows) - shown} 题，--rows 可以多列")


def _print_moved(console: Console, title: str, moved: MovedRow) -> None:
    row = moved.row
    expected = "、".join(sorted(row.answering_sections)) or "不答"
    console.print(f"\n{title}〔{GROUP_NAMES.get(row.category, row.category)}〕{row.question}（应为 {expected}）")
    console.print(f"  以前  {_told(moved.before)}")
    console.print(f"  现在  {_told(moved.after)}")


def _told(served: Served) -> str:
    sections = "、".join(ranked.section_id for ranked in served.ranking[:3]) or "无"
    probability = "" if served.answer_probability is None else f" {served.answer_probability:.2f}"
    excerpt = served.excerpts[0].excerpt.replace("\n", " ")[:EXCERPT_SHOWN] if served.excerpts else ""
    return f"{served.outcome}{probability}  {sections}  {excerpt}"

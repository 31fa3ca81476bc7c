"""`wengong eval report`."""

from pathlib import Path

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.compare import compare_runs
    from eval.report import build_report
    from eval.store import load_peers, load_run, load_unavailable

from wengong.console import talk

REPORT_NAME = "report.html"


def run_report(folder: Path, out: Path | None, baseline: Path | None) -> None:
    """Write the report of a stored run as one HTML file."""
    run = load_run(folder)
    comparison = compare_runs(load_run(baseline), run) if baseline else None
    report = build_report(run, load_peers(folder), load_unavailable(folder), comparison)
    path = out or folder / REPORT_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report, encoding="utf-8", newline="\n")
    talk().print(f"已写入 {path}", markup=False)

"""An ablation as rows of a Markdown table: the whole in percent, then the change without each way."""

from benchmarks.ablation import Ablation
from eval.compare import Difference

COLUMNS = (
    ("in_scope", "hit@1"),
    ("in_scope", "hit@3"),
    ("everyday", "hit@1"),
    ("everyday", "hit@3"),
    ("noisy", "hit@1"),
    ("follow_up", "hit@1"),
    ("in_scope", "evidence@3"),
    ("in_scope", "answered"),
    ("in_scope", "precision"),
)
_NAMES = [f"{group} {measure}" for group, measure in COLUMNS]
HEADER = f"| without | {' | '.join(_NAMES)} | ms | MB |\n|{'---|' * (len(COLUMNS) + 3)}"
SURE = 0.05


def table_row(ablation: Ablation) -> str:
    """Return the row of one way: changes in points with their 95 % interval, bold where p < 0.05."""
    if ablation.comparison is None:
        figures = ablation.run.figures.groups
        cells = [_percent(figures[group][measure].value) for group, measure in COLUMNS]
    else:
        moved = {(one.group, one.measure): one for one in ablation.comparison.differences}
        cells = [_change(moved.get(column)) for column in COLUMNS]
    return f"| {' | '.join([ablation.name, *cells])} | {ablation.median_ms:.1f} | {ablation.index_mb:.0f} |"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _change(difference: Difference | None) -> str:
    if difference is None:
        return "–"
    points = f"{100 * (difference.after - difference.before):+.1f}"
    interval = f"[{100 * difference.low:+.1f}, {100 * difference.high:+.1f}]"
    return f"**{points}** {interval}" if difference.p_value < SURE else f"{points} {interval}"

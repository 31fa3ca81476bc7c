"""`wengong eval run`."""

import json
from dataclasses import fields

from rich.table import Table

from eval.dataset import Split, load_dataset
from eval.metrics import Proportion
from eval.observations import observe
from eval.summary import Summary, summarise
from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, progress_bars
from wengong.first_index import ensure_index

HEADINGS = ["类别", "题数", "hit@1", "hit@3", "evidence@1", "evidence@3", "作答", "反问", "作答准确"]


def run_eval(dataset: str, split: Split, limit: int | None, *, as_json: bool) -> None:
    """Ask every row of one half of a data set and print the figures."""
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    retriever = Retriever.open_current(settings.index_folder, open_encoder(settings.encoder))
    rows = load_dataset(dataset, split)[:limit]
    with progress_bars() as report:
        summaries = summarise(observe(rows, retriever, lambda done: report("评测", done, len(rows))))
    if as_json:
        data().print(json.dumps([_as_json(summary) for summary in summaries], ensure_ascii=False, indent=2))
    else:
        data().print(_table(summaries))


def _proportions(summary: Summary) -> dict[str, Proportion]:
    return {field.name: getattr(summary, field.name) for field in fields(summary) if field.name != "name"}


def _as_json(summary: Summary) -> dict[str, object]:
    figures = {
        name: {"share": figure.share, "interval_95": figure.interval_95, "count": figure.count, "total": figure.total}
        for name, figure in _proportions(summary).items()
    }
    return {"name": summary.name, **figures}


def _table(summaries: tuple[Summary, ...]) -> Table:
    table = Table(*HEADINGS, caption="括号里是 95 % Wilson 区间")
    for summary in summaries:
        shown = [_percent(figure) for figure in _proportions(summary).values()]
        table.add_row(summary.name, str(summary.answered.total), *shown)
    return table


def _percent(figure: Proportion) -> str:
    if figure.share is None:
        return "–"
    low, high = figure.interval_95
    return f"{figure.share:.1%} ({low:.0%}–{high:.0%})"

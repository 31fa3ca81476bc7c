"""What becomes of questions that are asked after one about something else, which must make no difference.

.venv/bin/python -m benchmarks.topic_changes [dev|test]
"""

from typing import Annotated, Literal

import typer
from rich.table import Table

from eval.dataset import LabelledQuestion, load_dataset
from eval.figures import GROUP_IN_SCOPE
from eval.run import RunHeader, run_rows
from eval.systems import HybridSystem
from eval.topic_changes import after_another, standing
from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data

SHOWN = ((GROUP_IN_SCOPE, "hit@1"), (GROUP_IN_SCOPE, "hit@3"), ("near", "false_answer"), ("far", "false_answer"))
DATASET = "worker-questions"


def main(split: Annotated[Literal["dev", "test"], typer.Argument(help="Which half is asked.")] = "dev") -> None:
    """Print a table of the same rows asked by themselves and after another."""
    settings = read_settings(RetrieverSettings)
    retriever = Retriever.open_current(settings.index_folder, open_encoder(settings.encoder))
    rows = load_dataset(DATASET, split)
    table = Table("asked", "rows", *(f"{group} {measure}" for group, measure in SHOWN))
    for name, asked in (("by themselves", standing(rows)), ("after another", after_another(rows))):
        table.add_row(name, f"{len(asked)}", *_figures(asked, split, retriever))
    data().print(table)


def _figures(rows: tuple[LabelledQuestion, ...], split: str, retriever: Retriever) -> list[str]:
    header = RunHeader(dataset=DATASET, split=split, system="hybrid", encoder_id="", corpus_sha256={})
    groups = run_rows(header, rows, HybridSystem(retriever)).figures.groups
    return [f"{groups[group][measure].value:.3f}" for group, measure in SHOWN]


if __name__ == "__main__":
    typer.run(main)

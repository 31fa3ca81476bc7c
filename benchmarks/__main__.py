"""`python -m benchmarks`: the figures of growing numbers of handbooks, one JSON line each and a table at the end.

Every size is measured in processes of its own, since memory that was once used does not come back.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from benchmarks.generate import write_handbooks
from benchmarks.measure import measure_asking, measure_build
from ingest.handbook import SHIPPED_HANDBOOKS, ingest_handbook
from retriever.encoder_choice import open_encoder
from wengong.console import data, progress_bars, talk

SOURCE = "industrial-workers-50"
app = typer.Typer(add_completion=False)


@app.command()
def run(
    sizes: Annotated[str, typer.Option(help="Numbers of handbooks, with commas.")] = "1,100,1000",
    folder: Annotated[Path | None, typer.Option(help="Where to work; kept. A temporary folder when not given.")] = None,
) -> None:
    """Measure each size and print a table."""
    with tempfile.TemporaryDirectory() as temporary:
        work = folder or Path(temporary)
        rows = []
        for size in map(int, sizes.split(",")):
            figures: dict[str, Any] = {}
            for step in ("build", "ask"):
                command = [sys.executable, "-m", "benchmarks", "measure", step, str(size), str(work)]
                figures |= json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
            data().print(json.dumps(figures))
            rows.append(figures)
    table = Table("figure", *(f"{row['handbook_count']:,}" for row in rows))
    for name in rows[0]:
        table.add_row(name, *(f"{row[name]:,.3g}" if isinstance(row[name], float) else f"{row[name]}" for row in rows))
    data().print(table)


@app.command()
def measure(step: str, size: int, work: Path) -> None:
    """Measure one step of one size; used by `run`."""
    encoder, index_folder = open_encoder(), work / f"index-{size}"
    if step == "ask":
        data().print(json.dumps(asdict(measure_asking(index_folder, encoder))))
        return
    source = ingest_handbook(SHIPPED_HANDBOOKS / SOURCE).handbook
    folders = list(write_handbooks(source, work / "handbooks", size))
    with progress_bars() as progress:
        data().print(json.dumps(asdict(measure_build(folders, index_folder, encoder, progress))))


@app.command()
def ablation(
    base: Annotated[Path | None, typer.Option(help="The encoder before it was tuned on the handbook.")] = None,
    split: Annotated[str, typer.Option(help="dev or test.")] = "dev",
    plain: Annotated[bool, typer.Option("--plain", help="Without similar and negative questions.")] = False,
) -> None:
    """Print, as a Markdown table, what is lost without each way to a better answer."""
    from benchmarks.ablation import ablate
    from benchmarks.ablation_table import HEADER, table_row

    data().print(HEADER, markup=False, soft_wrap=True)
    for one in ablate(
        SHIPPED_HANDBOOKS / SOURCE,
        open_encoder(),
        open_encoder(str(base)) if base else None,
        "test" if split == "test" else "dev",
        with_similar_questions=not plain,
        progress=lambda name: talk().print(name),
    ):
        data().print(table_row(one), markup=False, soft_wrap=True)


if __name__ == "__main__":
    app()

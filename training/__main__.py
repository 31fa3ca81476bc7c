"""The command `python -m training`: make the encoder, or measure one."""

import dataclasses
import time
from pathlib import Path
from typing import Annotated

import typer

from training.settings import Recipe, TransformerRecipe, TuningRecipe

_ROOT = Path(__file__).resolve().parents[1]
_SHIPPED_MODEL = _ROOT / "retriever/models/wengong-static-v2"
_SHIPPED_HANDBOOK = _ROOT / "corpus/handbooks/industrial-workers-50"

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Make or measure the shipped encoder.")

TrainingFolder = Annotated[Path, typer.Option(envvar="WENGONG_TRAINING_DATA", help="The training data folder.")]
EvaluationFolder = Annotated[Path, typer.Option(envvar="WENGONG_EVALUATION_DATA", help="The evaluation data folder.")]
ModelFolder = Annotated[Path, typer.Option("--model", help="The model folder.")]


@app.command()
def build(
    data: TrainingFolder = _ROOT.parent / "shared/training",
    model: ModelFolder = _SHIPPED_MODEL,
    steps: Annotated[int, typer.Option(help="Optimiser steps; fewer for a trial.")] = Recipe.steps,
    plain_lines_limit: Annotated[int, typer.Option(help="Lines of each news file.")] = Recipe.plain_lines_limit,
) -> None:
    """Make the encoder and write its model folder."""
    from training.pipeline import build_model

    recipe = dataclasses.replace(Recipe(), steps=steps, plain_lines_limit=plain_lines_limit)
    start = time.monotonic()
    build_model(data, model, recipe, lambda line: typer.echo(f"{time.monotonic() - start:7.1f} s  {line}"))


@app.command()
def tune(
    base: Annotated[Path, typer.Option(help="The general model to start from, as build writes it.")],
    data: TrainingFolder = _ROOT.parent / "shared/training",
    handbook: Annotated[Path, typer.Option(help="The handbook folder.")] = _SHIPPED_HANDBOOK,
    model: ModelFolder = _SHIPPED_MODEL,
    steps: Annotated[int, typer.Option(help="Optimiser steps; fewer for a trial.")] = TuningRecipe.steps,
    hold_out: Annotated[int, typer.Option(min=0, max=50, help="Percent of the wordings to measure on.")] = 0,
) -> None:
    """Tune a general encoder on a handbook's similar questions and write the model folder."""
    from training.tuning_pipeline import tune_model

    recipe = dataclasses.replace(TuningRecipe(), steps=steps, held_out_percent=hold_out)
    start = time.monotonic()
    report = lambda line: typer.echo(f"{time.monotonic() - start:7.1f} s  {line}")  # noqa: E731 - one line of progress
    tune_model(data, base, handbook, model, recipe, report)


@app.command()
def transformer(
    base: Annotated[Path, typer.Option(help="The general model whose tokens to start from.")],
    model: Annotated[Path, typer.Option(help="The model folder.")],
    data: TrainingFolder = _ROOT.parent / "shared/training",
    handbook: Annotated[Path, typer.Option(help="The handbook folder.")] = _SHIPPED_HANDBOOK,
    steps: Annotated[int, typer.Option(help="Optimiser steps; fewer for a trial.")] = TransformerRecipe.steps,
    hold_out: Annotated[int, typer.Option(min=0, max=50, help="Percent of the wordings to measure on.")] = 0,
) -> None:
    """Train the small transformer that the static encoder is compared with; it is not shipped."""
    from training.tuning_pipeline import tune_transformer

    recipe = dataclasses.replace(TransformerRecipe(), steps=steps, held_out_percent=hold_out)
    start = time.monotonic()
    report = lambda line: typer.echo(f"{time.monotonic() - start:7.1f} s  {line}")  # noqa: E731 - one line of progress
    tune_transformer(data, base, handbook, model, recipe, report)


@app.command()
def evaluate(
    data: EvaluationFolder = _ROOT.parent / "shared/eval",
    model: ModelFolder = _SHIPPED_MODEL,
) -> None:
    """Print a model's figures on the development sets, in percent."""
    from training.evaluate import load_encoder, measure

    for name, figure in measure(data, load_encoder(model)).items():
        typer.echo(f"{name:40} {100 * figure:6.2f}")


if __name__ == "__main__":
    app()

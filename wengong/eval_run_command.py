"""`wengong eval run`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.compare import compare_runs
    from eval.dataset import Split, load_dataset
    from eval.gates import Gate, GateResult, check_gates, load_gates, parse_gate
    from eval.known_good import heading_rows, missed_headings
    from eval.run import Run, RunHeader, run_rows
    from eval.store import StoredRun, load_run, save_run, stored
    from eval.systems import SYSTEM_NAMES, open_system

from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, progress_bars, talk
from wengong.eval_tables import comparison_table, figures_tables, gates_table, latency_table
from wengong.first_index import ensure_index


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What was asked for on the command line; see `wengong eval run --help`."""

    dataset: str
    split: Split
    system: str
    limit: int | None
    out: Path | None
    minimum: tuple[str, ...]
    maximum: tuple[str, ...]
    gates: Path | None
    baseline: Path | None
    as_json: bool


def run_eval(options: RunOptions) -> bool:
    """Ask every row, print and store the figures; return whether all gates and the known-good check passed."""
    if options.system not in SYSTEM_NAMES:
        raise typer.BadParameter(f"只能是 {'、'.join(SYSTEM_NAMES)}。", param_hint="--retriever")
    gates = _gates(options)
    baseline = load_run(options.baseline) if options.baseline else None
    run, missed = _measure(options)
    results = check_gates(gates, run.figures)
    result = stored(run, results)
    if options.out is not None:
        save_run(result, options.out)
    if options.as_json:
        _print_json(result, missed)
    else:
        _print_tables(result, baseline)
    _say_what_failed(results, missed)
    return not missed and all(one.passes for one in results)


def _gates(options: RunOptions) -> list[Gate]:
    from_file = load_gates(options.gates) if options.gates else ()
    minimum = [parse_gate("min", text) for text in options.minimum]
    maximum = [parse_gate("max", text) for text in options.maximum]
    return [*from_file, *minimum, *maximum]


def _measure(options: RunOptions) -> tuple[Run, tuple[str, ...]]:
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    encoder = open_encoder(settings.encoder)
    retriever = Retriever.open_current(settings.index_folder, encoder)
    rows = load_dataset(options.dataset, options.split)[: options.limit]
    system = open_system(options.system, retriever, encoder)
    header = RunHeader(
        dataset=Path(options.dataset).name,
        split=options.split,
        system=options.system,
        encoder_id=encoder.encoder_id,
        corpus_sha256={entry.handbook_id: entry.text_sha256 for entry in retriever.index.manifest.handbooks},
        index_version=retriever.index.manifest.version,
        parameters=retriever.parameters.fitted_on,
        section_names={
            key[1]: f"{section.label} {section.heading}" for key, section in retriever.index.sections.items()
        },
    )
    known_good = heading_rows(retriever.index, (row.handbook_id for row in rows))
    with progress_bars() as report:
        run = run_rows(header, rows, system, lambda done: report("评测", done, len(rows)))
    return run, missed_headings(known_good, system)


def _print_json(run: StoredRun, missed: tuple[str, ...]) -> None:
    gates = [{"name": one.gate.name, **asdict(one.gate), "value": one.value, "passes": one.passes} for one in run.gates]
    content = {
        "header": asdict(run.header),
        "row_count": len(run.rows),
        "groups": asdict(run.figures)["groups"],
        "latency": {name: asdict(latency) for name, latency in run.latency.items()},
        "gates": gates,
        "missed_headings": list(missed),
    }
    data().print(json.dumps(content, ensure_ascii=False, indent=2))


def _print_tables(run: StoredRun, baseline: StoredRun | None) -> None:
    for table in figures_tables(run):
        data().print(table)
    data().print(latency_table(run))
    if run.gates:
        data().print(gates_table(run.gates))
    if baseline is not None:
        data().print(comparison_table(compare_runs(baseline, run)))


def _say_what_failed(results: tuple[GateResult, ...], missed: tuple[str, ...]) -> None:
    for one in results:
        if not one.passes:
            sign = "低于" if one.gate.bound == "min" else "高于"
            value = "没有题目" if one.value is None else f"{one.value:.4f}"
            talk().print(f"没有达到门槛 {one.gate.name}：{value}，{sign} {one.gate.limit}", markup=False)
    if missed:
        talk().print(f"核对没有通过：{len(missed)} 个原题找不到自己，例如“{missed[0]}”。评测数字不可信。", markup=False)

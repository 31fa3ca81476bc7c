"""`wengong eval run`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.compare import compare_runs
    from eval.dataset import dataset_folder
    from eval.gates import Gate, GateResult, check_gates, load_gates, parse_gate
    from eval.interchange.beir import is_beir_folder
    from eval.interchange.trec import write_qrels, write_run
    from eval.measure import Measured, Plan, measure_collection, measure_handbooks
    from eval.store import StoredRun, load_run, save_peers, save_run, stored

from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, progress_bars, talk
from wengong.eval_tables import comparison_table, figures_tables, gates_table, latency_table, peers_table
from wengong.first_index import ensure_index


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What is demanded of a run and where it goes; see `wengong eval run --help`."""

    out: Path | None
    minimum: tuple[str, ...]
    maximum: tuple[str, ...]
    gates: Path | None
    baseline: Path | None
    as_json: bool


def run_eval(plan: Plan, options: RunOptions) -> bool:
    """Ask every row, print and store the figures; return whether all gates and the known-good check passed."""
    gates = _gates(options)
    baseline = load_run(options.baseline) if options.baseline else None
    measured = _measure(plan)
    results = check_gates(gates, measured.run.figures)
    run = stored(measured.run, results)
    if options.out is not None:
        _save(run, measured, options.out)
    if options.as_json:
        _print_json(run, measured, baseline)
    else:
        _print_tables(run, measured, baseline)
    _say_what_failed(results, measured.missed_headings)
    return not measured.missed_headings and all(one.passes for one in results)


def _gates(options: RunOptions) -> list[Gate]:
    from_file = load_gates(options.gates) if options.gates else ()
    minimum = [parse_gate("min", text) for text in options.minimum]
    maximum = [parse_gate("max", text) for text in options.maximum]
    return [*from_file, *minimum, *maximum]


def _measure(plan: Plan) -> Measured:
    settings = read_settings(RetrieverSettings)
    encoder = open_encoder(settings.encoder)
    with progress_bars() as report:
        if is_beir_folder(dataset_folder(plan.dataset)):
            return measure_collection(plan, encoder, report)
    ensure_index(settings)
    retriever = Retriever.open_current(settings.index_folder, encoder)
    with progress_bars() as report:
        return measure_handbooks(plan, retriever, encoder, report)


def _save(run: StoredRun, measured: Measured, folder: Path) -> None:
    save_run(run, folder)
    write_qrels(folder / "qrels.trec", run.rows)
    write_run(folder / "run.trec", run.served, run.header.system)
    if measured.peers or measured.unavailable:
        save_peers(map(stored, measured.peers), measured.unavailable, folder)


def _print_json(run: StoredRun, measured: Measured, baseline: StoredRun | None) -> None:
    gates = [{"name": one.gate.name, **asdict(one.gate), "value": one.value, "passes": one.passes} for one in run.gates]
    content = {
        "header": asdict(run.header),
        "row_count": len(run.rows),
        "groups": asdict(run.figures)["groups"],
        "latency": {name: asdict(latency) for name, latency in run.latency.items()},
        "gates": gates,
        "missed_headings": list(measured.missed_headings),
        "peers": {peer.header.system: asdict(peer.figures)["groups"] for peer in measured.peers},
        "unavailable_peers": measured.unavailable,
        "notes": list(measured.notes),
        "comparison": None if baseline is None else asdict(compare_runs(baseline, run)),
    }
    data().print(json.dumps(content, ensure_ascii=False, indent=2))


def _print_tables(run: StoredRun, measured: Measured, baseline: StoredRun | None) -> None:
    for table in figures_tables(run):
        data().print(table)
    for note in measured.notes:
        data().print(note)
    data().print(latency_table(run))
    if measured.peers:
        data().print(peers_table([run, *map(stored, measured.peers)]))
    for name, reason in measured.unavailable.items():
        data().print(f"没有比较 {name}：{reason}")
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

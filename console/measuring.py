"""The draft measured against the version that is served, on the same labelled questions."""

from typing import TYPE_CHECKING, Any, Final

from console.draft import write_draft
from console.places import Places
from console.publishing import Progress
from console.render import STATUS_NAMES
from console.state import ConsoleState
from corpus.errors import EvalsExtraMissing
from retriever.encoder import Encoder
from retriever.pipeline import Retriever

if TYPE_CHECKING:
    # They need packages that a service may run without.
    from eval.compare import MovedRow
    from eval.gates import Gate
    from eval.served import Served

# Figures that staff are shown, and what they are called.
MEASURES: Final = {
    "hit@1": "第一个就找对",
    "hit@3": "前三个里找对",
    "precision": "作答时答对",
    "answered": "作答",
    "false_answer": "不该答却答了",
    "missed_answer": "该答却没答",
}
# Further ones that a gate may name.
GATE_MEASURES: Final = MEASURES | {
    "evidence@3": "前三段原文含答案",
    "needs_shown@3": "一次问几件事都有着落",
    "clarify_helps": "反问时给出了对的",
    "auroc": "分得清该不该答",
    "ece": "概率与实际的出入",
}
GROUPS: Final = {"in_scope": "手册能答的题", "unanswerable": "手册不答的题"}
SHOWN_ROWS: Final = 50


def measure_draft(places: Places, state: ConsoleState, encoder: Encoder, progress: Progress) -> dict[str, Any]:
    """Return the figures of the draft, what moved since the served version, and the gates, fit for JSON.

    Raises:
        EvalsExtraMissing: If measuring needs packages that are not installed.
        CorpusError: If a handbook of the draft is wrong or not complete.
        DatasetInvalid: If the data set cannot be read.
        GateInvalid: If the gates cannot be read, or one names a figure that was not measured.
    """
    try:
        from eval.compare import compare_runs
        from eval.gates import check_gates, load_gates
        from eval.measure import Plan, measure_handbooks
        from eval.store import stored
    except ModuleNotFoundError as error:
        raise EvalsExtraMissing("评测需要额外的包，请管理员运行 pip install 'wengong[evals]'。") from error
    from ingest.pipeline import build_index

    gates, plan = load_gates(places.gates), Plan(dataset=places.dataset, split="dev")
    draft = write_draft(places, state)
    build_index(draft.folders, places.draft_index, encoder, progress=progress)
    served = stored(
        measure_handbooks(plan, Retriever.open_current(places.index_folder, encoder), encoder, progress).run
    )
    measured = measure_handbooks(plan, Retriever.open_current(places.draft_index, encoder), encoder, progress)
    compared, results = compare_runs(served, stored(measured.run)), check_gates(gates, measured.run.figures)
    return {
        "served_version": served.header.index_version,
        "draft_version": measured.run.header.index_version,
        "wording_ids": sorted(draft.wording_ids),
        "documents": draft.documents,
        "row_count": len(measured.run.rows),
        "missed_headings": list(measured.missed_headings),
        "gates": [
            {
                "name": _gate_name(one.gate),
                "bound": one.gate.bound,
                "limit": one.gate.limit,
                "value": one.value,
                "passes": one.passes,
            }
            for one in results
        ],
        "differences": [
            {
                "group": GROUPS[one.group],
                "measure": MEASURES[one.measure],
                "before": one.before,
                "after": one.after,
                "low": one.low,
                "high": one.high,
            }
            for one in compared.differences
            if one.group in GROUPS and one.measure in MEASURES
        ],
        "better": [_moved(row, measured.run.header.section_names) for row in compared.better[:SHOWN_ROWS]],
        "worse": [_moved(row, measured.run.header.section_names) for row in compared.worse[:SHOWN_ROWS]],
    }


def _gate_name(gate: "Gate") -> str:
    """Return what staff call a gate; one of a figure that has no Chinese name is called as in its file."""
    from eval.dataset import IN_SCOPE, UNANSWERABLE

    measure = GATE_MEASURES.get(gate.measure)
    group = {"": "", **GROUPS, **IN_SCOPE, **UNANSWERABLE}.get(gate.group)
    if measure is None or group is None:
        return gate.name
    return f"{group}：{measure}" if group else measure


def _moved(moved: "MovedRow", names: dict[str, str]) -> dict[str, str]:
    return {
        "question": moved.row.question,
        "before": _outcome(moved.before, names),
        "after": _outcome(moved.after, names),
    }


def _outcome(served: "Served", names: dict[str, str]) -> str:
    first = served.ranking[0].section_id if served.ranking else ""
    return f"{STATUS_NAMES.get(served.outcome, '')} {names.get(first, first)}".strip()

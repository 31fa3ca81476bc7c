"""A data set measured from end to end: what is asked, who answers, and who else is asked the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import DatasetInvalid
from eval.dataset import LabelledQuestion, Split, load_dataset
from eval.document_systems import DOCUMENT_SYSTEM_NAMES, DocumentIndex, DocumentSystem
from eval.interchange.beir import read_beir
from eval.known_good import heading_rows, missed_headings
from eval.peers.catalogue import Opener, open_peer, peer_openers
from eval.peers.texts import document_texts, searched_texts
from eval.run import Run, RunHeader, run_rows
from eval.systems import HYBRID, SYSTEM_NAMES, System, open_system
from retriever.encoder import Encoder
from retriever.parameters import load_parameter_sets
from retriever.pipeline import Retriever

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure.

    Attributes:
        dataset: Name of a data set of the project, or a folder.
        split: Which half of it.
        system: Who is measured; "hybrid" is the service itself.
        limit: Only the first rows; None for all.
        with_peers: Whether other systems are asked the same rows.
        encoder_names: Further sentence-transformers models to be asked, each a peer by its name.
    """

    dataset: str
    split: Split
    system: str = HYBRID
    limit: int | None = None
    with_peers: bool = False
    encoder_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of a plan.

    Attributes:
        run: Of the system that is measured.
        missed_headings: Headings that did not lead to their own section; any makes the run worthless.
        peers: Runs of the others over the same rows.
        unavailable: Peers that this machine cannot run, and why.
        notes: What somebody who reads the figures must know, in Chinese.
    """

    run: Run
    missed_headings: tuple[str, ...] = ()
    peers: tuple[Run, ...] = ()
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def measure_handbooks(plan: Plan, retriever: Retriever, encoder: Encoder, progress: Progress) -> Measured:
    """Return the figures of a data set about indexed handbooks, with the check that every heading finds itself.

    Raises:
        DatasetInvalid: If the set cannot be read or has no row, or the system is not one of SYSTEM_NAMES.
    """
    _check_system(plan.system, SYSTEM_NAMES)
    rows = load_dataset(plan.dataset, plan.split)[: plan.limit]
    _check_rows(plan, rows)
    system = open_system(plan.system, retriever, encoder)
    manifest = retriever.index.manifest
    header = RunHeader(
        dataset=Path(plan.dataset).name,
        split=plan.split,
        system=plan.system,
        encoder_id=encoder.encoder_id,
        corpus_sha256={entry.handbook_id: entry.text_sha256 for entry in manifest.handbooks},
        index_version=manifest.version,
        parameters=_fitted_on(retriever),
        section_names={
            key[1]: f"{section.label} {section.heading}" for key, section in retriever.index.sections.items()
        },
    )
    known_good = heading_rows(retriever.index, (row.handbook_id for row in rows))
    run = run_rows(header, rows, system, lambda done: progress("评测", done, len(rows)))
    openers: dict[str, Opener] = {}
    if plan.with_peers:
        for name in SYSTEM_NAMES:
            openers[name] = _own_search(name, retriever, encoder)
        openers |= peer_openers(searched_texts(retriever.index), encoder, plan.encoder_names)
    peers, unavailable = _run_peers(header, rows, openers, progress)
    return Measured(run=run, missed_headings=missed_headings(known_good, system), peers=peers, unavailable=unavailable)


def measure_collection(plan: Plan, encoder: Encoder, progress: Progress) -> Measured:
    """Return the figures of a BEIR folder, whose corpus is indexed in memory.

    Raises:
        DatasetInvalid: If the folder cannot be read or has no judged row, or the system is not one of
            DOCUMENT_SYSTEM_NAMES.
    """
    _check_system(plan.system, DOCUMENT_SYSTEM_NAMES)
    folder = Path(plan.dataset)
    dataset = read_beir(folder, plan.split)
    rows = dataset.rows[: plan.limit]
    _check_rows(plan, rows)
    index = DocumentIndex(dataset.documents, encoder, progress)
    parameters = load_parameter_sets().plain
    header = RunHeader(
        dataset=folder.resolve().name,
        split=dataset.split,
        system=plan.system,
        encoder_id=encoder.encoder_id,
        corpus_sha256={folder.resolve().name: dataset.corpus_sha256},
        parameters=parameters.fitted_on,
    )
    run = run_rows(
        header,
        rows,
        DocumentSystem(plan.system, index, parameters.fusion),
        lambda done: progress("评测", done, len(rows)),
    )
    openers: dict[str, Opener] = {}
    if plan.with_peers:
        for name in DOCUMENT_SYSTEM_NAMES:
            openers[name] = _own_document_search(name, index)
        openers |= peer_openers(document_texts(dataset.documents), encoder, plan.encoder_names)
    peers, unavailable = _run_peers(header, rows, openers, progress)
    unjudged = f"{dataset.unjudged_count} 题在这一份里没有标注，没有问" if dataset.unjudged_count else ""
    return Measured(run=run, peers=peers, unavailable=unavailable, notes=(unjudged,) if unjudged else ())


def _fitted_on(retriever: Retriever) -> str:
    kinds = dict.fromkeys(map(retriever.index.is_curated, retriever.index.handbooks))
    return "；".join(retriever.parameters.of(is_curated=is_curated).fitted_on for is_curated in kinds)


def _own_search(name: str, retriever: Retriever, encoder: Encoder) -> Opener:
    return lambda: open_system(name, retriever, encoder)


def _own_document_search(name: str, index: DocumentIndex) -> Opener:
    return lambda: DocumentSystem(name, index, load_parameter_sets().plain.fusion)


def _check_system(name: str, known: Sequence[str]) -> None:
    if name not in known:
        raise DatasetInvalid(f"这个评测集没有检索方式 {name}，可用：{'、'.join(known)}。")


def _check_rows(plan: Plan, rows: Sequence[LabelledQuestion]) -> None:
    if not rows:
        raise DatasetInvalid(f"评测集 {plan.dataset} 的 {plan.split} 部分一道题也没有，没有什么可评。")


def _run_peers(
    header: RunHeader, rows: Sequence[LabelledQuestion], openers: dict[str, Opener], progress: Progress
) -> tuple[tuple[Run, ...], dict[str, str]]:
    runs, unavailable = [], {}
    for name, opener in openers.items():
        if name == header.system:
            continue
        peer = open_peer(opener)
        if isinstance(peer, str):
            unavailable[name] = peer
        else:
            runs.append(_run_peer(header, rows, peer, progress))
    return tuple(runs), unavailable


def _run_peer(header: RunHeader, rows: Sequence[LabelledQuestion], peer: System, progress: Progress) -> Run:
    return run_rows(
        replace(header, system=peer.name, parameters=""), rows, peer, lambda done: progress(peer.name, done, len(rows))
    )

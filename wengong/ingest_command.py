"""`wengong ingest`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from corpus.handbook import Structure
from corpus.manifest import MANIFEST_NAME, Manifest, file_sha256, load_manifest
from corpus.sheet_errors import SheetInvalid
from ingest.add import Replaced, add_handbook, replace_handbook
from ingest.document import Document
from ingest.faq_exchange import SHEET_SUFFIXES, attach_rows
from ingest.handbook import SHIPPED_HANDBOOKS, ingest_handbook
from ingest.merge_sheet import merged_source
from ingest.read import read
from ingest.report import IngestReport, report_on, require_complete
from ingest.report_lines import difference_lines, report_lines
from ingest.structure import recognise
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, progress_bars, talk

# Only these take long enough to show how far reading has come.
PAGED_SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHandbook:
    """What the options say of a handbook to be added; "" or None where nothing was said.

    The fields are those of `Manifest`, but for `expected_count`.
    """

    id: str = ""
    title: str = ""
    edition: str = ""
    publisher: str = ""
    date: str = ""
    structure: Structure | None = None
    effective_from: str = ""
    effective_to: str = ""
    replaces: str = ""
    visibility: str = ""
    expected_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How to go about it.

    Attributes:
        dry_run: Only show what would be.
        allow_missing: Accept a handbook with questions missing.
        merge: Add the rows of a sheet to the handbook of that id.
        as_json: Print JSON.
    """

    dry_run: bool = False
    allow_missing: bool = False
    merge: bool = False
    as_json: bool = False


def run_ingest(source: str, new: NewHandbook, choices: Choices) -> None:
    """Recognise a handbook and print the report; add it, or its next edition, when it was given an id."""
    settings = read_settings(RetrieverSettings)
    path = _known_folder(source, settings) or Path(source)
    if (path / MANIFEST_NAME).is_file():
        report = ingest_handbook(path, allow_missing=choices.allow_missing).report
        _print_report(report, path.name, choices)
        return
    folder = _known_folder(new.id, settings) if new.id else None
    if choices.merge:
        _merge(path, new, folder, choices)
        return
    document, report = _recognised(path, new, folder)
    if folder is not None:
        _replace(path, new, folder, report, choices)
        return
    _print_report(report, path.name, choices)
    require_complete(report, path.name, allow_missing=choices.allow_missing)
    if choices.dry_run:
        return
    if not (new.id and new.title and new.edition):
        _say_what_is_missing(new)
        return
    parent = settings.new_handbooks_folder
    add_handbook(document.path, _manifest(path, new, report), parent, allow_missing=choices.allow_missing)
    talk().print(f"已收入 {parent / new.id}，运行 wengong index 后即可查询。", markup=False)


def _recognised(path: Path, new: NewHandbook, folder: Path | None) -> tuple[Document, IngestReport]:
    structure, title = new.structure, new.title
    if folder is not None:
        old = load_manifest(folder)
        structure, title = structure or old.structure or None, title or old.title
    try:
        if path.suffix.lower() == PAGED_SUFFIX:
            with progress_bars() as progress:
                document = read(path, progress)
        else:
            document = read(path)
    except SheetInvalid as error:
        for problem in error.problems:
            data().print(problem)
        raise
    return document, report_on(document, recognise(document, structure, title), new.expected_count)


def _replace(path: Path, new: NewHandbook, folder: Path, report: IngestReport, choices: Choices) -> None:
    if not choices.as_json:
        _print_report(report, path.name, choices)
    require_complete(report, path.name, allow_missing=choices.allow_missing)
    replaced = replace_handbook(
        path,
        _manifest(path, new, report, load_manifest(folder)),
        folder.parent,
        allow_missing=choices.allow_missing,
        dry_run=choices.dry_run,
    )
    _print_difference(replaced, choices)
    if not choices.dry_run:
        talk().print(f"已换成新的一版：{folder}，运行 wengong index 后生效。", markup=False)


def _merge(path: Path, new: NewHandbook, folder: Path | None, choices: Choices) -> None:
    if folder is None or path.suffix.lower() not in SHEET_SUFFIXES:
        talk().print("[red]--merge 要用 --id 指明一本已经收入的手册，文件应是 .csv 或 .xlsx 问答表。[/red]")
        raise typer.Exit(2)
    source = folder / load_manifest(folder).source_file
    if source.suffix.lower() not in SHEET_SUFFIXES:
        similar, negative = attach_rows(path, folder, dry_run=choices.dry_run)
        talk().print(f"新增相似问 {similar} 条、反例问 {negative} 条；手册原文不变。", markup=False)
        return
    with merged_source(source, path) as merged:
        _, report = _recognised(merged, new, folder)
        _replace(merged, new, folder, report, choices)


def _say_what_is_missing(new: NewHandbook) -> None:
    if new.id or new.title or new.edition:
        talk().print("[red]要收入手册库，请同时给出 --id、--title 和 --edition。[/red]")
        raise typer.Exit(2)
    talk().print("只看了报告。要收入手册库，请加上 --id、--title 和 --edition。")


def _known_folder(source: str, settings: RetrieverSettings) -> Path | None:
    for parent in (SHIPPED_HANDBOOKS, settings.handbooks_folder):
        if (parent / source / MANIFEST_NAME).is_file() and "/" not in source:
            return parent / source
    return None


def _manifest(path: Path, new: NewHandbook, report: IngestReport, old: Manifest | None = None) -> Manifest:
    """Return the manifest of a file; what the options leave open is as in the older edition's."""
    fields: dict[str, Any] = {"publisher": "", "date": "", "terms": "", "visibility": "public"}
    if old is not None:
        fields = {name: getattr(old, name) for name in Manifest.__slots__}
    said = {name: value for name, value in asdict(new).items() if value and name != "expected_count"}
    own = {
        "id": new.id,
        "source_file": "source" + path.suffix.lower(),
        "source_sha256": file_sha256(path),
        "expected_question_count": new.expected_count or report.found_count,
        "origin": path.name if old is None or not path.name.startswith("merged-") else old.origin,
    }
    return Manifest(**(fields | said | own))


def _print_report(report: IngestReport, name: str, choices: Choices) -> None:
    if choices.as_json:
        data().print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    for line in report_lines(report, name):
        data().print(line)


def _print_difference(replaced: Replaced, choices: Choices) -> None:
    if choices.as_json:
        content = {
            "report": asdict(replaced.ingested.report),
            "difference": asdict(replaced.difference),
            "lost": asdict(replaced.lost),
        }
        data().print(json.dumps(content, ensure_ascii=False, indent=2))
        return
    for line in difference_lines(replaced.difference, replaced.lost):
        data().print(line)

"""A handbook folder to a handbook: source, manifest, errata and similar questions, checked against each other."""

from dataclasses import dataclass
from pathlib import Path

from corpus.dictionary import load_dictionary
from corpus.errata import ERRATA_NAME, load_errata
from corpus.errors import ManifestInvalid
from corpus.handbook import Handbook, Section
from corpus.manifest import Manifest, load_manifest, verify_source
from corpus.similar_questions import SIMILAR_QUESTIONS_NAME, load_negative_questions, load_section_wordings
from ingest.document import Document
from ingest.read import read
from ingest.read_sheet import published
from ingest.report import IngestReport, report_on, require_complete
from ingest.structure import recognise

SHIPPED_HANDBOOKS = Path(__file__).resolve().parent.parent / "corpus" / "handbooks"


@dataclass(frozen=True, slots=True)
class IngestedHandbook:
    """A handbook and the account of how it was recognised."""

    handbook: Handbook
    report: IngestReport


def ingest_handbook(folder: Path, *, allow_missing: bool = False) -> IngestedHandbook:
    """Return the handbook in a folder.

    Args:
        folder: Holds `manifest.toml`, the source it names, and optionally `errata.toml` and `similar_questions.jsonl`.
        allow_missing: Accept fewer questions than the manifest expects.

    Raises:
        ManifestInvalid: If manifest, errata or similar questions are malformed or do not fit the text.
        CorpusChanged: If the source is not the one the manifest names.
        UnreadableFile: If the source cannot be read.
        NotAHandbook: If it holds no numbered questions.
        QuestionsMissing: If questions are missing and that is not allowed.
    """
    manifest = load_manifest(folder)
    document = read(verify_source(folder, manifest))
    recognised = recognise(document, manifest.structure or None, manifest.title)
    report = report_on(document, recognised, manifest.expected_question_count)
    require_complete(report, f"{folder.name}/{manifest.source_file}", allow_missing=allow_missing)
    sections = recognised.sections
    handbook = Handbook(
        handbook_id=manifest.id,
        title=manifest.title,
        edition=manifest.edition,
        publisher=manifest.publisher,
        date=manifest.date,
        text=document.text,
        sections=sections,
        errata=load_errata(folder / ERRATA_NAME, document.text),
        similar_questions=(*sheet_wordings(document, sections), *_similar_questions(folder, manifest, sections)),
        negative_questions=(*sheet_negatives(document), *load_negative_questions(folder)),
        starter_questions=manifest.starter_questions,
        structure=recognised.structure,
        page_starts=document.page_starts,
        dictionary=load_dictionary(folder),
        effective_from=manifest.effective_from,
        effective_to=manifest.effective_to,
        replaces=manifest.replaces,
        visibility=manifest.visibility,
        warnings=report.warnings,
    )
    return IngestedHandbook(handbook, report)


def sheet_wordings(document: Document, sections: tuple[Section, ...]) -> tuple[tuple[str, str], ...]:
    """Return (section id, wording) for the similar questions of a sheet; its sections are its published rows."""
    rows = published(document.faq)
    return tuple(
        (section.section_id, wording)
        for row, section in zip(rows, sections if rows else (), strict=True)
        for wording in row.similar_questions
    )


def sheet_negatives(document: Document) -> tuple[str, ...]:
    """Return the negative questions of a sheet, each once."""
    return tuple(dict.fromkeys(text for row in document.faq if row.is_enabled for text in row.negative_questions))


def handbook_folders(*parents: Path) -> list[Path]:
    """Return every handbook folder below some folders, by name; those of later parents come later.

    Raises:
        ManifestInvalid: If two folders have the same name, since a handbook id must be unique.
    """
    folders: dict[str, Path] = {}
    for parent in parents:
        for folder in sorted(path for path in parent.glob("*") if path.is_dir() and not path.name.startswith(".")):
            if folder.name in folders:
                raise ManifestInvalid(
                    f"手册编号 {folder.name} 重复：{folders[folder.name]} 和 {folder}，请改掉其中一个。"
                )
            folders[folder.name] = folder
    return list(folders.values())


def _similar_questions(folder: Path, manifest: Manifest, sections: tuple[Section, ...]) -> tuple[tuple[str, str], ...]:
    known = {section.section_id for section in sections}
    rows = load_section_wordings(folder)
    unknown = dict.fromkeys(section_id.removeprefix("q") for section_id, _ in rows if section_id not in known)
    if unknown:
        numbers = sorted(unknown, key=lambda number: (not number.isdecimal(), number.zfill(5)))
        raise ManifestInvalid(
            f"{folder / SIMILAR_QUESTIONS_NAME}：《{manifest.title}》没有第 {'、'.join(numbers)} 问，请核对。"
        )
    return rows

"""A handbook folder to a handbook: source, manifest, errata and similar questions, checked against each other."""

from dataclasses import dataclass
from pathlib import Path

from corpus.errata import load_errata
from corpus.errors import ManifestInvalid
from corpus.handbook import Handbook
from corpus.manifest import Manifest, load_manifest, verify_source
from corpus.similar_questions import SIMILAR_QUESTIONS_NAME, load_negative_questions, load_similar_questions
from ingest.read import read
from ingest.report import IngestReport, make_report, require_complete
from ingest.sections import find_sections

ERRATA_NAME = "errata.toml"
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
    sections, outline = find_sections(document)
    report = make_report(document, sections, outline, manifest.expected_question_count)
    require_complete(report, f"{folder.name}/{manifest.source_file}", allow_missing=allow_missing)
    handbook = Handbook(
        handbook_id=manifest.id,
        title=manifest.title,
        edition=manifest.edition,
        publisher=manifest.publisher,
        date=manifest.date,
        text=document.text,
        sections=sections,
        errata=load_errata(folder / ERRATA_NAME, document.text),
        similar_questions=_similar_questions(folder, manifest, {section.section_id for section in sections}),
        negative_questions=load_negative_questions(folder),
        starter_questions=manifest.starter_questions,
    )
    return IngestedHandbook(handbook, report)


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


def _similar_questions(folder: Path, manifest: Manifest, section_ids: set[str]) -> tuple[tuple[str, str], ...]:
    rows = load_similar_questions(folder)
    unknown = sorted({number for number, _ in rows if f"q{number}" not in section_ids})
    if unknown:
        raise ManifestInvalid(
            f"{folder / SIMILAR_QUESTIONS_NAME}：《{manifest.title}》没有第 {'、'.join(map(str, unknown))} 问，请核对。"
        )
    return tuple((f"q{number}", wording) for number, wording in rows)

"""The offline path: handbook folders in, a published index version out. `build_index` shows it whole."""

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import IndexProbeFailed, NotAHandbook
from corpus.handbook import Section
from corpus.manifest import load_manifest
from ingest.assemble import assemble
from ingest.pieces import PIECES_FOLDER, make_pieces
from ingest.progress import Progress, silent
from retriever.artifact import VersionManifest
from retriever.encoder import Encoder
from retriever.index import save_manifest
from retriever.normalise import MAX_QUESTION_CHARACTERS
from retriever.pipeline import Retriever
from retriever.publish import building_folder, publish

PROBED_HEADINGS = 3


def build_index(
    folders: Sequence[Path],
    index_folder: Path,
    encoder: Encoder,
    *,
    allow_missing: bool = False,
    progress: Progress = silent,
) -> VersionManifest:
    """Return the manifest of a new, verified and published index version of some handbook folders.

    Only handbooks that are new or have changed since the last time are read and encoded. The served version changes
    only in the last step, at once. The same folders and encoder give the same version. Hidden handbooks are left out.

    Raises:
        CorpusError: If a handbook cannot be read or is not complete, or there is none; see `ingest_handbook`.
        IndexProbeFailed: If the new version does not find its own headings.
    """
    shown = [folder for folder in folders if load_manifest(folder).visibility != "hidden"]
    if not shown:
        raise NotAHandbook("没有可以索引的手册。")
    with building_folder(index_folder) as folder:
        pieces = make_pieces(
            shown, index_folder / PIECES_FOLDER, encoder, allow_missing=allow_missing, progress=progress
        )
        manifest = assemble(folder, pieces, encoder.dimension, progress)
        save_manifest(folder, manifest)
        publish(folder, index_folder, lambda version: probe(version, encoder, progress))
        pieces.remove_others()
    return manifest


def probe(version_folder: Path, encoder: Encoder, progress: Progress = silent) -> None:
    """Return when a version finds its own text: in each handbook, one of the first headings leads to its question.

    One is enough, because a heading may itself ask for another question by number.

    Raises:
        IndexProbeFailed: Otherwise.
        IndexProblem: If the version cannot be opened.
    """
    retriever = Retriever.open(version_folder, encoder)
    for done, handbook in enumerate(retriever.index.handbooks.values(), start=1):
        probed = handbook.entries[:PROBED_HEADINGS]
        if not any(_finds_itself(retriever, handbook.handbook_id, section) for section in probed):
            raise IndexProbeFailed(
                f"新索引用《{handbook.title}》前几问的原题都找不到它们自己，已放弃发布，原来的索引不变。"
            )
        progress("试查", done, len(retriever.index.handbooks))


def _finds_itself(retriever: Retriever, handbook_id: str, section: Section) -> bool:
    answer = retriever.answer(section.heading[:MAX_QUESTION_CHARACTERS], handbook_id=handbook_id)
    return bool(answer.ranking) and answer.ranking[0].key == (handbook_id, section.section_id)

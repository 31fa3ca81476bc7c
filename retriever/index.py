"""One version of the index in memory: handbooks, passages, wordings, and the four searches over them."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from corpus.errors import IndexDamaged, IndexEncoderMismatch, UnknownHandbook, UnknownSection
from corpus.handbook import Handbook, Section
from corpus.passage import Passage
from retriever.artifact import (
    FILES,
    HANDBOOKS,
    MANIFEST,
    MANIFEST_NAME,
    PASSAGES,
    WORDINGS,
    Contents,
    VersionManifest,
    Wording,
    read_manifest,
    verify_files,
)
from retriever.classifier import SectionClassifier
from retriever.dense import DenseIndex, FaissDenseIndex
from retriever.hit import RowRange
from retriever.lexical import Bm25LexicalIndex, LexicalIndex
from retriever.sounds import Sounds

SectionKey = tuple[str, str]
"""(handbook id, section id)"""
Key = TypeVar("Key", str, SectionKey)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One kind of text, searched in two ways; row r of both indexes is text r.

    Attributes:
        dense: By meaning.
        lexical: By words.
        rows: The rows of each section, which stand together.
        handbook_rows: The rows of each handbook, which stand together.
    """

    dense: DenseIndex
    lexical: LexicalIndex
    rows: dict[SectionKey, RowRange]
    handbook_rows: dict[str, RowRange]

    def within(self, handbook_ids: frozenset[str] | None) -> list[RowRange] | None:
        """Return the rows of some handbooks, or None for all."""
        if handbook_ids is None or handbook_ids >= self.handbook_rows.keys():
            return None
        return [rows for handbook_id, rows in self.handbook_rows.items() if handbook_id in handbook_ids]


class SearchIndex:
    """A verified, unchanging index version.

    Attributes:
        manifest: What it was built from.
        handbooks: By id, in the order of their rows.
        passages: Row r of the passage space.
        wordings: Row r of the wording space.
        passage_space: The excerpts that can be cited.
        classifiers: The linear model of each handbook.
        sounds: How the handbooks' words sound.
        wording_space: The headings and similar questions that lead to a section.
        sections: Every citable section.
    """

    def __init__(
        self,
        manifest: VersionManifest,
        contents: Contents,
        *,
        passage_indexes: tuple[DenseIndex, LexicalIndex],
        wording_indexes: tuple[DenseIndex, LexicalIndex],
        classifiers: dict[str, SectionClassifier],
        sounds: Sounds,
    ) -> None:
        self.manifest = manifest
        self.handbooks = {handbook.handbook_id: handbook for handbook in contents.handbooks}
        self.passages = contents.passages
        self.wordings = contents.wordings
        self.classifiers = classifiers
        self.sounds = sounds
        self.passage_space = _space(contents.passages, *passage_indexes)
        self.wording_space = _space(contents.wordings, *wording_indexes)
        self.sections: dict[SectionKey, Section] = {
            (handbook.handbook_id, section.section_id): section
            for handbook in contents.handbooks
            for section in handbook.sections
        }

    @classmethod
    def open(cls, folder: Path, encoder_id: str) -> "SearchIndex":
        """Return the index version in a folder after verifying every file of it.

        Raises:
            IndexDamaged: If a file is missing, changed or unreadable.
            IndexTooNew: If a later program wrote it.
            IndexTooOld: If an earlier program wrote it.
            IndexEncoderMismatch: If its vectors come from another encoder.
        """
        manifest = read_manifest(folder)
        if manifest.encoder_id != encoder_id:
            raise IndexEncoderMismatch(
                f"索引是用向量模型 {manifest.encoder_id} 建的，现在载入的是 {encoder_id}："
                "请运行 wengong index 重建，或改回原来的 WENGONG_ENCODER。"
            )
        verify_files(folder, manifest)
        try:
            contents = Contents(
                handbooks=HANDBOOKS.validate_json((folder / FILES.handbooks).read_bytes()),
                passages=PASSAGES.validate_json((folder / FILES.passages).read_bytes()),
                wordings=WORDINGS.validate_json((folder / FILES.wordings).read_bytes()),
            )
            index = cls(
                manifest,
                contents,
                passage_indexes=_load_pair(folder, FILES.passage_vectors, FILES.passage_terms),
                wording_indexes=_load_pair(folder, FILES.wording_vectors, FILES.wording_terms),
                classifiers={
                    handbook.handbook_id: SectionClassifier.load(folder / FILES.classifiers / handbook.handbook_id)
                    for handbook in contents.handbooks
                },
                sounds=Sounds.load(folder / FILES.sounds),
            )
        except (ValidationError, OSError) as error:
            raise IndexDamaged(f"索引 {folder.name} 的内容无法读取，请运行 wengong index 重建。") from error
        return index

    def handbook(self, handbook_id: str) -> Handbook:
        """Return a handbook.

        Raises:
            UnknownHandbook: If it is not in this index.
        """
        handbook = self.handbooks.get(handbook_id)
        if handbook is None:
            raise UnknownHandbook(f"没有编号为“{handbook_id[:64]}”的手册，现有：{'、'.join(self.handbooks)}。")
        return handbook

    def section(self, handbook_id: str, section_id: str) -> Section:
        """Return a section.

        Raises:
            UnknownHandbook: If the handbook is not in this index.
            UnknownSection: If the handbook has no such section.
        """
        handbook = self.handbook(handbook_id)
        section = self.sections.get((handbook_id, section_id))
        if section is None:
            raise UnknownSection(f"《{handbook.title}》里没有这一问，编号应在 1 到 {len(handbook.questions)} 之间。")
        return section


def save_contents(
    folder: Path,
    contents: Contents,
    passage_indexes: tuple[FaissDenseIndex, Bm25LexicalIndex],
    wording_indexes: tuple[FaissDenseIndex, Bm25LexicalIndex],
    classifiers: dict[str, SectionClassifier],
) -> None:
    """Write everything of a version but its manifest."""
    (folder / FILES.handbooks).write_bytes(HANDBOOKS.dump_json(contents.handbooks))
    (folder / FILES.passages).write_bytes(PASSAGES.dump_json(contents.passages))
    (folder / FILES.wordings).write_bytes(WORDINGS.dump_json(contents.wordings))
    passage_indexes[0].save(folder / FILES.passage_vectors)
    passage_indexes[1].save(folder / FILES.passage_terms)
    wording_indexes[0].save(folder / FILES.wording_vectors)
    wording_indexes[1].save(folder / FILES.wording_terms)
    (folder / FILES.classifiers).mkdir()
    for handbook_id, classifier in classifiers.items():
        classifier.save(folder / FILES.classifiers / handbook_id)


def save_manifest(folder: Path, manifest: VersionManifest) -> None:
    """Write the manifest of a version; done last, so that a folder without one is no version."""
    (folder / MANIFEST_NAME).write_bytes(MANIFEST.dump_json(manifest, indent=2))


def _load_pair(folder: Path, vectors: str, terms: str) -> tuple[FaissDenseIndex, Bm25LexicalIndex]:
    return FaissDenseIndex.load(folder / vectors), Bm25LexicalIndex.load(folder / terms)


def _space(texts: tuple[Passage, ...] | tuple[Wording, ...], dense: DenseIndex, lexical: LexicalIndex) -> Space:
    if not len(texts) == dense.row_count == lexical.row_count:
        raise IndexDamaged("索引里的文字、向量和词项数目不一致，请运行 wengong index 重建。")
    return Space(
        dense=dense,
        lexical=lexical,
        rows=_ranges([(text.handbook_id, text.section_id) for text in texts]),
        handbook_rows=_ranges([text.handbook_id for text in texts]),
    )


def _ranges(keys: list[Key]) -> dict[Key, RowRange]:
    ranges: dict[Key, RowRange] = {}
    start = 0
    for key, group in groupby(keys):
        stop = start + sum(1 for _ in group)
        ranges[key] = RowRange(start, stop)
        start = stop
    return ranges

"""One version of the index in memory: handbooks, passages, wordings, and the four searches over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.editions import outdated_ids, works
from corpus.errors import IndexDamaged, IndexEncoderMismatch, UnknownHandbook, UnknownSection
from corpus.handbook import Handbook, Section
from retriever.artifact import (
    FILES,
    MANIFEST,
    MANIFEST_NAME,
    HandbookEntry,
    VersionManifest,
    read_manifest,
    verify_files,
)
from retriever.classifier_shelf import ClassifierShelf
from retriever.dense import DenseIndex, FaissDenseIndex
from retriever.handbook_shelf import HandbookShelf, SectionShelf
from retriever.hit import RowRange
from retriever.lexical import Bm25LexicalIndex, LexicalIndex
from retriever.mapped_arrays import load_array
from retriever.section_table import SectionKey, SectionTable
from retriever.sounds import Sounds
from retriever.text_tables import PassageTable, WordingTable

__all__ = ["SearchIndex", "SectionKey", "Space", "save_manifest"]
SHOWN_IDS = 20


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
    rows: Mapping[SectionKey, RowRange]
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
        public_ids: The handbooks that everybody is answered from.
        handbooks: By id, in the order of their rows.
        passages: Row r of the passage space.
        wordings: Row r of the wording space.
        passage_space: The excerpts that can be cited.
        classifiers: The linear model of each handbook.
        sounds: How the handbooks' words sound.
        wording_space: The headings and similar questions that lead to a section.
        sections: Every citable section.
        table: The sections by number.
    """

    def __init__(self, manifest: VersionManifest, folder: Path) -> None:
        """Open the files of a version; `open` verifies them first."""
        self.manifest = manifest
        ids = tuple(entry.handbook_id for entry in manifest.handbooks)
        self._entries = {entry.handbook_id: entry for entry in manifest.handbooks}
        self._works = works(entry.dates for entry in manifest.handbooks)
        # Of a function and not of a method: a cache that held its owner would keep a replaced index in memory.
        self._outdated = lru_cache(maxsize=2)(partial(outdated_ids, tuple(entry.dates for entry in manifest.handbooks)))
        self.table = table = SectionTable.load(folder / FILES.sections, ids)
        self._fingerprints = load_array(folder / FILES.fingerprints)
        self.public_ids = frozenset(entry.handbook_id for entry in manifest.handbooks if entry.visibility == "public")
        self.handbooks = HandbookShelf.load(folder / FILES.handbooks, ids)
        self.sections = SectionShelf(self.handbooks, table)
        self.passages = PassageTable.load(folder / FILES.passages, folder / FILES.passage_ids, table)
        self.wordings = WordingTable.load(
            folder / FILES.wordings, folder / FILES.wording_texts, folder / FILES.normalised_wordings, table
        )
        self.classifiers = ClassifierShelf.load(folder / FILES.classifiers, ids)
        self.sounds = Sounds.load(folder / FILES.sounds)
        self.passage_space = _space(
            folder, (FILES.passage_vectors, FILES.passage_terms), table, self.passages.section_numbers
        )
        self.wording_space = _space(
            folder, (FILES.wording_vectors, FILES.wording_terms), table, self.wordings.section_numbers
        )

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
        return cls(manifest, folder)

    def entry(self, handbook_id: str) -> HandbookEntry:
        """Return what the manifest says of a handbook that is in this index."""
        return self._entries[handbook_id]

    def is_curated(self, handbook_id: str) -> bool:
        """Return whether somebody wrote down how people ask this handbook; see `HandbookEntry.is_curated`."""
        return self._entries[handbook_id].is_curated

    def date_of(self, handbook_id: str) -> str:
        """Return the day from which an edition counts, as far as known, for sorting."""
        entry = self._entries[handbook_id]
        return entry.effective_from or entry.date

    def work_of(self, handbook_id: str) -> str | None:
        """Return the name that all editions of a handbook share, or None for one without other editions."""
        return self._works.get(handbook_id)

    def outdated_ids(self, today: date) -> frozenset[str]:
        """Return the ids of the editions that no longer count."""
        return self._outdated(today)

    def fingerprints(self, key: SectionKey) -> tuple[int, int]:
        """Return numbers that are the same for sections of the same words and heading, and of the same heading."""
        content, heading = self._fingerprints[self.table.number_of[key]].tolist()
        return content, heading

    def handbook(self, handbook_id: str) -> Handbook:
        """Return a handbook.

        Raises:
            UnknownHandbook: If it is not in this index.
        """
        handbook = self.handbooks.get(handbook_id)
        if handbook is None:
            known = [entry.handbook_id for entry in self.manifest.handbooks if entry.visibility == "public"]
            shown = "、".join(known[:SHOWN_IDS]) + (f" 等 {len(known)} 本" if len(known) > SHOWN_IDS else "")
            raise UnknownHandbook(f"没有编号为“{handbook_id[:64]}”的手册，现有：{shown}。")
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


def save_manifest(folder: Path, manifest: VersionManifest) -> None:
    """Write the manifest of a version; done last, so that a folder without one is no version."""
    (folder / MANIFEST_NAME).write_bytes(MANIFEST.dump_json(manifest, indent=2))


def _space(folder: Path, names: tuple[str, str], table: SectionTable, numbers: NDArray[np.int32]) -> Space:
    dense, lexical = FaissDenseIndex.load(folder / names[0]), Bm25LexicalIndex.load(folder / names[1])
    if not len(numbers) == dense.row_count == lexical.row_count:
        raise IndexDamaged("索引里的文字、向量和词项数目不一致，请运行 wengong index 重建。")
    rows, handbook_rows = table.ranges(numbers)
    return Space(dense=dense, lexical=lexical, rows=rows, handbook_rows=handbook_rows)

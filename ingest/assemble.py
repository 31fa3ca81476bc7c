"""Pieces of handbooks to the files of an index version."""

import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.background import unrelated_similarities
from ingest.pieces import PieceFiles
from ingest.progress import Progress
from ingest.sounds import find_sounds
from retriever.artifact import (
    FILES,
    FORMAT_VERSION,
    HandbookEntry,
    VersionManifest,
    entry_of,
    file_checksums,
    named,
)
from retriever.classifier_shelf import save_classifiers
from retriever.dense import FaissDenseIndex
from retriever.encoder import Vectors
from retriever.lexical import Bm25LexicalIndex
from retriever.section_table import SectionTable
from retriever.term_counts import TermCounts
from retriever.text_blocks import TextWriter

# Sounds are learnt from at most this many passages, at even steps.
MAX_SOUND_TEXTS = 4_000


@dataclass(frozen=True, slots=True)
class _Counts(Iterable[TermCounts]):
    """The term counts of pieces, read one piece at a time, as often as they are gone through."""

    pieces: PieceFiles
    kind: str

    def __iter__(self) -> Iterator[TermCounts]:
        return (piece.terms(self.kind) for piece in self.pieces)


def assemble(folder: Path, pieces: PieceFiles, dimension: int, progress: Progress) -> VersionManifest:
    """Return the manifest of a version after writing all its files but the manifest itself.

    No more than one piece is in memory at a time, and vectors are laid together on disk.
    """
    steps = 8
    entries, section_numbers = _write_tables(folder, pieces)
    progress("写索引", 1, steps)
    save_classifiers(folder / FILES.classifiers, (piece.classifier for piece in pieces))
    progress("写索引", 2, steps)
    step = -(-len(section_numbers[0]) // MAX_SOUND_TEXTS)
    find_sounds([text for piece in pieces for text in piece.words("passage_texts")[::step]]).save(folder / FILES.sounds)
    progress("写索引", 3, steps)
    Bm25LexicalIndex.build_from_counts(_Counts(pieces, "passage")).save(folder / FILES.passage_terms)
    progress("写索引", 4, steps)
    Bm25LexicalIndex.build_from_counts(_Counts(pieces, "wording")).save(folder / FILES.wording_terms)
    progress("写索引", 5, steps)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-vectors-") as aside:
        passage_vectors, wording_vectors = _lay_together(Path(aside), pieces, section_numbers, dimension)
        # One thread each: FAISS lets go of the interpreter while it builds.
        with ThreadPoolExecutor(2) as pool:
            passages_saved = pool.submit(_build_dense, passage_vectors, folder / FILES.passage_vectors)
            wordings_saved = pool.submit(_build_dense, wording_vectors, folder / FILES.wording_vectors)
            wordings_saved.result()
            progress("写索引", 6, steps)
            passages_saved.result()
        progress("写索引", 7, steps)
        passages, wordings = (passage_vectors, section_numbers[0]), (wording_vectors, section_numbers[1])
        manifest = VersionManifest(
            format_version=FORMAT_VERSION,
            version="",
            encoder_id=pieces.encoder_id,
            dimension=dimension,
            handbooks=tuple(entries),
            passage_background=unrelated_similarities(*wordings, *passages),
            wording_background=unrelated_similarities(*wordings, *wordings),
            file_sha256=file_checksums(folder),
        )
    progress("写索引", 8, steps)
    return named(manifest)


def _build_dense(vectors: Vectors, path: Path) -> None:
    FaissDenseIndex.build(vectors).save(path)


def _write_tables(folder: Path, pieces: PieceFiles) -> tuple[list[HandbookEntry], tuple[list[int], list[int]]]:
    """Write handbooks, sections, passages and wordings; return the entries and the section number of each row."""
    entries, section_ids, fingerprints, passages, passage_ids, wordings = [], [], [], [], [], []
    first = 0
    with (
        TextWriter(folder / FILES.handbooks) as handbooks,
        TextWriter(folder / FILES.wording_texts) as texts,
        TextWriter(folder / FILES.normalised_wordings) as normalised,
    ):
        for piece in pieces:
            handbooks.write(piece.handbook_json)
            for text in piece.words("wording_texts"):
                texts.write(_bytes(text))
            for text in piece.words("normalised_wordings"):
                normalised.write(_bytes(text) + b"\n")
            entries.append(entry_of(piece.words("entry")))
            section_ids.append(piece.words("section_ids"))
            fingerprints.append(piece.fingerprints)
            passages.append(piece.passages + np.array([first, 0, 0], dtype=np.int32))
            passage_ids.append(piece.passage_ids)
            wordings.append(piece.wordings + np.array([first, 0], dtype=np.int32))
            first += len(section_ids[-1]) + 1  # the last one stands for the negative questions
    SectionTable([entry.handbook_id for entry in entries], section_ids).save(folder / FILES.sections)
    tables: dict[str, NDArray[Any]] = {
        FILES.fingerprints: np.concatenate(fingerprints),
        FILES.passages: np.concatenate(passages),
        FILES.passage_ids: np.concatenate(passage_ids),
        FILES.wordings: np.concatenate(wordings),
    }
    for name, table in tables.items():
        np.save(folder / name, table, allow_pickle=False)
    return entries, (tables[FILES.passages][:, 0].tolist(), tables[FILES.wordings][:, 0].tolist())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _lay_together(
    folder: Path, pieces: PieceFiles, section_numbers: tuple[list[int], list[int]], dimension: int
) -> tuple[Vectors, Vectors]:
    """Return all vectors of passages and of wordings, in arrays that lie on disk."""
    arrays = tuple(
        np.lib.format.open_memmap(folder / name, mode="w+", dtype=np.float32, shape=(len(numbers), dimension))
        for name, numbers in zip(("passages.npy", "wordings.npy"), section_numbers, strict=True)
    )
    rows = [0, 0]
    for place in range(len(pieces.names)):
        for side, vectors in enumerate(pieces.vectors(place)):
            arrays[side][rows[side] : rows[side] + len(vectors)] = vectors
            rows[side] += len(vectors)
    return arrays[0], arrays[1]

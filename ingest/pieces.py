"""The pieces of many handbooks: those that are on disk already are read, the others made, several at a time."""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexDamaged
from ingest.piece import (
    PIECE_SUFFIX,
    Piece,
    load_piece,
    load_vectors,
    make_piece,
    piece_name,
    remove_other_files,
    save_piece,
    save_vectors,
    vectors_name,
)
from ingest.progress import Progress
from retriever.encoder import Encoder, Vectors

PIECES_FOLDER = "pieces"
ENCODED_AT_ONCE = 256
# Below this many a second process takes longer to start than it saves.
MIN_SHARED = 8


@dataclass(frozen=True, slots=True)
class PieceFiles(Sequence[Piece]):
    """Pieces that lie on disk, in the order of their handbooks; each is read whenever it is asked for."""

    folder: Path
    names: tuple[str, ...]
    encoder_id: str

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, place: int) -> Piece:  # type: ignore[override]  # never sliced
        piece = load_piece(self.folder / f"{self.names[place]}{PIECE_SUFFIX}")
        if piece is None:
            raise IndexDamaged(f"{self.folder} 里的中间文件刚写好就被改动，请再运行一次 wengong index。")
        return piece

    def vectors(self, place: int) -> tuple[Vectors, Vectors]:
        """Return the vectors of a piece's passages and wordings."""
        vectors = load_vectors(self.folder / vectors_name(self.names[place], self.encoder_id))
        if vectors is None:
            raise IndexDamaged(f"{self.folder} 里的中间文件刚写好就被改动，请再运行一次 wengong index。")
        return vectors

    def remove_others(self) -> None:
        """Remove the pieces of handbooks that are not among these."""
        pieces = [f"{name}{PIECE_SUFFIX}" for name in self.names]
        remove_other_files(self.folder, pieces + [vectors_name(name, self.encoder_id) for name in self.names])


def make_pieces(
    folders: Sequence[Path], pieces_folder: Path, encoder: Encoder, *, allow_missing: bool, progress: Progress
) -> PieceFiles:
    """Return the pieces of some handbook folders after making those that are not on disk yet.

    Raises:
        CorpusError: If a handbook cannot be read or is not complete; see `ingest_handbook`.
    """
    pieces_folder.mkdir(parents=True, exist_ok=True)
    names = [piece_name(folder, allow_missing=allow_missing) for folder in folders]
    missing = [
        (folder, pieces_folder / f"{name}{PIECE_SUFFIX}")
        for folder, name in zip(folders, names, strict=True)
        if load_piece(pieces_folder / f"{name}{PIECE_SUFFIX}") is None
    ]
    for done, _ in enumerate(_made(missing, allow_missing=allow_missing), start=1):
        progress("识别手册", done, len(missing))
    files = PieceFiles(pieces_folder, tuple(names), encoder.encoder_id)
    _encode_missing(files, encoder, progress)
    return files


def _made(missing: list[tuple[Path, Path]], *, allow_missing: bool) -> Iterator[None]:
    jobs = [(folder, path, allow_missing) for folder, path in missing]
    workers = min(os.cpu_count() or 1, len(jobs) // MIN_SHARED)
    if workers < 2:  # noqa: PLR2004 - one process is this one
        yield from map(_make, jobs)
        return
    # Not forked: the parent holds threads and locks of other libraries.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_make, jobs, chunksize=4)


def _make(job: tuple[Path, Path, bool]) -> None:
    folder, path, allow_missing = job
    save_piece(path, make_piece(folder, allow_missing=allow_missing))


def _encode_missing(files: PieceFiles, encoder: Encoder, progress: Progress) -> None:
    places = [
        place
        for place, name in enumerate(files.names)
        if load_vectors(files.folder / vectors_name(name, encoder.encoder_id)) is None
    ]
    for done, place in enumerate(places, start=1):
        piece = files[place]
        passages, wordings = _encoded(piece.passage_texts, encoder), _encoded(piece.normalised_wordings, encoder)
        save_vectors(files.folder / vectors_name(files.names[place], encoder.encoder_id), passages, wordings)
        progress("编码", done, len(places))


def _encoded(texts: list[str], encoder: Encoder) -> Vectors:
    import numpy as np

    blocks = [encoder.encode(texts[start : start + ENCODED_AT_ONCE]) for start in range(0, len(texts), ENCODED_AT_ONCE)]
    return np.concatenate(blocks) if blocks else encoder.encode([])

"""The pieces of many handbooks: those that are on disk already are read, the others made, several at a time."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen

import numpy as np

from ingest.piece import make_piece, piece_name
from ingest.piece_files import (
    PIECE_SUFFIX,
    StoredPiece,
    is_whole,
    load_piece,
    load_vectors,
    remove_other_files,
    save_piece,
    save_vectors,
    vectors_name,
)
from ingest.progress import Progress
from retriever.encoder import Encoder, Vectors

PIECES_FOLDER = "pieces"
REPOSITORY = Path(__file__).resolve().parent.parent
ENCODED_AT_ONCE = 256
# Below this many a second process takes longer to start than it saves.
MIN_SHARED = 8


@dataclass(frozen=True, slots=True)
class PieceFiles:
    """Pieces that lie on disk, in the order of their handbooks; each is read whenever it is asked for."""

    folder: Path
    names: tuple[str, ...]
    encoder_id: str

    def __iter__(self) -> Iterator[StoredPiece]:
        return map(self.piece, range(len(self.names)))

    def piece(self, place: int) -> StoredPiece:
        """Return one piece."""
        return load_piece(self.folder / f"{self.names[place]}{PIECE_SUFFIX}")

    def vectors(self, place: int) -> tuple[Vectors, Vectors]:
        """Return the vectors of a piece's passages and wordings."""
        return load_vectors(self.folder / vectors_name(self.names[place], self.encoder_id))

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
        if not is_whole(pieces_folder / f"{name}{PIECE_SUFFIX}")
    ]
    for _, path in missing:
        path.unlink(missing_ok=True)  # one that is there is damaged
    for done, _ in enumerate(_made(missing, allow_missing=allow_missing), start=1):
        progress("识别手册", done, len(missing))
    files = PieceFiles(pieces_folder, tuple(names), encoder.encoder_id)
    _encode_missing(files, encoder, progress)
    return files


def _made(missing: list[tuple[Path, Path]], *, allow_missing: bool) -> Iterator[None]:
    """Make pieces, several at a time, and yield after each."""
    worker_count = min(os.cpu_count() or 1, len(missing) // MIN_SHARED)
    if worker_count > 1:
        with _workers(worker_count) as workers:
            # Each worker has one job and the next, so that it never waits for this process.
            for place, (folder, path) in enumerate(missing):
                worker = workers[place % worker_count]
                if place >= 2 * worker_count:
                    _answer(worker)
                    yield
                _ask(worker, folder, path, allow_missing=allow_missing)
            for place in range(max(0, len(missing) - 2 * worker_count), len(missing)):
                _answer(workers[place % worker_count])
                yield
    # Without workers all of them; with workers those that failed, which now say why.
    for folder, path in missing:
        if not path.is_file():
            save_piece(path, make_piece(folder, allow_missing=allow_missing))
            yield


@contextmanager
def _workers(count: int) -> Iterator[list[Popen[str]]]:
    """Give processes that make pieces; a pool of `multiprocessing` would run the caller's own script again."""
    command = [sys.executable, "-m", "ingest.piece_worker"]
    # Standard error goes where this process's goes; the packages are found as this process finds them.
    workers = [Popen(command, cwd=REPOSITORY, stdin=PIPE, stdout=PIPE, text=True) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def _ask(worker: Popen[str], folder: Path, path: Path, *, allow_missing: bool) -> None:
    if worker.stdin is not None:
        worker.stdin.write(json.dumps([str(folder.resolve()), str(path.resolve()), allow_missing]) + "\n")
        worker.stdin.flush()


def _answer(worker: Popen[str]) -> None:
    if worker.stdout is not None:
        worker.stdout.readline()


def _encode_missing(files: PieceFiles, encoder: Encoder, progress: Progress) -> None:
    places = [
        place
        for place, name in enumerate(files.names)
        if not is_whole(files.folder / vectors_name(name, encoder.encoder_id))
    ]
    for done, place in enumerate(places, start=1):
        piece = files.piece(place)
        passages = _encoded(piece.words("passage_texts"), encoder)
        wordings = _encoded(piece.words("normalised_wordings"), encoder)
        save_vectors(files.folder / vectors_name(files.names[place], encoder.encoder_id), passages, wordings)
        progress("编码", done, len(places))


def _encoded(texts: list[str], encoder: Encoder) -> Vectors:
    blocks = [encoder.encode(texts[start : start + ENCODED_AT_ONCE]) for start in range(0, len(texts), ENCODED_AT_ONCE)]
    return np.concatenate(blocks) if blocks else encoder.encode([])

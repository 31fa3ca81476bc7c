"""Pieces and their vectors as files: written whole or not at all, and checked before they are trusted."""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from ingest.piece import Piece
from retriever.classifier import SectionClassifier
from retriever.encoder import Vectors
from retriever.term_counts import TermCounts

PIECE_SUFFIX: Final = ".piece"
VECTORS_SUFFIX: Final = ".vectors"
DIGEST_BYTES = 32


def save_piece(path: Path, piece: Piece) -> None:
    """Write a piece to a file, whole or not at all."""
    words: dict[str, Any] = {
        "entry": piece.entry,
        "section_ids": piece.section_ids,
        "wording_texts": piece.wording_texts,
        "passage_texts": piece.passage_texts,
        "normalised_wordings": piece.normalised_wordings,
        "passage_vocabulary": piece.passage_terms.vocabulary,
        "wording_vocabulary": piece.wording_terms.vocabulary,
        "classifier_sections": piece.classifier.section_ids,
        "classifier_terms": list(piece.classifier.columns),
    }
    tensors: dict[str, NDArray[Any]] = {
        "handbook": np.frombuffer(piece.handbook_json, dtype=np.uint8),
        "passages": piece.passages,
        "fingerprints": piece.fingerprints,
        "passage_ids": piece.passage_ids.view(np.int64),
        "wordings": piece.wordings,
        "classifier_idf": piece.classifier.inverse_document_frequencies,
        "classifier_weights": piece.classifier.weights,
        "classifier_bias": piece.classifier.bias,
    }
    for kind, counts in (("passage", piece.passage_terms), ("wording", piece.wording_terms)):
        for name in ("rows", "columns", "counts", "lengths"):
            tensors[f"{kind}_{name}"] = getattr(counts, name)
    for name, content in words.items():
        tensors[name] = np.frombuffer(json.dumps(content).encode(), dtype=np.uint8)
    _write(path, save_tensors({name: np.ascontiguousarray(array) for name, array in tensors.items()}))


class StoredPiece:
    """A piece on disk; words are parsed when they are asked for. The attributes are those of `Piece`."""

    def __init__(self, tensors: dict[str, NDArray[Any]]) -> None:
        self._tensors = tensors
        self.handbook_json = tensors["handbook"].tobytes()
        self.fingerprints: NDArray[np.int64] = tensors["fingerprints"]
        self.passages: NDArray[np.int32] = tensors["passages"]
        self.passage_ids: NDArray[np.uint64] = tensors["passage_ids"].view(np.uint64)
        self.wordings: NDArray[np.int32] = tensors["wordings"]

    def words(self, name: str) -> Any:  # noqa: ANN401 - what the attribute of that name is
        """Return an attribute that is made of words: entry, section_ids, and the texts."""
        return json.loads(self._tensors[name].tobytes())

    def terms(self, kind: str) -> TermCounts:
        """Return the term counts of its passages ("passage") or wordings ("wording")."""
        arrays = {name: self._tensors[f"{kind}_{name}"] for name in ("rows", "columns", "counts", "lengths")}
        return TermCounts(vocabulary=tuple(self.words(f"{kind}_vocabulary")), **arrays)

    @property
    def classifier(self) -> SectionClassifier:
        """The linear model of its sections."""
        return SectionClassifier(
            columns={term: column for column, term in enumerate(self.words("classifier_terms"))},
            section_ids=tuple(self.words("classifier_sections")),
            inverse_document_frequencies=self._tensors["classifier_idf"],
            weights=self._tensors["classifier_weights"],
            bias=self._tensors["classifier_bias"],
        )


def load_piece(path: Path) -> StoredPiece:
    """Return the piece in a file that `is_whole`."""
    return StoredPiece(load_tensors(path.read_bytes()[DIGEST_BYTES:]))


def save_vectors(path: Path, passages: Vectors, wordings: Vectors) -> None:
    """Write the vectors of a piece to a file, whole or not at all."""
    _write(path, save_tensors({"passages": passages, "wordings": wordings}))


def load_vectors(path: Path) -> tuple[Vectors, Vectors]:
    """Return the vectors of passages and wordings in a file that `is_whole`."""
    tensors = load_tensors(path.read_bytes()[DIGEST_BYTES:])
    return tensors["passages"], tensors["wordings"]


def vectors_name(piece: str, encoder_id: str) -> str:
    """Return the name of the file with a piece's vectors by one encoder."""
    return f"{piece}-{hashlib.sha256(encoder_id.encode()).hexdigest()[:16]}{VECTORS_SUFFIX}"


def remove_other_files(folder: Path, kept: Sequence[str]) -> None:
    """Remove every piece and vector file but some; what a killed process left half written goes too."""
    names = set(kept)
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(hashlib.sha256(content).digest())
        file.write(content)
    Path(name).replace(path)


def is_whole(path: Path) -> bool:
    """Return whether a file is there and holds what was once written to it."""
    try:
        content = memoryview(path.read_bytes())
    except OSError:
        return False
    return hashlib.sha256(content[DIGEST_BYTES:]).digest() == content[:DIGEST_BYTES]

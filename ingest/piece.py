"""What indexing makes of one handbook, kept on disk, so that a change of one of many handbooks costs that one only.

A piece is named after the checksum of everything it follows from: the handbook folder's files, and the program's own
code. Vectors are kept apart, since they also follow from the encoder. Each file begins with the checksum of the rest of
it and is written aside first, so a piece is whole or it is made again.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from corpus.handbook import Handbook
from corpus.manifest import file_sha256
from corpus.text import folded
from ingest.fit_classifier import fit_classifier
from ingest.handbook import ingest_handbook
from ingest.passages import find_passages
from ingest.searched_text import find_wordings, searched_passages
from retriever.artifact import NO_SECTION
from retriever.classifier import SectionClassifier
from retriever.encoder import Vectors
from retriever.handbook_shelf import HANDBOOK
from retriever.normalise import Normaliser
from retriever.term_counts import TermCounts
from retriever.terms import fine_terms, terms

PIECE_SUFFIX: Final = ".piece"
VECTORS_SUFFIX: Final = ".vectors"
DIGEST_BYTES = 32
_REPOSITORY = Path(__file__).resolve().parent.parent
CODE_FOLDERS = ("corpus", "ingest", "retriever")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """One handbook, ready to be put together with others.

    Attributes:
        entry: What a list of handbooks says of it; the fields of `HandbookEntry`.
        handbook_json: The whole handbook as it stands in the index.
        section_ids: In reading order.
        fingerprints: What sections of the same words and heading, and of the same heading, have in common, shape
            (sections + 1, 2); the last row is zero.
        passages: Place of the section, start and end of each passage, shape (passages, 3).
        passage_ids: Their ids as numbers.
        wordings: Place of the section (one behind the last for negative questions) and whether it is a heading, of each
            wording, shape (wordings, 2).
        wording_texts: As written.
        passage_texts: As searched.
        normalised_wordings: As searched.
        passage_terms: Of the passages.
        wording_terms: Of the wordings.
        classifier: The linear model of its sections.
    """

    entry: dict[str, Any]
    handbook_json: bytes
    section_ids: list[str]
    fingerprints: NDArray[np.int64]
    passages: NDArray[np.int32]
    passage_ids: NDArray[np.uint64]
    wordings: NDArray[np.int32]
    wording_texts: list[str]
    passage_texts: list[str]
    normalised_wordings: list[str]
    passage_terms: TermCounts
    wording_terms: TermCounts
    classifier: SectionClassifier


def piece_name(folder: Path, *, allow_missing: bool) -> str:
    """Return the name of a handbook folder's piece: 32 hexadecimal digits that follow from files and code."""
    digest = hashlib.sha256(f"{code_checksum()}{allow_missing}".encode())
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        digest.update(f"{path.name}\0{file_sha256(path)}\0".encode())
    return digest.hexdigest()[:32]


@cache
def code_checksum() -> str:
    """Return the checksum of the code that pieces follow from."""
    digest = hashlib.sha256()
    for name in CODE_FOLDERS:
        for path in sorted((_REPOSITORY / name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def make_piece(folder: Path, *, allow_missing: bool) -> Piece:
    """Return the piece of a handbook folder; raises what `ingest_handbook` raises."""
    normalise = Normaliser()
    handbook = ingest_handbook(folder, allow_missing=allow_missing).handbook
    passages, wordings = find_passages(handbook), list(find_wordings(handbook))
    places = {section.section_id: place for place, section in enumerate(handbook.sections)}
    places[NO_SECTION] = len(places)
    passage_texts = [normalise(text) for text in searched_passages(passages, handbook)]
    wording_texts = [normalise(wording.text) for wording in wordings]
    fine = [fine_terms(text) for text in [*wording_texts, *passage_texts]]
    return Piece(
        entry={
            "handbook_id": handbook.handbook_id,
            "title": handbook.title,
            "edition": handbook.edition,
            "publisher": handbook.publisher,
            "date": handbook.date,
            "structure": handbook.structure,
            "effective_from": handbook.effective_from,
            "effective_to": handbook.effective_to,
            "replaces": handbook.replaces,
            "visibility": handbook.visibility,
            "warnings": list(handbook.warnings),
            "text_sha256": hashlib.sha256(handbook.text.encode("utf-8", "surrogatepass")).hexdigest(),
            "question_count": len(handbook.entries),
            "passage_count": len(passages),
            "wording_count": len(wordings),
        },
        handbook_json=HANDBOOK.dump_json(handbook),
        section_ids=[section.section_id for section in handbook.sections],
        fingerprints=_fingerprints(handbook),
        passages=np.array(
            [(places[passage.section_id], passage.start, passage.end) for passage in passages], dtype=np.int32
        ).reshape(-1, 3),
        passage_ids=np.array([int(passage.passage_id[2:], 16) for passage in passages], dtype=np.uint64),
        wordings=np.array(
            [(places[wording.section_id], wording.is_heading) for wording in wordings], dtype=np.int32
        ).reshape(-1, 2),
        wording_texts=[wording.text for wording in wordings],
        passage_texts=passage_texts,
        normalised_wordings=wording_texts,
        passage_terms=TermCounts.of([terms(text) for text in passage_texts]),
        wording_terms=TermCounts.of([terms(text) for text in wording_texts]),
        classifier=fit_classifier(fine, [text.section_id for text in [*wordings, *passages]]),
    )


def _fingerprints(handbook: Handbook) -> NDArray[np.int64]:
    rows = []
    for section in handbook.sections:
        heading = _plain(section.heading)
        words = _plain("".join(handbook.text[span.start : span.end] for span in section.paragraphs))
        rows.append((_number(f"{heading}\0{words}"), _number(heading)))
    return np.array([*rows, (0, 0)], dtype=np.int64)


def _plain(words: str) -> str:
    return "".join(folded(words).split())


def _number(words: str) -> int:
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:8], "big", signed=True)


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

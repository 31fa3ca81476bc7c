"""What indexing makes of one handbook, kept on disk, so that a change of one of many handbooks costs that one only.

A piece is named after the checksum of everything it follows from: the handbook folder's files, and the program's own
code. Vectors are kept apart, since they also follow from the encoder. Each file begins with the checksum of the rest of
it and is written aside first, so a piece is whole or it is made again.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.handbook import Handbook
from corpus.manifest import file_sha256
from corpus.passage import Passage
from corpus.text import folded
from ingest.fit_classifier import fit_classifier
from ingest.handbook import ingest_handbook
from ingest.passages import find_passages
from ingest.searched_text import find_wordings, searched_passages
from retriever.artifact import NO_SECTION
from retriever.classifier import SectionClassifier
from retriever.handbook_shelf import HANDBOOK
from retriever.normalise import Normaliser
from retriever.term_counts import TermCounts
from retriever.terms import characters, terms

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
    passage_terms, wording_terms = [terms(text) for text in passage_texts], [terms(text) for text in wording_texts]
    texts = zip([*wording_texts, *passage_texts], [*wording_terms, *passage_terms], strict=True)
    fine = [own + characters(text) for text, own in texts]
    section_ids = [wording.section_id for wording in wordings] + [passage.section_id for passage in passages]
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
        passage_ids=np.array([_id_number(passage) for passage in passages], dtype=np.uint64),
        wordings=np.array(
            [(places[wording.section_id], wording.is_heading) for wording in wordings], dtype=np.int32
        ).reshape(-1, 2),
        wording_texts=[wording.text for wording in wordings],
        passage_texts=passage_texts,
        normalised_wordings=wording_texts,
        passage_terms=TermCounts.of(passage_terms),
        wording_terms=TermCounts.of(wording_terms),
        classifier=fit_classifier(fine, section_ids),
    )


def _id_number(passage: Passage) -> int:
    return int(passage.passage_id.removeprefix("p_"), base=16)


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

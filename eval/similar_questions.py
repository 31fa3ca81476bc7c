"""The curated wordings of a handbook put to the test: each asked while it is not in the index."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.similar_questions import SIMILAR_QUESTIONS_NAME, load_similar_questions
from eval.dataset import section_id
from ingest.pipeline import build_index
from retriever.encoder import Encoder, Vectors
from retriever.normalise import Normaliser
from retriever.pipeline import Retriever

# Cosine similarities: below the one a wording is like no other of its question, from the other on it says the same.
LONELY: Final = 0.35
SAME: Final = 0.9
COMPARED_AT_ONCE: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWording:
    """A similar question, asked while it and its fold were not in the index.

    Attributes:
        expected: The section it is attached to.
        wording: As written.
        served: The section that came first; "" when none did.
        place: Place of the expected section, from 1; None when it was no candidate.
        own_similarity: Cosine similarity to the nearest other wording of its section.
        other_similarity: To the nearest wording of any other section.
        other_wording: That wording.
        other_section: Its section.
    """

    expected: str
    wording: str
    served: str
    place: int | None
    own_similarity: float
    other_similarity: float
    other_wording: str
    other_section: str

    @property
    def is_right(self) -> bool:
        """Whether its section came first."""
        return self.place == 1

    @property
    def is_lonely(self) -> bool:
        """Whether no other wording of its section is like it, and it was not found: more like it are needed."""
        return not self.is_right and self.own_similarity < LONELY

    @property
    def contradicts(self) -> bool:
        """Whether a wording of another section says the same: one of the two is attached wrongly."""
        return self.other_similarity >= SAME


@dataclass(frozen=True, slots=True)
class Theft:
    """So many wordings of one section that another was served for."""

    expected: str
    served: str
    count: int


def ask_left_out(
    handbook_folder: Path, encoder: Encoder, fold_count: int, progress: Callable[[str, int, int], None]
) -> tuple[AskedWording, ...]:
    """Return each similar question of a handbook folder, asked while the tenth (or so) it belongs to was left out.

    Fold f holds every wording whose place is f modulo `fold_count`, so each question loses about as many.
    """
    wordings = load_similar_questions(handbook_folder)
    normalise = Normaliser()
    sections = [section_id(number) for number, _ in wordings]
    vectors = encoder.encode([normalise(text) for _, text in wordings])
    nearest = _nearest(vectors, sections)
    asked: dict[int, AskedWording] = {}
    for fold in range(fold_count):
        retriever = _without_fold(handbook_folder, encoder, wordings, fold, fold_count)
        for place in range(fold, len(wordings), fold_count):
            found = [ranked.key[1] for ranked in retriever.answer(wordings[place][1]).ranking]
            own, other, other_place = nearest[place]
            asked[place] = AskedWording(
                expected=sections[place],
                wording=wordings[place][1],
                served=found[0] if found else "",
                place=found.index(sections[place]) + 1 if sections[place] in found else None,
                own_similarity=round(own, 4),
                other_similarity=round(other, 4),
                other_wording=wordings[other_place][1],
                other_section=sections[other_place],
            )
        progress("拿掉再问", fold + 1, fold_count)
    return tuple(asked[place] for place in sorted(asked))


def thefts(asked: Sequence[AskedWording]) -> tuple[Theft, ...]:
    """Return which sections were served for which, most often first, ties by name."""
    counts = Counter((one.expected, one.served) for one in asked if not one.is_right)
    return tuple(
        Theft(expected, served, count)
        for (expected, served), count in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    )


def _without_fold(
    handbook_folder: Path, encoder: Encoder, wordings: Sequence[tuple[int, str]], fold: int, fold_count: int
) -> Retriever:
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / handbook_folder.name
        shutil.copytree(handbook_folder, copy)
        kept = [wording for place, wording in enumerate(wordings) if place % fold_count != fold]
        lines = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in kept)
        (copy / SIMILAR_QUESTIONS_NAME).write_text("".join(lines), encoding="utf-8")
        build_index([copy], Path(temporary) / "index", encoder)
        return Retriever.open_current(Path(temporary) / "index", encoder)


def _nearest(vectors: Vectors, sections: Sequence[str]) -> list[tuple[float, float, int]]:
    """Return for each wording: similarity of the nearest of its section, of the nearest other one, and its place."""
    codes = np.unique(np.array(sections), return_inverse=True)[1]
    nearest: list[tuple[float, float, int]] = []
    for start in range(0, len(vectors), COMPARED_AT_ONCE):
        block = vectors[start : start + COMPARED_AT_ONCE]
        similarities: NDArray[np.float32] = block @ vectors.T
        places = np.arange(start, start + len(block))
        similarities[np.arange(len(block)), places] = -1.0
        is_own = codes[places][:, None] == codes[None, :]
        own = np.where(is_own, similarities, -1.0).max(axis=1)
        others = np.where(is_own, -1.0, similarities)
        best = others.argmax(axis=1)
        other = others[np.arange(len(block)), best]
        nearest += list(zip(own.tolist(), other.tolist(), best.tolist(), strict=True))
    return nearest

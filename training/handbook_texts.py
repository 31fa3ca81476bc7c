"""A handbook's own texts, each with the section it belongs to: what the encoder is tuned on."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.handbook import ingest_handbook
from ingest.passages import find_passages
from ingest.searched_text import find_wordings, searched_passage
from retriever.artifact import NO_SECTION
from retriever.normalise import Normaliser
from training.token_lists import Ids

Flags = NDArray[np.bool_]

NEGATIVE = -1
"""The label of a negative question, which no section answers."""


@dataclass(frozen=True)
class LabelledTexts:
    """Normalised texts with the number of their section.

    Attributes:
        texts: Passages first, then wordings.
        labels: Section numbers from 0, NEGATIVE for negative questions, shape (texts,).
        is_wording: Whether it is a heading, a similar or a negative question, shape (texts,).
    """

    texts: tuple[str, ...]
    labels: Ids
    is_wording: Flags

    def without(self, left_out: Flags) -> "LabelledTexts":
        """Return the texts that are not left out; `left_out` has shape (texts,)."""
        kept = ~left_out
        texts = tuple(text for text, is_kept in zip(self.texts, kept.tolist(), strict=True) if is_kept)
        return LabelledTexts(texts, self.labels[kept], self.is_wording[kept])


def handbook_texts(folder: Path) -> LabelledTexts:
    """Return the passages and wordings of a handbook folder, normalised as they are searched."""
    handbook, normalise = ingest_handbook(folder).handbook, Normaliser()
    passages = [(passage.section_id, searched_passage(passage, handbook)) for passage in find_passages(handbook)]
    wordings = [(wording.section_id, wording.text) for wording in find_wordings(handbook)]
    numbers = {name: place for place, name in enumerate(dict.fromkeys(name for name, _ in passages))}
    numbers[NO_SECTION] = NEGATIVE
    return LabelledTexts(
        texts=tuple(normalise(text) for _, text in passages + wordings),
        labels=np.array([numbers[name] for name, _ in passages + wordings], dtype=np.int64),
        is_wording=np.arange(len(passages) + len(wordings)) >= len(passages),
    )


def held_out(texts: LabelledTexts, share_percent: int) -> Flags:
    """Return which wordings of a section are kept aside to measure on, about `share_percent` in 100, by their hash."""
    chosen = np.array([zlib.crc32(text.encode("utf-8")) % 100 < share_percent for text in texts.texts])
    return np.asarray(chosen & texts.is_wording & (texts.labels != NEGATIVE))

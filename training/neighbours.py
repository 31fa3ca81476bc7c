"""Whether a question's nearest texts belong to its section: how well an encoder knows a handbook."""

from typing import NamedTuple

import numpy as np

from training.evaluate import Encode
from training.handbook_texts import NEGATIVE, LabelledTexts

AVERAGED = 3


class SectionHits(NamedTuple):
    """Shares, in [0, 1], of the questions whose section comes first, and among the first three."""

    hit_at_1: float
    hit_at_3: float


def section_hits(encode: Encode, known: LabelledTexts, asked: LabelledTexts) -> SectionHits:
    """Return how often a question's section has the nearest texts, by the mean of its AVERAGED nearest.

    Args:
        encode: Gives unit vectors.
        known: What is compared with; negative questions are left out.
        asked: Questions of known sections; at least one.
    """
    known = known.without(known.labels == NEGATIVE)
    similarities = encode(list(asked.texts)) @ encode(list(known.texts)).T
    sections = np.unique(known.labels)
    scores = np.stack(
        [np.sort(similarities[:, known.labels == section], axis=1)[:, -AVERAGED:].mean(axis=1) for section in sections],
        axis=1,
    )
    order = sections[np.argsort(-scores, axis=1, kind="stable")]
    is_right = order == asked.labels[:, None]
    return SectionHits(float(is_right[:, 0].mean()), float(is_right[:, :3].any(axis=1).mean()))

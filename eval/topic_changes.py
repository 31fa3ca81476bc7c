"""Questions asked after one about something else, which must make no difference."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from eval.dataset import LabelledQuestion

SEED = 20241
# Asked by number, a question is never read together with another.
STANDING = {"everyday", "fact", "noisy", "keyword", "heading", "near", "far"}


def standing(rows: Iterable[LabelledQuestion]) -> tuple[LabelledQuestion, ...]:
    """Return the rows that stand by themselves: no earlier questions, not several at once, not asked by number."""
    return tuple(row for row in rows if row.category in STANDING and not row.history)


def after_another(rows: Iterable[LabelledQuestion]) -> tuple[LabelledQuestion, ...]:
    """Return every row that stands by itself, asked after an answerable one with other answers; the same every time.

    A row that shares an answer with every other is left out.
    """
    asked = standing(rows)
    answerable = [row for row in asked if row.is_answerable]
    generator = np.random.default_rng(SEED)
    return tuple(
        replace(row, history=(other.question,))
        for row in asked
        if (other := _other(row, answerable, generator)) is not None
    )


def _other(
    row: LabelledQuestion, answerable: Sequence[LabelledQuestion], generator: np.random.Generator
) -> LabelledQuestion | None:
    """Return a random row none of whose answers is one of this row's; None when there is none."""
    others: Iterable[int] = generator.permutation(len(answerable)).tolist()
    return next(
        (other for place in others if not (other := answerable[place]).answering_sections & row.answering_sections),
        None,
    )

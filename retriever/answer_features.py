"""What the answer probability is computed from."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from corpus.text import is_han
from retriever.fusion import RankedSection
from retriever.lexical import LexicalIndex
from retriever.query import Query
from retriever.signals import Signals

MAX_MARGIN = 5.0


class AnswerFeatures(NamedTuple):
    """How the best section stands out, and what the question is made of; also the weights of these, one each.

    Attributes:
        fused_score: The best section's fused score.
        margin: How far it lies above the second's, at most 5; 5 when there is no second.
        share: The best section's share.
        known_share: Part of the question's information that lies in words the ways to ask know, in [0, 1].
        han_share: Part of its characters that are Chinese, in [0, 1].
        log_length: Logarithm of one plus its number of characters.
        signals: The best section's signals.
    """

    fused_score: float
    margin: float
    share: float
    known_share: float
    han_share: float
    log_length: float
    signals: Signals

    def flat(self) -> tuple[float, ...]:
        """Return all numbers in one row, in the order of their definition."""
        *first, signals = self
        return (*first, *signals)

    @classmethod
    def from_flat(cls, numbers: Sequence[float]) -> "AnswerFeatures":
        """Return the features of such a row."""
        fused_score, margin, share, known_share, han_share, log_length, *signals = numbers
        return cls(fused_score, margin, share, known_share, han_share, log_length, Signals(*signals))


def answer_features(ranking: Sequence[RankedSection], query: Query, wordings: LexicalIndex) -> AnswerFeatures | None:
    """Return the features of a ranking and its question; None for an empty ranking.

    Args:
        ranking: Best first.
        query: The question.
        wordings: The lexical index of the ways to ask.
    """
    if not ranking:
        return None
    best = ranking[0]
    margin = best.fused_score - ranking[1].fused_score if len(ranking) > 1 else MAX_MARGIN
    visible = [character for character in query.text if not character.isspace()]
    return AnswerFeatures(
        fused_score=best.fused_score,
        margin=min(margin, MAX_MARGIN),
        share=best.share,
        known_share=wordings.known_share(query.terms),
        han_share=sum(map(is_han, visible)) / max(len(visible), 1),
        log_length=math.log1p(len(visible)),
        signals=best.signals,
    )

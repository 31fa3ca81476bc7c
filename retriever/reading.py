"""A way to read a question, and where it led."""

from typing import NamedTuple

from retriever.answer_features import AnswerFeatures
from retriever.fusion import RankedSection
from retriever.query import Query
from retriever.section_table import SectionKey


class Reading(NamedTuple):
    """One way to read a question, searched.

    Attributes:
        query: What was searched for.
        ranking: All candidate sections, best first.
        features: What the probability was computed from; None when nothing was found.
        probability: Calibrated chance, in [0, 1], that the best section answers.
        asks: The readings of the single questions, when there are several with different answers; else empty.
    """

    query: Query
    ranking: tuple[RankedSection, ...]
    features: AnswerFeatures | None
    probability: float
    asks: tuple["Reading", ...] = ()

    @property
    def best_key(self) -> SectionKey | None:
        """The best section; None when nothing was found."""
        return self.ranking[0].key if self.ranking else None

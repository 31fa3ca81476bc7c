"""What a system served for one row, in a form that can be written down and read again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from retriever.answer import Answer
from retriever.fusion import RankedSection

Outcome = Literal["answered", "clarify", "abstained", "refused"]
RANKED_SECTIONS_KEPT: Final = 10
SIGNALS_KEPT: Final = 2
# Enough to tell any two answers apart, and few enough to be equal on every machine.
DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedSection:
    """A section in the order served.

    Attributes:
        section_id: The section, or the document of other people's sets.
        fused_score: What it was ranked by; compares only within one row.
        signals: What the score is made of, by name; kept for the best two; empty for systems without signals.
    """

    section_id: str
    fused_score: float
    signals: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedExcerpt:
    """An excerpt that was shown."""

    section_id: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What came back for a row.

    Attributes:
        row_id: The row.
        outcome: "refused" when the question cannot be asked at all, which counts as not answered.
        answer_probability: In [0, 1]; None from a system that knows none.
        understood_as: The text that was searched, when it is not the question itself.
        ranking: The best ten, best first.
        excerpts: As shown, best first; none when it abstained.
    """

    row_id: str
    outcome: Outcome
    answer_probability: float | None = None
    understood_as: str | None = None
    ranking: tuple[ServedSection, ...] = ()
    excerpts: tuple[ServedExcerpt, ...] = ()


def served_answer(row_id: str, answer: Answer) -> Served:
    """Return what the service's answer to a row was."""
    return Served(
        row_id=row_id,
        outcome=answer.status,
        answer_probability=round(answer.answer_probability, DECIMALS),
        understood_as=answer.understood_as,
        ranking=tuple(_served_sections(answer.ranking[:RANKED_SECTIONS_KEPT])),
        excerpts=tuple(
            ServedExcerpt(section_id=citation.section_id, excerpt=citation.excerpt) for citation in answer.citations
        ),
    )


def _served_sections(ranking: tuple[RankedSection, ...]) -> Iterable[ServedSection]:
    for place, ranked in enumerate(ranking):
        signals = ranked.signals._asdict() if place < SIGNALS_KEPT else {}
        yield ServedSection(
            section_id=ranked.key[1],
            fused_score=round(ranked.fused_score, DECIMALS),
            signals={name: round(float(value), DECIMALS) for name, value in signals.items()},
        )

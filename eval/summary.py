"""Observations to figures, by category and over all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from eval.dataset import IN_SCOPE, UNANSWERABLE
from eval.metrics import Proportion
from eval.observations import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The figures of some rows.

    A row that was refused or found nothing counts, as not hit and not answered. Hits and evidence are shares of the
    answerable rows, outcomes of all rows.

    Attributes:
        name: A category, "in scope" or "unanswerable".
        hit_at_1: The best section answers.
        hit_at_3: One of the three best does.
        evidence_at_1: The row's evidence stands in the first excerpt served.
        evidence_at_3: In one of the first three.
        answered: The service answered. For unanswerable rows these are false answers.
        clarified: It asked back.
        precision: Of the answered rows, the best section answers.
    """

    name: str
    hit_at_1: Proportion
    hit_at_3: Proportion
    evidence_at_1: Proportion
    evidence_at_3: Proportion
    answered: Proportion
    clarified: Proportion
    precision: Proportion


def summarise(observations: Iterable[Observation]) -> tuple[Summary, ...]:
    """Return the figures of each category, then of all answerable and of all unanswerable rows.

    Categories come in the order of their definition; those without a row are left out.
    """
    rows = tuple(observations)
    by_category = [
        _summary(category, tuple(row for row in rows if row.row.category == category))
        for category in (*IN_SCOPE, *UNANSWERABLE)
    ]
    in_scope = _summary("in scope", tuple(row for row in rows if row.row.is_answerable))
    unanswerable = _summary("unanswerable", tuple(row for row in rows if not row.row.is_answerable))
    return tuple(summary for summary in (*by_category, in_scope, unanswerable) if summary.answered.total)


def _summary(name: str, rows: tuple[Observation, ...]) -> Summary:
    answered = tuple(row for row in rows if _has_status(row, "answered"))
    answerable = tuple(row for row in rows if row.row.is_answerable)
    return Summary(
        name=name,
        hit_at_1=_count(answerable, lambda row: _hit(row, 1)),
        hit_at_3=_count(answerable, lambda row: _hit(row, 3)),
        evidence_at_1=_count(answerable, lambda row: _shows_evidence(row, 1)),
        evidence_at_3=_count(answerable, lambda row: _shows_evidence(row, 3)),
        answered=Proportion(len(answered), len(rows)),
        clarified=_count(rows, lambda row: _has_status(row, "clarify")),
        precision=_count(answered, lambda row: _hit(row, 1)),
    )


def _count(rows: tuple[Observation, ...], is_true: Callable[[Observation], bool]) -> Proportion:
    return Proportion(sum(map(is_true, rows)), len(rows))


def _has_status(observation: Observation, status: str) -> bool:
    return observation.answer is not None and observation.answer.status == status


def _hit(observation: Observation, limit: int) -> bool:
    ranking = observation.answer.ranking[:limit] if observation.answer else ()
    return any(ranked.key[1] in observation.row.answering_sections for ranked in ranking)


def _shows_evidence(observation: Observation, limit: int) -> bool:
    citations = observation.answer.citations[:limit] if observation.answer else ()
    evidence = observation.row.evidence
    return bool(evidence) and any(evidence in citation.excerpt for citation in citations)

"""What one row says about a system: a value for every measure that concerns the row, and none for the others."""

from collections.abc import Sequence
from typing import Final

from ir_measures import RR, R, Success, iter_calc, nDCG

from eval.dataset import LabelledQuestion
from eval.served import RANKED_SECTIONS_KEPT, Served

RowValues = dict[str, float]
SHOWN: Final = 3


def row_values(rows: Sequence[LabelledQuestion], served: Sequence[Served]) -> list[RowValues]:
    """Return the values of each row, in the order of the rows, which is that of `served`; all lie in [0, 1].

    Ranking, of answerable rows: hit@1, hit@3, mrr@10, ndcg@10, recall@10. A row that was refused or found nothing has
    0. Excerpts, of answerable rows with evidence: evidence@1, evidence@3 (one of the row's evidence slices stands
    inside one of the first k excerpts); of rows with several needs: needs_shown@3 (each need has its section among the
    first three excerpts). Outcomes, of all rows: answered, clarified, abstained; of answerable rows: missed_answer
    (neither answered nor asked back); of unanswerable ones: false_answer; of answered ones: precision (the best section
    answers); of answerable ones that were asked back: clarify_helps (an answering section is among the first three).
    """
    standard = _standard_measures(rows, served)
    return [
        {**ranking, **_excerpts(row, one), **_outcomes(row, one)}
        for row, one, ranking in zip(rows, served, standard, strict=True)
    ]


def _standard_measures(rows: Sequence[LabelledQuestion], served: Sequence[Served]) -> list[RowValues]:
    """Return the measures that ir-measures defines; rows that it passes over for want of a hit keep their 0."""
    grade = min((row.answering_grade for row in rows), default=1)
    measures = {
        Success(rel=grade) @ 1: "hit@1",
        Success(rel=grade) @ 3: "hit@3",
        RR(rel=grade) @ 10: "mrr@10",
        nDCG @ 10: "ndcg@10",
        R(rel=grade) @ 10: "recall@10",
    }
    values = {row.row_id: dict.fromkeys(measures.values(), 0.0) for row in rows if row.is_answerable}
    relevance = {row.row_id: row.relevance for row in rows if row.is_answerable}
    # Ranks stand for scores, so that the library cannot settle ties in an order of its own.
    run = {
        one.row_id: {ranked.section_id: float(RANKED_SECTIONS_KEPT - place) for place, ranked in enumerate(one.ranking)}
        for one in served
        if one.ranking and one.row_id in values
    }
    if run:
        for metric in iter_calc(list(measures), relevance, run):
            values[metric.query_id][measures[metric.measure]] = float(metric.value)
    return [values.get(row.row_id, {}) for row in rows]


def _excerpts(row: LabelledQuestion, served: Served) -> RowValues:
    if not row.is_answerable:
        return {}
    values = {f"evidence@{limit}": _shows_evidence(row, served, limit) for limit in (1, SHOWN)} if row.evidence else {}
    if row.needs:
        shown = {excerpt.section_id for excerpt in served.excerpts[:SHOWN]}
        values["needs_shown@3"] = float(all(shown.intersection(need) for need in row.needs))
    return values


def _shows_evidence(row: LabelledQuestion, served: Served, limit: int) -> float:
    return float(any(slice_ in one.excerpt for one in served.excerpts[:limit] for slice_ in row.evidence))


def _outcomes(row: LabelledQuestion, served: Served) -> RowValues:
    is_answered, is_clarified = served.outcome == "answered", served.outcome == "clarify"
    values = {
        "answered": float(is_answered),
        "clarified": float(is_clarified),
        "abstained": float(not is_answered and not is_clarified),
    }
    best = [ranked.section_id in row.answering_sections for ranked in served.ranking[:SHOWN]]
    if is_answered:
        values["precision"] = float(best[:1] == [True])
    if row.is_answerable:
        values["missed_answer"] = values["abstained"]
        if is_clarified:
            values["clarify_helps"] = float(any(best))
    else:
        values["false_answer"] = values["answered"]
    return values

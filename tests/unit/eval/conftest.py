"""Rows and what was served for them, in a line each, so that the arithmetic of a test can be seen."""

from collections.abc import Callable

import pytest

from eval.dataset import LabelledQuestion
from eval.served import Served, ServedExcerpt, ServedSection

Row = Callable[..., LabelledQuestion]
Serve = Callable[..., Served]


@pytest.fixture
def row() -> Row:
    """`row("r1", {"q1": 2})`: a row of a category with graded sections."""

    def make(
        row_id: str, relevance: dict[str, int] | None = None, category: str = "everyday", **others
    ) -> LabelledQuestion:
        relevance = relevance or {}
        given = {"question": row_id, "handbook_id": "industrial-workers-50", **others}
        return LabelledQuestion(row_id=row_id, category=category, relevance=relevance, **given)

    return make


@pytest.fixture
def serve() -> Serve:
    """`serve("r1", "q3 q1", "answered", 0.9, q3="excerpt")`: a ranking, an outcome, a probability, excerpts."""

    def make(
        row_id: str, ranking: str = "", outcome: str = "answered", probability: float | None = None, **excerpts: str
    ) -> Served:
        sections = ranking.split()
        return Served(
            row_id=row_id,
            outcome=outcome,
            answer_probability=probability,
            ranking=tuple(
                ServedSection(section_id=section, fused_score=float(len(sections) - place))
                for place, section in enumerate(sections)
            ),
            excerpts=tuple(ServedExcerpt(section_id=section, excerpt=text) for section, text in excerpts.items()),
        )

    return make

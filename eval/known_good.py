"""The check that measuring works at all: every heading, asked word for word, must lead to its own section."""

from collections.abc import Iterable

from eval.dataset import LabelledQuestion, row_id
from eval.figures import is_best_right
from eval.systems import System
from retriever.index import SearchIndex
from retriever.normalise import MAX_QUESTION_CHARACTERS

CATEGORY = "known_good"


def heading_rows(index: SearchIndex, handbook_ids: Iterable[str | None]) -> tuple[LabelledQuestion, ...]:
    """Return one row for each heading of the named handbooks; a heading that stands twice has two answers."""
    wanted = set(handbook_ids)
    rows = []
    for handbook_id, handbook in index.handbooks.items():
        if handbook_id not in wanted:
            continue
        sections: dict[str, dict[str, int]] = {}
        for section in handbook.questions:
            sections.setdefault(section.heading, {})[section.section_id] = 2
        rows += [
            LabelledQuestion(
                row_id=row_id(heading, ()),
                category=CATEGORY,
                question=heading[:MAX_QUESTION_CHARACTERS],
                handbook_id=handbook_id,
                relevance=relevance,
            )
            for heading, relevance in sections.items()
        ]
    return tuple(rows)


def missed_headings(rows: Iterable[LabelledQuestion], system: System) -> tuple[str, ...]:
    """Return the headings that do not lead to their own section first; none when all is well."""
    return tuple(row.question for row in rows if not is_best_right(row, system.serve(row)))

"""Every row of a data set asked once, through the same door as everybody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from corpus.errors import InvalidQuestion
from eval.dataset import LabelledQuestion
from retriever.answer import Answer
from retriever.pipeline import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A row and what the service said to it.

    Attributes:
        row: The labelled question.
        answer: What came back; None when the question was refused as invalid, which counts as not answered.
    """

    row: LabelledQuestion
    answer: Answer | None

    @property
    def is_best_right(self) -> bool:
        """Whether the best section answers the row; never for a row that the handbook does not answer."""
        return (
            self.answer is not None
            and bool(self.answer.ranking)
            and self.answer.ranking[0].key[1] in self.row.answering_sections
        )


def observe(
    rows: Iterable[LabelledQuestion], retriever: Retriever, progress: Callable[[int], None] = lambda _done: None
) -> tuple[Observation, ...]:
    """Return one observation a row, in the order of the rows; none is ever left out.

    Args:
        rows: What is asked.
        retriever: Who answers.
        progress: Called with how many are done.
    """
    observations = []
    for row in rows:
        try:
            answer = retriever.answer(row.question, row.history, row.handbook_id)
        except InvalidQuestion:
            answer = None
        observations.append(Observation(row=row, answer=answer))
        progress(len(observations))
    return tuple(observations)

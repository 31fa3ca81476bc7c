"""Labelled questions: what people ask, and which questions of the handbook answer it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import ManifestInvalid

Split = Literal["dev", "test"]
DATASETS: Final = Path(__file__).resolve().parent / "datasets"
ROWS_NAME: Final = "rows.jsonl"
IN_SCOPE: Final = ("everyday", "fact", "keyword", "noisy", "heading", "number", "follow_up", "several")
UNANSWERABLE: Final = ("near", "far", "greeting", "attack")
ANSWERS: Final = 2
HELPS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """One row of a data set.

    Attributes:
        row_id: Unique in its set, and fixed by question and history.
        category: One of IN_SCOPE or UNANSWERABLE.
        question: As somebody would ask it.
        history: Earlier questions, oldest first.
        handbook_id: The handbook that is asked.
        answers: Question numbers and their grade: 2 answers, 1 helps. Empty when the handbook does not answer.
        evidence: A slice of the canonical text that carries the answer; "" when there is none.
        note: For people.
    """

    row_id: str
    category: str
    question: str
    history: tuple[str, ...] = ()
    handbook_id: str
    answers: dict[int, int]
    evidence: str
    note: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether the handbook answers it."""
        return ANSWERS in self.answers.values()

    @property
    def answering_sections(self) -> frozenset[str]:
        """Ids of the sections that answer it."""
        return frozenset(f"q{number}" for number, grade in self.answers.items() if grade == ANSWERS)

    @property
    def split(self) -> Split:
        """The half it belongs to, by a hash of its id: "dev" to tune on, "test" only to report."""
        return "dev" if hashlib.sha256(self.row_id.encode()).digest()[0] % 2 == 0 else "test"


ROW = TypeAdapter(LabelledQuestion)


def row_id(question: str, history: tuple[str, ...]) -> str:
    """Return the id of a row: "w" and 12 hexadecimal digits of a hash of what is asked."""
    return "w" + hashlib.sha256("\0".join([*history, question]).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def load_dataset(name: str, split: Split) -> tuple[LabelledQuestion, ...]:
    """Return the rows of one half of a data set, in file order.

    Raises:
        ManifestInvalid: If the set does not exist or a line is not a row, naming the line.
    """
    path = DATASETS / name / ROWS_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ManifestInvalid(f"没有评测集 {name}（{path}）。") from error
    rows = []
    for line_number, line in enumerate(lines, start=1):
        try:
            rows.append(ROW.validate_json(line))
        except ValidationError as error:
            raise ManifestInvalid(
                f"{path} 第 {line_number} 行不是有效的评测题：{error.errors()[0]['msg']}。"
            ) from error
    return tuple(row for row in rows if row.split == split)

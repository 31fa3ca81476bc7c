"""Labelled questions: what people ask, and which questions of the handbook answer it."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from corpus.errors import DatasetInvalid

Split = Literal["dev", "test"]
DATASETS: Final = Path(__file__).resolve().parent / "datasets"
ROWS_NAME: Final = "rows.jsonl"
IN_SCOPE: Final = {
    "everyday": "日常说法",
    "fact": "单个事实",
    "keyword": "关键词",
    "noisy": "错字口语",
    "heading": "原题",
    "number": "问号",
    "follow_up": "追问",
    "several": "多问",
}
UNANSWERABLE: Final = {"near": "相近不答", "far": "无关", "greeting": "寒暄", "attack": "攻击"}
"""Categories by what people call them."""
ANSWERS: Final = 2
HELPS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """One row of a data set.

    Attributes:
        row_id: Unique in its set, and fixed by question and history.
        category: One of IN_SCOPE or UNANSWERABLE; free in other people's sets.
        question: As somebody would ask it.
        history: Earlier questions, oldest first.
        handbook_id: The handbook that is asked; None for a set that is searched as it stands.
        relevance: Section ids and their grade, the higher the better. Empty when the handbook does not answer.
        evidence: Slices of the canonical text, each of which carries the answer by itself; empty when there is none.
        needs: For a row that asks for several things, the sections that satisfy each; empty for all others.
        answering_grade: From this grade on a section answers; below it, it only helps.
        note: For people.
    """

    row_id: str
    category: str
    question: str
    history: tuple[str, ...] = ()
    handbook_id: str | None
    relevance: dict[str, int]
    evidence: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    answering_grade: int = ANSWERS
    note: str = ""

    @property
    def is_answerable(self) -> bool:
        """Whether the handbook answers it."""
        return bool(self.answering_sections)

    @property
    def answering_sections(self) -> frozenset[str]:
        """Ids of the sections that answer it."""
        return frozenset(section for section, grade in self.relevance.items() if grade >= self.answering_grade)

    @property
    def split(self) -> Split:
        """The half it belongs to, by a hash of its id: "dev" to tune on, "test" only to report."""
        return "dev" if hashlib.sha256(self.row_id.encode()).digest()[0] % 2 == 0 else "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """A row as it stands in `rows.jsonl`: sections by question number, everything else as in LabelledQuestion."""

    row_id: str
    category: str
    question: str
    history: tuple[str, ...] = ()
    handbook_id: str
    answers: dict[int, int]
    evidence: tuple[str, ...] = ()
    needs: tuple[tuple[int, ...], ...] = ()
    note: str = field(default="")


STORED_ROW: Final = TypeAdapter(StoredRow)


def row_id(question: str, history: tuple[str, ...]) -> str:
    """Return the id of a row: "w" and 12 hexadecimal digits of a hash of what is asked."""
    return "w" + hashlib.sha256("\0".join([*history, question]).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def section_id(question_number: int) -> str:
    """Return the id of a numbered section."""
    return f"q{question_number}"


def dataset_folder(name: str) -> Path:
    """Return the folder of a data set: one of the project's by its name, or any by its path."""
    own = DATASETS / name
    return own if own.is_dir() else Path(name)


def load_dataset(name: str, split: Split) -> tuple[LabelledQuestion, ...]:
    """Return the rows of one half of a data set, in file order.

    Args:
        name: Of a data set of the project, or the path of a folder with a `rows.jsonl`.
        split: Which half.

    Raises:
        DatasetInvalid: If the set does not exist or a line is not a row, naming the line.
    """
    path = dataset_folder(name) / ROWS_NAME
    try:
        lines = path.read_bytes().splitlines()  # text would also be cut at rare marks inside a question
    except OSError as error:
        raise DatasetInvalid(
            f"没有评测集 {name}（{path}）。现有：{'、'.join(dataset_names())}；也可以给文件夹的路径。"
        ) from error
    rows = []
    for line_number, line in enumerate(lines, start=1):
        try:
            rows.append(labelled(STORED_ROW.validate_json(line)))
        except ValidationError as error:
            problem = error.errors()[0]
            place = "/".join(map(str, problem["loc"])) or "整行"
            raise DatasetInvalid(f"{path} 第 {line_number} 行不是有效的评测题，{place}：{problem['msg']}。") from error
    return tuple(row for row in rows if row.split == split)


def dataset_names() -> tuple[str, ...]:
    """Return the names of the project's own data sets."""
    return tuple(sorted(path.parent.name for path in DATASETS.glob(f"*/{ROWS_NAME}")))


def labelled(stored: StoredRow) -> LabelledQuestion:
    """Return a stored row with sections in place of question numbers."""
    return LabelledQuestion(
        row_id=stored.row_id,
        category=stored.category,
        question=stored.question,
        history=stored.history,
        handbook_id=stored.handbook_id,
        relevance={section_id(number): grade for number, grade in stored.answers.items()},
        evidence=stored.evidence,
        needs=tuple(tuple(section_id(number) for number in need) for need in stored.needs),
        note=stored.note,
    )

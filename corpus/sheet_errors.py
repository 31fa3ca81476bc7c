"""What can be wrong with a sheet of questions and answers; a branch of the tree in `corpus/errors.py`."""

from corpus.errors import CorpusError


class SheetInvalid(CorpusError):
    """Rows of a sheet of questions and answers are wrong.

    Attributes:
        problems: What is wrong, one line each, naming the row as the sheet counts it.
    """

    code = "sheet_invalid"

    def __init__(self, message: str, *, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems

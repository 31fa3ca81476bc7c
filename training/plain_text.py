"""The running text that words are counted in and the first token vectors come from."""

from collections.abc import Iterator
from pathlib import Path

from training.read import read_lines, read_rows
from training.settings import Recipe

_PLAIN = ("plain_labour_news", "plain_crud_news", "queries_zhihu_hot_2020_2025")
_ROWS = (
    "cmrc2018_train",
    "drcd_dev_simplified",
    "drcd_test_simplified",
    "tonghuashun_similar_q",
    "toyhom_internal_medicine_sample",
    "laws_labour",
    "laws",
)
_COLUMNS = ("law", "a", "b", "text")


def plain_texts(folder: Path, recipe: Recipe) -> Iterator[str]:
    """Yield every text of the training folder but those kept for evaluation, each wording once.

    Args:
        folder: The training data folder.
        recipe: Limits the lines read of each plain file, and the rows of each other file to ten times as many.

    Yields:
        Paragraphs, questions, answers and articles of law, file by file.

    Raises:
        FileNotFoundError: If a file is missing.
    """
    yield from dict.fromkeys(_all_texts(folder, recipe.plain_lines_limit))


def _all_texts(folder: Path, limit: int) -> Iterator[str]:
    for name in _PLAIN:
        yield from read_lines(folder / f"{name}.txt.gz", limit if "news" in name else 10 * limit)
    for name in _ROWS:
        for row in read_rows(folder / f"{name}.jsonl.gz"):
            yield from (str(row[column]) for column in _COLUMNS if column in row)

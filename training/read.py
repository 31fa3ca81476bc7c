"""The files of the training and evaluation folders, read as they lie."""

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path


def read_rows(path: Path) -> Iterator[dict[str, str | int]]:
    """Yield the objects of a gzipped JSON Lines file, in file order.

    Args:
        path: A `.jsonl.gz` file in UTF-8.

    Yields:
        One flat object a line.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If a line is not a JSON object.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"{path.name}, line {number}: not a JSON object")  # noqa: TRY004 - the file is wrong, not the caller
            yield row


def read_lines(path: Path, limit: int) -> Iterator[str]:
    """Yield the non-empty lines of a gzipped text file, stripped, in file order.

    Args:
        path: A `.txt.gz` file in UTF-8.
        limit: At most this many lines are read, empty ones included.

    Yields:
        One line without its line end and outer spaces.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in itertools.islice(lines, limit):
            if text := line.strip():
                yield text

"""The sections of an index by number, and which rows belong to each."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.artifact import NO_SECTION
from retriever.hit import RowRange

SectionKey = tuple[str, str]
"""(handbook id, section id)"""
Key = TypeVar("Key")


class SectionTable:
    """Every section of every handbook, numbered in reading order.

    A handbook's negative questions, which no section answers, count as a last section of it, with the id NO_SECTION.

    Attributes:
        handbook_ids: In the order of their rows.
        keys: The key of each number.
    """

    def __init__(self, handbook_ids: Sequence[str], section_ids: Sequence[Sequence[str]]) -> None:
        self.handbook_ids = tuple(handbook_ids)
        self.keys: list[SectionKey] = [
            (handbook_id, sys.intern(section_id))
            for handbook_id, ids in zip(handbook_ids, section_ids, strict=True)
            for section_id in (*ids, NO_SECTION)
        ]
        self.number_of = {key: number for number, key in enumerate(self.keys)}
        self.starts = [0, *accumulate(len(ids) + 1 for ids in section_ids)]

    @classmethod
    def load(cls, path: Path, handbook_ids: Sequence[str]) -> "SectionTable":
        """Return the table in a file.

        Raises:
            IndexDamaged: If it is missing or does not fit the handbooks.
        """
        try:
            return cls(handbook_ids, json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error

    def save(self, path: Path) -> None:
        """Write the table to a file."""
        ids = [[key[1] for key in self.keys[start : stop - 1]] for start, stop in self._spans()]
        path.write_text(json.dumps(ids, ensure_ascii=False), encoding="utf-8")

    def section_ids(self, handbook_id: str) -> list[str]:
        """Return the ids of a handbook's sections, in reading order."""
        place = self.handbook_ids.index(handbook_id)
        return [section_id for _, section_id in self.keys[self.starts[place] : self.starts[place + 1] - 1]]

    def _spans(self) -> list[tuple[int, int]]:
        return list(zip(self.starts[:-1], self.starts[1:], strict=True))

    def ranges(self, numbers: NDArray[np.int32]) -> tuple["SectionRanges", dict[str, RowRange]]:
        """Return the rows of each section and of each handbook, given the section number of each row, rising."""
        bounds = np.searchsorted(numbers, np.arange(len(self.keys) + 1))
        handbooks = {
            handbook_id: RowRange(int(bounds[start]), int(bounds[stop]))
            for handbook_id, (start, stop) in zip(self.handbook_ids, self._spans(), strict=True)
        }
        return SectionRanges(self.number_of, bounds), {
            key: rows for key, rows in handbooks.items() if rows.stop > rows.start
        }


class SectionRanges(Mapping[SectionKey, RowRange]):
    """The rows of each section that has any."""

    def __init__(self, number_of: dict[SectionKey, int], bounds: NDArray[np.int64]) -> None:
        self._number_of = number_of
        self._bounds = bounds

    def __getitem__(self, key: SectionKey) -> RowRange:
        number = self._number_of[key]
        start, stop = int(self._bounds[number]), int(self._bounds[number + 1])
        if start == stop:
            raise KeyError(key)
        return RowRange(start, stop)

    def __iter__(self) -> Iterator[SectionKey]:
        return (key for key, number in self._number_of.items() if self._bounds[number] < self._bounds[number + 1])

    def __len__(self) -> int:
        return int(np.count_nonzero(np.diff(self._bounds)))

"""Passages and wordings of an index by row, made when they are asked for: millions of objects would fill the memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from corpus.passage import Passage
from retriever.artifact import Wording
from retriever.mapped_arrays import load_array
from retriever.section_table import SectionTable
from retriever.text_blocks import TextBlock

Item = TypeVar("Item")


class _Rows(Sequence[Item], Generic[Item]):
    """A sequence whose items are made one at a time."""

    def __init__(self, sections: SectionTable, numbers: NDArray[np.int32]) -> None:
        self.section_numbers = numbers
        self._sections = sections

    def __len__(self) -> int:
        return len(self.section_numbers)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        if isinstance(place, slice):
            return [self._item(row) for row in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return self._item(int(place) % len(self))

    def __iter__(self) -> Iterator[Item]:
        return map(self._item, range(len(self)))

    def _item(self, row: int) -> Item:
        raise NotImplementedError


class PassageTable(_Rows[Passage]):
    """Row r is passage r."""

    def __init__(self, sections: SectionTable, spans: NDArray[np.int32], ids: NDArray[np.uint64]) -> None:
        """Take section number, start and end of each passage, shape (rows, 3), and its id as a number."""
        super().__init__(sections, spans[:, 0])
        self._spans = spans
        self._ids = ids

    @classmethod
    def load(cls, spans: Path, ids: Path, sections: SectionTable) -> "PassageTable":
        """Return the table in two files.

        Raises:
            IndexDamaged: If they are missing or do not fit each other.
        """
        table = cls(sections, load_array(spans), load_array(ids))
        if len(table._spans) != len(table._ids):
            raise IndexDamaged(f"索引文件 {spans.name} 与 {ids.name} 不符，请运行 wengong index 重建。")
        return table

    def _item(self, row: int) -> Passage:
        number, start, end = self._spans[row].tolist()
        handbook_id, section_id = self._sections.keys[number]
        return Passage(
            passage_id=self._id(row),
            handbook_id=handbook_id,
            section_id=section_id,
            start=start,
            end=end,
            previous_id=self._id(row - 1) if row > 0 and self._spans[row - 1, 0] == number else None,
            next_id=self._id(row + 1) if row + 1 < len(self) and self._spans[row + 1, 0] == number else None,
        )

    def _id(self, row: int) -> str:
        return f"p_{int(self._ids[row]):016x}"


class WordingTable(_Rows[Wording]):
    """Row r is wording r."""

    def __init__(
        self, sections: SectionTable, rows: NDArray[np.int32], texts: TextBlock, normalised: TextBlock
    ) -> None:
        """Take section number and whether it is a heading of each wording, shape (rows, 2), and its words.

        `normalised` holds each wording as it is searched, a line feed behind it.
        """
        super().__init__(sections, rows[:, 0])
        self.normalised = normalised
        self._rows = rows
        self._texts = texts

    @classmethod
    def load(cls, rows: Path, texts: Path, normalised: Path, sections: SectionTable) -> "WordingTable":
        """Return the table in three files.

        Raises:
            IndexDamaged: If they are missing or do not fit each other.
        """
        table = cls(sections, load_array(rows), TextBlock.load(texts), TextBlock.load(normalised))
        if not len(table) == len(table._texts) == len(table.normalised):
            raise IndexDamaged(f"索引文件 {rows.name} 与 {texts.name} 不符，请运行 wengong index 重建。")
        return table

    def _item(self, row: int) -> Wording:
        number, is_heading = self._rows[row].tolist()
        handbook_id, section_id = self._sections.keys[number]
        text = self._texts[row].decode("utf-8", "surrogatepass")
        return Wording(handbook_id=handbook_id, section_id=section_id, text=text, is_heading=bool(is_heading))

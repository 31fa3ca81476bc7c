"""The handbooks of an index and their sections, read from disk when they are asked for."""

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from corpus.errors import IndexDamaged
from corpus.handbook import Handbook, Section
from retriever.artifact import NO_SECTION
from retriever.section_table import SectionKey, SectionTable
from retriever.text_blocks import TextBlock

HANDBOOK = TypeAdapter(Handbook)
# A handbook takes some 200 KB of memory; the ones people ask for most stay.
KEPT_HANDBOOKS = 256


class HandbookShelf(Mapping[str, Handbook]):
    """Handbooks by id, in the order of their rows."""

    def __init__(self, handbook_ids: tuple[str, ...], block: TextBlock) -> None:
        self._places = {handbook_id: place for place, handbook_id in enumerate(handbook_ids)}
        self._block = block
        # Of a function and not of a method: a cache that held its owner would keep a replaced index in memory.
        self._at = lru_cache(maxsize=KEPT_HANDBOOKS)(partial(_read, block))

    @classmethod
    def load(cls, path: Path, handbook_ids: tuple[str, ...]) -> "HandbookShelf":
        """Return the shelf in a file, after reading its first handbook.

        Raises:
            IndexDamaged: If it is missing, holds another number of handbooks, or the first one cannot be read.
        """
        block = TextBlock.load(path)
        if len(block) != len(handbook_ids):
            raise IndexDamaged(f"索引文件 {path.name} 里的手册数目不对，请运行 wengong index 重建。")
        shelf = cls(handbook_ids, block)
        for handbook_id in handbook_ids[:1]:
            shelf[handbook_id]
        return shelf

    def __getitem__(self, handbook_id: str) -> Handbook:
        return self._at(self._places[handbook_id])[0]

    def __contains__(self, handbook_id: object) -> bool:
        return handbook_id in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def section(self, key: SectionKey) -> Section:
        """Return a section; raises KeyError when there is none."""
        return self._at(self._places[key[0]])[1][key[1]]


def _read(block: TextBlock, place: int) -> tuple[Handbook, dict[str, Section]]:
    try:
        handbook = HANDBOOK.validate_json(block[place])
    except ValidationError as error:
        raise IndexDamaged("索引里的手册无法读取，请运行 wengong index 重建。") from error
    return handbook, {section.section_id: section for section in handbook.sections}


class SectionShelf(Mapping[SectionKey, Section]):
    """Every citable section by key, in reading order."""

    def __init__(self, handbooks: HandbookShelf, table: SectionTable) -> None:
        self._handbooks = handbooks
        self._table = table
        self._keys = [key for key in table.keys if key[1] != NO_SECTION]

    def __getitem__(self, key: SectionKey) -> Section:
        if key not in self:
            raise KeyError(key)
        return self._handbooks.section(key)

    def __contains__(self, key: object) -> bool:
        return key in self._table.number_of and key[1] != NO_SECTION

    def __iter__(self) -> Iterator[SectionKey]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

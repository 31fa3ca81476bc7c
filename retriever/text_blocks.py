"""Many short texts in one file, read one at a time."""

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged

OFFSETS_SUFFIX = ".offsets.npy"


class TextBlock(Sequence[bytes]):
    """The texts of a block as bytes; they stay on disk until they are asked for."""

    def __init__(self, content: bytes | mmap.mmap, offsets: NDArray[np.int64]) -> None:
        self.content = content
        self._offsets = offsets

    @classmethod
    def load(cls, path: Path) -> "TextBlock":
        """Return the block in a file and its offsets beside it.

        Raises:
            IndexDamaged: If they are missing or do not fit each other.
        """
        try:
            offsets = np.load(path.with_name(path.name + OFFSETS_SUFFIX), allow_pickle=False)
            with path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error
        if offsets.ndim != 1 or len(offsets) == 0 or offsets[-1] != len(content):
            raise IndexDamaged(f"索引文件 {path.name} 与它的位置表不符，请运行 wengong index 重建。")
        return cls(content, offsets)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, place: int) -> bytes: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[bytes]: ...
    def __getitem__(self, place: int | slice) -> bytes | Sequence[bytes]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        return bytes(self.content[self._offsets[place] : self._offsets[place + 1]])

    def place_of(self, offset: int) -> int:
        """Return which text holds an offset of the content."""
        return int(np.searchsorted(self._offsets, offset, side="right")) - 1


class TextWriter:
    """Writes texts to a file, one behind the other, and at its end their offsets beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets = [0]

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def write(self, text: bytes) -> None:
        """Write the next text."""
        self._file.write(text)
        self._offsets.append(self._offsets[-1] + len(text))

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        offsets = np.array(self._offsets, dtype=np.int64)
        np.save(self._path.with_name(self._path.name + OFFSETS_SUFFIX), offsets, allow_pickle=False)

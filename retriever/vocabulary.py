"""Terms and their numbers on disk, found without reading them all. The only module that imports marisa_trie."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.mapped_arrays import load_array

TRIE_SUFFIX = ".marisa"
NUMBERS_SUFFIX = ".npy"
KEPT_LISTS = 64


class Vocabulary(Mapping[str, int]):
    """The number of each term: a dictionary that takes a few bytes a term instead of two hundred.

    Source: Yata, "MARISA: Matching Algorithm with Recursively Implemented StorAge".
    """

    def __init__(self, trie: marisa_trie.BinaryTrie, numbers: NDArray[np.int32]) -> None:
        """Take the terms as bytes and the number of each, by its place in the trie."""
        self._trie = trie
        self._numbers = numbers
        # One question looks its terms up several times. Of a function and not of a method: a cache that held its owner
        # would keep a replaced index in memory.
        self._numbers_of = lru_cache(maxsize=KEPT_LISTS)(partial(_numbers_of, trie, numbers))

    @classmethod
    def of(cls, terms: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary of some terms, each once, numbered from 0 in their order."""
        encoded = [_encoded(term) for term in terms]
        trie = marisa_trie.BinaryTrie(encoded)
        numbers = np.empty(len(encoded), dtype=np.int32)
        numbers[[trie[term] for term in encoded]] = np.arange(len(encoded), dtype=np.int32)
        return cls(trie, numbers)

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Return the vocabulary in two files whose names begin with `path`; it stays on disk.

        Raises:
            IndexDamaged: If they are missing, unreadable or do not fit each other.
        """
        numbers = load_array(path.with_name(path.name + NUMBERS_SUFFIX))
        trie = marisa_trie.BinaryTrie()
        try:
            trie.mmap(str(path.with_name(path.name + TRIE_SUFFIX)))
        except (OSError, RuntimeError) as error:
            raise IndexDamaged(f"索引文件 {path.name}{TRIE_SUFFIX} 无法读取，请运行 wengong index 重建。") from error
        if len(trie) != len(numbers):
            raise IndexDamaged(f"索引文件 {path.name}{TRIE_SUFFIX} 与它的编号不符，请运行 wengong index 重建。")
        return cls(trie, numbers)

    def save(self, path: Path) -> None:
        """Write the vocabulary to two files whose names begin with `path`."""
        self._trie.save(str(path.with_name(path.name + TRIE_SUFFIX)))
        np.save(path.with_name(path.name + NUMBERS_SUFFIX), self._numbers, allow_pickle=False)

    def __getitem__(self, term: str) -> int:
        return int(self._numbers[self._trie[_encoded(term)]])

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and _encoded(term) in self._trie

    def numbers_of(self, terms: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of those terms that are known, in their order, repetitions kept; not to be written to."""
        return self._numbers_of(tuple(terms))

    def __iter__(self) -> Iterator[str]:
        """Return the terms by rising number."""
        by_place = [self._trie.restore_key(place) for place in range(len(self._numbers))]
        return (by_place[place].decode("utf-8", "surrogatepass") for place in np.argsort(self._numbers))

    def __len__(self) -> int:
        return len(self._numbers)


def _numbers_of(trie: marisa_trie.BinaryTrie, numbers: NDArray[np.int32], terms: tuple[str, ...]) -> NDArray[np.int64]:
    places = [place for term in terms if (place := trie.get(_encoded(term))) is not None]
    found: NDArray[np.int64] = numbers[places].astype(np.int64)
    found.flags.writeable = False
    return found


def _encoded(term: str) -> bytes:
    # Questions may hold halves of characters, which no well-formed text does.
    return term.encode("utf-8", "surrogatepass")

"""The linear models of all handbooks in a few files, of which a question touches the rows of its own terms."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retriever.classifier import SectionClassifier, counts_of
from retriever.mapped_arrays import load_array
from retriever.vocabulary import Vocabulary

KEPT_CLASSIFIERS = 1_024


@dataclass(frozen=True, slots=True)
class ClassifierFiles:
    """Names of the files in the folder."""

    terms: str = "terms"
    sections: str = "sections.json"
    offsets: str = "offsets.npy"
    numbers: str = "term_numbers.npy"
    frequencies: str = "inverse_document_frequencies.npy"
    weights: str = "weights.npy"
    bias: str = "bias.npy"


CLASSIFIER_FILES: Final = ClassifierFiles()


class _Columns(Mapping[str, int]):
    """The column of each of one handbook's terms, found among all terms' numbers."""

    def __init__(self, number_of: Vocabulary, numbers: NDArray[np.int32]) -> None:
        self._number_of = number_of
        self._numbers = numbers

    def __getitem__(self, term: str) -> int:
        columns = self.of_numbers(np.array([self._number_of[term]], dtype=np.int32))
        if columns[0] < 0:
            raise KeyError(term)
        return int(columns[0])

    def of_numbers(self, numbers: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the columns of terms by their numbers among all; -1 for one that the handbook does not have."""
        columns = self._numbers.searchsorted(numbers)
        columns[columns == len(self._numbers)] = -1
        if len(self._numbers):
            columns[self._numbers[columns] != numbers] = -1
        return columns

    def __iter__(self) -> Iterator[str]:
        own = set(self._numbers.tolist())
        return (term for term, number in self._number_of.items() if number in own)

    def __len__(self) -> int:
        return len(self._numbers)


class _Held(NamedTuple):
    """What the files hold, of all handbooks one behind the other."""

    number_of: Vocabulary
    sections: list[list[str]]
    offsets: NDArray[np.int64]
    numbers: NDArray[np.int32]
    frequencies: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


class ClassifierShelf(Mapping[str, SectionClassifier]):
    """The classifier of each handbook by its id."""

    def __init__(self, folder: Path, handbook_ids: tuple[str, ...]) -> None:
        """Open the folder; see `load`."""
        self._held = _Held(
            number_of=Vocabulary.load(folder / CLASSIFIER_FILES.terms),
            sections=json.loads((folder / CLASSIFIER_FILES.sections).read_bytes()),
            offsets=load_array(folder / CLASSIFIER_FILES.offsets),
            numbers=load_array(folder / CLASSIFIER_FILES.numbers),
            frequencies=load_array(folder / CLASSIFIER_FILES.frequencies),
            weights=load_array(folder / CLASSIFIER_FILES.weights),
            bias=load_array(folder / CLASSIFIER_FILES.bias),
        )
        self._places = {handbook_id: place for place, handbook_id in enumerate(handbook_ids)}
        # Of a function and not of a method: a cache that held its owner would keep a replaced index in memory.
        self._at = lru_cache(maxsize=KEPT_CLASSIFIERS)(partial(_read, self._held))

    @classmethod
    def load(cls, folder: Path, handbook_ids: tuple[str, ...]) -> "ClassifierShelf":
        """Return the shelf in a folder.

        Raises:
            IndexDamaged: If a file is missing, cannot be read, or is of another number of handbooks.
        """
        try:
            shelf = cls(folder, handbook_ids)
        except (OSError, ValueError, TypeError) as error:
            raise IndexDamaged(f"索引文件夹 {folder.name} 无法读取，请运行 wengong index 重建。") from error
        if not len(shelf._held.sections) == len(shelf._held.offsets) - 1 == len(handbook_ids):
            raise IndexDamaged(f"索引文件夹 {folder.name} 里的手册数目不对，请运行 wengong index 重建。")
        return shelf

    def __getitem__(self, handbook_id: str) -> SectionClassifier:
        return self._at(self._places[handbook_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def scores(self, terms: list[str], handbook_ids: Iterable[str]) -> dict[str, dict[str, float]]:
        """Return the score of each section of some handbooks, by handbook; see `SectionClassifier.scores`."""
        numbers, counts = counts_of(self._held.number_of.numbers_of(terms).tolist())
        numbers, scores = numbers.astype(self._held.numbers.dtype), {}
        for handbook_id in handbook_ids:
            classifier = self[handbook_id]
            columns = classifier.columns.of_numbers(numbers)  # type: ignore[attr-defined]  # they are this shelf's
            is_known = columns >= 0
            scores[handbook_id] = classifier.scores_of(columns[is_known], counts[is_known])
        return scores


def _read(held: _Held, place: int) -> SectionClassifier:
    (term, weight, bias), (next_term, next_weight, next_bias) = held.offsets[place : place + 2].tolist()
    sections = tuple(held.sections[place])
    return SectionClassifier(
        columns=_Columns(held.number_of, held.numbers[term:next_term]),  # type: ignore[arg-type]  # only looked up
        section_ids=sections,
        inverse_document_frequencies=held.frequencies[term:next_term],
        weights=held.weights[weight:next_weight].reshape(next_term - term, len(sections)),
        bias=held.bias[bias:next_bias],
    )


def save_classifiers(folder: Path, classifiers: Iterable[SectionClassifier]) -> None:
    """Write classifiers, one a handbook in their order; weights are kept in half precision."""
    folder.mkdir()
    number_of: dict[str, int] = {}
    offsets, sections = [(0, 0, 0)], []
    numbers, frequencies, bias = [], [], []
    raw = folder / "weights.raw"
    with raw.open("wb") as file:
        for classifier in classifiers:
            own = np.array([number_of.setdefault(term, len(number_of)) for term in classifier.columns], dtype=np.int32)
            columns = np.fromiter(classifier.columns.values(), dtype=np.int64, count=len(own))
            order = np.argsort(own)
            numbers.append(own[order])
            frequencies.append(classifier.inverse_document_frequencies[columns[order]])
            bias.append(classifier.bias)
            weights = classifier.weights[columns[order]].astype(np.float16)
            file.write(weights.tobytes())
            sections.append(list(classifier.section_ids))
            term, weight, place = offsets[-1]
            offsets.append((term + len(own), weight + weights.size, place + len(classifier.bias)))
    _save(folder, offsets, numbers, frequencies, bias)
    stored = np.memmap(raw, dtype=np.float16, mode="r") if offsets[-1][1] else np.zeros(0)
    np.save(folder / CLASSIFIER_FILES.weights, stored, allow_pickle=False)
    del stored
    raw.unlink()
    Vocabulary.of(number_of).save(folder / CLASSIFIER_FILES.terms)
    (folder / CLASSIFIER_FILES.sections).write_text(json.dumps(sections, ensure_ascii=False), encoding="utf-8")


def _save(
    folder: Path,
    offsets: list[tuple[int, int, int]],
    numbers: list[NDArray[np.int32]],
    frequencies: list[NDArray[np.float32]],
    bias: list[NDArray[np.float32]],
) -> None:
    for name, array in (
        (CLASSIFIER_FILES.offsets, np.array(offsets, dtype=np.int64)),
        (CLASSIFIER_FILES.numbers, np.concatenate(numbers)),
        (CLASSIFIER_FILES.frequencies, np.concatenate(frequencies)),
        (CLASSIFIER_FILES.bias, np.concatenate(bias)),
    ):
        np.save(folder / name, array, allow_pickle=False)

"""Which section a question belongs to, judged by all its words at once: a linear model for each handbook."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from corpus.errors import IndexDamaged

VOCABULARY_SUFFIX = ".json"
WEIGHTS_SUFFIX = ".safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionClassifier:
    """A linear model from TF-IDF terms to sections.

    Attributes:
        columns: Column of each known term.
        section_ids: What the scores stand for, in order; NO_SECTION among them when there were negative questions.
        inverse_document_frequencies: float32, shape (terms,).
        weights: float32, or float16 on the shelf of an index, shape (terms, sections).
        bias: float32, shape (sections,).
    """

    columns: dict[str, int]
    section_ids: tuple[str, ...]
    inverse_document_frequencies: NDArray[np.float32]
    weights: NDArray[np.float32] | NDArray[np.float16]
    bias: NDArray[np.float32]

    def scores(self, terms: list[str]) -> dict[str, float]:
        """Return the score of each section: near 1 where the terms speak for it, near 0 where not; not a probability.

        Terms that are not known count only in the length of the question; no known term gives the bias alone.
        """
        return self.scores_of(*counted(terms, self.columns))

    def scores_of(self, columns: NDArray[np.int64], counts: NDArray[np.float32]) -> dict[str, float]:
        """Return the score of each section for known terms and how often each stands in the text; see `scores`."""
        values = weighted(counts, self.inverse_document_frequencies[columns])
        scores = self.bias + values @ self.weights[columns]
        return dict(zip(self.section_ids, scores.tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write the model to two files whose names begin with `path`."""
        content = {"columns": self.columns, "section_ids": self.section_ids}
        path.with_name(path.name + VOCABULARY_SUFFIX).write_text(
            json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
        tensors = {
            "inverse_document_frequencies": self.inverse_document_frequencies,
            "weights": self.weights,
            "bias": self.bias,
        }
        save_file(tensors, path.with_name(path.name + WEIGHTS_SUFFIX))

    @classmethod
    def load(cls, path: Path) -> "SectionClassifier":
        """Return the model in two files whose names begin with `path`.

        Raises:
            IndexDamaged: If they are missing or cannot be read.
        """
        try:
            content = json.loads(path.with_name(path.name + VOCABULARY_SUFFIX).read_text(encoding="utf-8"))
            tensors = load_file(path.with_name(path.name + WEIGHTS_SUFFIX))
            return cls(columns=content["columns"], section_ids=tuple(content["section_ids"]), **tensors)
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error


def tf_idf(
    terms: list[str], columns: dict[str, int], inverse_document_frequencies: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the columns and values of a text's TF-IDF vector, scaled to length one over its known terms.

    No known term gives empty arrays.
    """
    found, counts = counted(terms, columns)
    return found, weighted(counts, inverse_document_frequencies[found])


def counted(terms: list[str], number_of: Mapping[str, int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the number of each known term, in order of appearance, and how often it stands in the text."""
    numbers = map(number_of.get, terms)
    return counts_of(number for number in numbers if number is not None)


def counts_of(numbers: Iterable[int]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return each number once, in order of appearance, and how often it comes."""
    counts = Counter(numbers)
    return (
        np.fromiter(counts, dtype=np.int64, count=len(counts)),
        np.fromiter(counts.values(), dtype=np.float32, count=len(counts)),
    )


def weighted(counts: NDArray[np.float32], inverse_document_frequencies: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return TF-IDF values, scaled to length one: a term found f times weighs (1 + ln f) times its inverse frequency.

    Source: Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, 6.4.
    """
    values = (1 + np.log(counts)) * inverse_document_frequencies
    return np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), dtype=np.float32)

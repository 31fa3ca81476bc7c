"""The linear model of a handbook's sections, fitted on its passages and on every way to ask."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from retriever.artifact import NO_SECTION, Wording
from retriever.classifier import SectionClassifier, tf_idf

RIDGE = 1.0
MIN_TEXTS_OF_A_TERM = 2
# Enough for the order of the sections to settle; further steps sharpen what is peculiar to single texts.
STEPS = 10
MAX_IMPORTANCE = 3.0
ENTRIES_AT_ONCE = 8_192
SMALLEST = 1e-20
Numbers = NDArray[np.float32]


def fit_classifiers(
    texts: Sequence[Wording | Passage], term_lists: Sequence[list[str]]
) -> dict[str, SectionClassifier]:
    """Return the classifier of each handbook, by its id, from all texts and the terms of each."""
    handbook_ids = dict.fromkeys(text.handbook_id for text in texts)
    return {
        handbook_id: fit_classifier(
            [terms for text, terms in zip(texts, term_lists, strict=True) if text.handbook_id == handbook_id],
            [text.section_id for text in texts if text.handbook_id == handbook_id],
        )
        for handbook_id in handbook_ids
    }


def fit_classifier(term_lists: list[list[str]], section_ids: list[str]) -> SectionClassifier:
    """Return the classifier of some texts and the sections they belong to.

    Ridge regression of section membership on TF-IDF terms, by STEPS steps of conjugate gradients, all sections at once.
    Sections come in the order of their first text. The same input gives the same model: sums are taken in one order and
    by one thread.
    Sources: Hoerl and Kennard, "Ridge regression", 1970; Hestenes and Stiefel, "Methods of conjugate gradients for
    solving linear systems", 1952.

    Args:
        term_lists: The terms of each text; at least one text.
        section_ids: The section of each text.
    """
    columns, idf = _vocabulary(term_lists)
    texts = _SparseRows.of([tf_idf(terms, columns, idf) for terms in term_lists], len(columns))
    names = tuple(dict.fromkeys(section_ids))
    place_of = {name: place for place, name in enumerate(names)}
    membership = np.zeros((len(section_ids), len(names)), dtype=np.float32)
    membership[np.arange(len(section_ids)), [place_of[name] for name in section_ids]] = 1.0
    importance = _importance(section_ids)
    bias = (importance[:, None] * membership).sum(axis=0) / importance.sum()
    return SectionClassifier(
        columns=columns,
        section_ids=names,
        inverse_document_frequencies=idf,
        weights=_solve_side_by_side(texts, membership - bias, importance),
        bias=bias,
    )


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Entries of a sparse matrix, those of one target together.

    Attributes:
        sources: Row of the right-hand matrix that each entry multiplies.
        values: The entries, shape (entries, 1).
        targets: The rows of the result that have an entry.
        starts: Where the entries of each target begin.
        target_count: Rows of the result.
    """

    sources: NDArray[np.int64]
    values: Numbers
    targets: NDArray[np.int64]
    starts: NDArray[np.int64]
    target_count: int

    @classmethod
    def of(
        cls, targets: NDArray[np.int64], sources: NDArray[np.int64], values: Numbers, target_count: int
    ) -> "_Grouped":
        order = np.argsort(targets, kind="stable")
        found, starts = np.unique(targets[order], return_index=True)
        return cls(sources[order], values[order, None], found, starts, target_count)

    def times(self, matrix: Numbers) -> Numbers:
        """Return the product with a dense matrix, added up in the order of the entries."""
        product = np.zeros((self.target_count, matrix.shape[1]), dtype=np.float32)
        # Block by block: what is multiplied stays in the processor's cache until it is added up.
        ends = np.append(self.starts[1:], len(self.sources))
        first = 0
        while first < len(self.starts):
            begin = self.starts[first]
            last = max(int(np.searchsorted(ends, begin + ENTRIES_AT_ONCE, side="right")), first + 1)
            entries = slice(begin, ends[last - 1])
            products = matrix[self.sources[entries]] * self.values[entries]
            product[self.targets[first:last]] = np.add.reduceat(products, self.starts[first:last] - begin, axis=0)
            first = last
        return product


@dataclass(frozen=True, slots=True)
class _SparseRows:
    """Texts by terms, to be multiplied from both sides."""

    by_text: _Grouped
    by_term: _Grouped

    @classmethod
    def of(cls, vectors: list[tuple[NDArray[np.int64], Numbers]], term_count: int) -> "_SparseRows":
        texts = np.concatenate([np.full(len(columns), row) for row, (columns, _) in enumerate(vectors)])
        terms = np.concatenate([columns for columns, _ in vectors])
        values = np.concatenate([values for _, values in vectors])
        return cls(_Grouped.of(texts, terms, values, len(vectors)), _Grouped.of(terms, texts, values, term_count))


def _importance(section_ids: list[str]) -> Numbers:
    """Return how much each text counts, shape (texts,): sections count alike, however many ways to ask each has.

    None counts more than MAX_IMPORTANCE times as much as the usual text, or less than a part so small. Negative
    questions belong to no section and count once.
    """
    counts = Counter(section_ids)
    usual = float(np.median([count for name, count in counts.items() if name != NO_SECTION] or [1]))
    of_section = {
        name: 1.0 if name == NO_SECTION else min(max(usual / count, 1 / MAX_IMPORTANCE), MAX_IMPORTANCE)
        for name, count in counts.items()
    }
    return np.array([of_section[name] for name in section_ids], dtype=np.float32)


def _solve_side_by_side(texts: _SparseRows, targets: Numbers, importance: Numbers) -> Numbers:
    """Return what `_solve_ridge` returns: each section is solved for itself, so two threads may share the sections."""
    halves = [np.ascontiguousarray(half) for half in np.array_split(targets, 2, axis=1)]
    with ThreadPoolExecutor(len(halves)) as pool:
        return np.concatenate(list(pool.map(lambda half: _solve_ridge(texts, half, importance), halves)), axis=1)


def _solve_ridge(texts: _SparseRows, targets: Numbers, importance: Numbers) -> Numbers:
    """Return the weights, shape (terms, sections), of the ridge regression of `targets`, shape (texts, sections).

    `importance`, shape (texts,), is what each text's squared error counts.
    """
    counts = importance[:, None]
    residual = texts.by_term.times(counts * targets)
    weights, direction = np.zeros_like(residual), residual.copy()
    length = np.square(residual).sum(axis=0)
    for _ in range(STEPS):
        image = texts.by_term.times(counts * texts.by_text.times(direction)) + RIDGE * direction
        step = length / np.maximum((direction * image).sum(axis=0), SMALLEST)
        weights += step * direction
        residual -= step * image
        shorter = np.square(residual).sum(axis=0)
        direction = residual + shorter / np.maximum(length, SMALLEST) * direction
        length = shorter
    return weights


def _vocabulary(term_lists: list[list[str]]) -> tuple[dict[str, int], Numbers]:
    """Return the column of each term found in two texts or more, in order of appearance, and its weight."""
    counts = Counter(term for terms in term_lists for term in dict.fromkeys(terms))
    kept = [term for term, count in counts.items() if count >= MIN_TEXTS_OF_A_TERM]
    frequencies = np.array([counts[term] for term in kept], dtype=np.float64)
    idf = np.log((1 + len(term_lists)) / (1 + frequencies)) + 1
    return {term: column for column, term in enumerate(kept)}, idf.astype(np.float32)

"""The linear model of a handbook's sections, fitted on its passages and on every way to ask."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage
from retriever.artifact import NO_SECTION, Wording
from retriever.classifier import SectionClassifier
from retriever.term_counts import TermCounts

PENALTY = 0.5
# A term of fewer texts is left out; of so many texts, a term in two of them says as little.
MIN_TEXTS_OF_A_TERM = 2
MANY_TEXTS = 10_000
# Steps of the first round, in which every text counts, rounds after it, and steps of each. Enough for the order of the
# sections to settle; further ones sharpen what is peculiar to single texts.
FIRST_STEPS = 3
ROUNDS = 2
STEPS = 4
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

    Linear support vector machines on TF-IDF terms, one for each section, with the squared hinge loss: a text of the
    section shall score 1 or more, any other -1 or less. A few Newton steps, each by a few steps of conjugate gradients,
    for all sections at once. Sections come in the order of their first text. The same input gives the same model: sums
    are taken in one order and by one thread.
    Sources: Keerthi and DeCoste, "A modified finite Newton method for fast solution of large scale linear SVMs", 2005;
    Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", 1952.

    Args:
        term_lists: The terms of each text; at least one text.
        section_ids: The section of each text.
    """
    columns, idf, texts = _tf_idf_rows(TermCounts.of(term_lists))
    names = tuple(dict.fromkeys(section_ids))
    place_of = {name: place for place, name in enumerate(names)}
    signs = np.full((len(section_ids), len(names)), -1.0, dtype=np.float32)
    signs[np.arange(len(section_ids)), [place_of[name] for name in section_ids]] = 1.0
    return SectionClassifier(
        columns=columns,
        section_ids=names,
        inverse_document_frequencies=idf,
        weights=_solve_side_by_side(texts, signs, text_importance(section_ids)),
        bias=np.zeros(len(names), dtype=np.float32),
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
            products = np.take(matrix, self.sources[entries], axis=0, mode="clip")  # "clip" is faster
            products *= self.values[entries]
            product[self.targets[first:last]] = np.add.reduceat(products, self.starts[first:last] - begin, axis=0)
            first = last
        return product


@dataclass(frozen=True, slots=True)
class _SparseRows:
    """Texts by terms, to be multiplied from both sides."""

    by_text: _Grouped
    by_term: _Grouped

    @classmethod
    def of(cls, texts: NDArray[np.int64], terms: NDArray[np.int64], values: Numbers, shape: tuple[int, int]) -> Self:
        text_count, term_count = shape
        return cls(_Grouped.of(texts, terms, values, text_count), _Grouped.of(terms, texts, values, term_count))


def text_importance(section_ids: list[str]) -> Numbers:
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


def _solve_side_by_side(texts: _SparseRows, signs: Numbers, importance: Numbers) -> Numbers:
    """Return what `_solve` returns: each section is solved for itself, so two threads may share the sections."""
    halves = [np.ascontiguousarray(half) for half in np.array_split(signs, 2, axis=1)]
    with ThreadPoolExecutor(len(halves)) as pool:
        return np.concatenate(list(pool.map(lambda half: _solve(texts, half, importance), halves)), axis=1)


def _solve(texts: _SparseRows, signs: Numbers, importance: Numbers) -> Numbers:
    """Return the weights, shape (terms, sections), under which the scores are 1 or more on the side of the signs.

    `signs`, shape (texts, sections), are 1 or -1; `importance`, shape (texts,), is what each text's squared error
    counts. In each round only texts that are not yet far enough on their side count for a section.
    """
    weights = np.zeros((texts.by_term.target_count, signs.shape[1]), dtype=np.float32)
    scores = np.zeros_like(signs)
    counts = np.broadcast_to(importance[:, None], signs.shape)
    for steps in (FIRST_STEPS, *[STEPS] * ROUNDS):
        residual = texts.by_term.times(counts * (signs - scores)) - PENALTY * weights
        direction, length = residual.copy(), np.square(residual).sum(axis=0)
        for _ in range(steps):
            scored = texts.by_text.times(direction)
            image = texts.by_term.times(counts * scored) + PENALTY * direction
            step = length / np.maximum((direction * image).sum(axis=0), SMALLEST)
            weights += step * direction
            scores += step * scored
            residual -= step * image
            shorter = np.square(residual).sum(axis=0)
            direction = residual + shorter / np.maximum(length, SMALLEST) * direction
            length = shorter
        counts = importance[:, None] * (signs * scores < 1)
    return weights


def _tf_idf_rows(counts: TermCounts) -> tuple[dict[str, int], Numbers, _SparseRows]:
    """Return the column of each term found in enough texts, its weight, and all texts as `tf_idf` makes them."""
    text_count = len(counts.lengths)
    frequencies = np.bincount(counts.columns, minlength=len(counts.vocabulary))
    kept = np.flatnonzero(frequencies >= MIN_TEXTS_OF_A_TERM + (text_count >= MANY_TEXTS))
    idf = (np.log((1 + text_count) / (1 + frequencies[kept])) + 1).astype(np.float32)
    column_of = np.full(len(frequencies), -1)
    column_of[kept] = np.arange(len(kept))
    is_kept = column_of[counts.columns] >= 0
    rows, columns = counts.rows[is_kept].astype(np.int64), column_of[counts.columns[is_kept]]
    values = (1 + np.log(counts.counts[is_kept])) * idf[columns]
    norms = np.sqrt(np.bincount(rows, np.square(values), minlength=text_count))
    values = (values / np.maximum(norms[rows], SMALLEST)).astype(np.float32)
    vocabulary = {counts.vocabulary[term]: column for column, term in enumerate(kept.tolist())}
    return vocabulary, idf, _SparseRows.of(rows, columns, values, (text_count, len(kept)))

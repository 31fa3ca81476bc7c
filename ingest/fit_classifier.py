"""The linear model of a handbook's sections, fitted on its passages and on every way to ask."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from corpus.passage import Passage
from retriever.artifact import Wording
from retriever.classifier import SectionClassifier, tf_idf

RIDGE = 1.0
MIN_TEXTS_OF_A_TERM = 2
# The fit takes the square of this many numbers of memory; beyond it, texts are taken at even steps.
MAX_TEXTS = 8_000


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

    Ridge regression of section membership on TF-IDF terms, in its dual form, one right-hand side a section. Sections
    come in the order of their first text. The same input gives the same model.
    Source: Hoerl and Kennard, "Ridge regression", 1970; dual form: Saunders, Gammerman and Vovk, 1998.

    Args:
        term_lists: The terms of each text; at least one text.
        section_ids: The section of each text.
    """
    step = -(-len(term_lists) // MAX_TEXTS)
    term_lists, section_ids = term_lists[::step], section_ids[::step]
    columns, idf = _vocabulary(term_lists)
    vectors = [tf_idf(terms, columns, idf) for terms in term_lists]
    postings = _postings(vectors, len(columns))
    names = tuple(dict.fromkeys(section_ids))
    membership = np.zeros((len(section_ids), len(names)), dtype=np.float32)
    membership[np.arange(len(section_ids)), [names.index(name) for name in section_ids]] = 1.0
    bias = membership.mean(axis=0)
    gram = np.eye(len(vectors), dtype=np.float32) * RIDGE
    for rows, values in postings:
        gram[np.ix_(rows, rows)] += np.outer(values, values)
    # Several threads add up in an order of their own, and the same handbook must give the same index.
    with threadpool_limits(1):
        dual = np.linalg.solve(gram, membership - bias)
    weights = np.stack([values @ dual[rows] for rows, values in postings]) if postings else np.zeros((0, len(names)))
    return SectionClassifier(
        columns=columns,
        section_ids=names,
        inverse_document_frequencies=idf,
        weights=weights.astype(np.float32),
        bias=bias,
    )


def _vocabulary(term_lists: list[list[str]]) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return the column of each term found in two texts or more, in order of appearance, and its weight."""
    counts = Counter(term for terms in term_lists for term in dict.fromkeys(terms))
    kept = [term for term, count in counts.items() if count >= MIN_TEXTS_OF_A_TERM]
    frequencies = np.array([counts[term] for term in kept], dtype=np.float64)
    idf = np.log((1 + len(term_lists)) / (1 + frequencies)) + 1
    return {term: column for column, term in enumerate(kept)}, idf.astype(np.float32)


def _postings(
    vectors: list[tuple[NDArray[np.int64], NDArray[np.float32]]], column_count: int
) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Return, for each column, the texts that hold it and its values in them."""
    rows = np.concatenate([np.full(len(columns), row) for row, (columns, _) in enumerate(vectors)])
    columns = np.concatenate([columns for columns, _ in vectors])
    values = np.concatenate([values for _, values in vectors])
    order = np.argsort(columns, kind="stable")
    bounds = np.searchsorted(columns[order], np.arange(column_count + 1))
    return [(rows[order[start:stop]], values[order[start:stop]]) for start, stop in pairwise(bounds)]

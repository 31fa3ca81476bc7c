"""BM25 over character bigrams: the yardstick that a dense encoder is held against."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

_K1 = 1.2
_B = 0.75


class BigramBM25:
    """BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009), terms being adjacent characters.

    Args:
        texts: The passages; at least one has two characters.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = CountVectorizer(analyzer="char", ngram_range=(2, 2))
        counts = self._vectorizer.fit_transform(texts).tocoo()
        lengths = np.bincount(counts.row, weights=counts.data, minlength=len(texts))
        in_texts = np.bincount(counts.col, minlength=counts.shape[1])
        rarity = np.log(1 + (len(texts) - in_texts + 0.5) / (in_texts + 0.5))
        damping = _K1 * (1 - _B + _B * lengths / lengths.mean())
        counts.data = rarity[counts.col] * counts.data * (_K1 + 1) / (counts.data + damping[counts.row])
        self._weights = counts.tocsr()

    def scores(self, queries: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the BM25 score of each text for each query, shape (queries, texts)."""
        terms = self._vectorizer.transform(queries)
        return np.asarray((terms @ self._weights.T).toarray(), dtype=np.float32)

"""TF-IDF over characters and pairs of them, by scikit-learn, compared by cosine."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.peers.texts import SearchedText, TextScorer


class TfIdfPeer(TextScorer):
    """Its score is the cosine of TF-IDF vectors, in [0, 1]."""

    name = "tf-idf"

    def __init__(self, texts: Sequence[SearchedText]) -> None:
        super().__init__(texts)
        self._vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
        self._vectors = self._vectoriser.fit_transform([text.text for text in texts])

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the cosine with each text."""
        return np.asarray((self._vectors @ self._vectoriser.transform([question]).T).todense()).ravel()

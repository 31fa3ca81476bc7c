"""The hybrid search of txtai, an embedded search library, with our encoder for its dense half."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from txtai import Embeddings

from eval.peers.bm25 import jieba_words
from eval.peers.texts import SearchedText, TextScorer
from retriever.encoder import Encoder

FOUND = 200


class TxtaiPeer(TextScorer):
    """Its score is the library's: the mean of cosine similarity and normalised BM25, as it does by itself.

    The library cuts words at spaces, so it is given the words that jieba finds.
    """

    name = "txtai hybrid"

    def __init__(self, texts: Sequence[SearchedText], encoder: Encoder) -> None:
        super().__init__(texts)
        self._embeddings = Embeddings(
            method="external",
            transform=lambda batch: encoder.encode([_joined(text) for text in batch]),
            hybrid=True,
            scoring={"method": "bm25", "normalize": True, "terms": True, "tokenizer": {"alphanum": False}},
            content=False,
        )
        self._embeddings.index((place, _spaced(text.text), None) for place, text in enumerate(texts))

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the library's score of the best 200 texts, and 0 for all others."""
        scores = np.zeros(len(self._texts))
        with np.errstate(invalid="ignore"):  # the library divides a vector of no known word by its length
            found = self._embeddings.search(_spaced(question), FOUND)
        for place, score in found:
            scores[place] = np.nan_to_num(score)
        return scores


def _spaced(text: str) -> str:
    return " ".join(jieba_words(text))


def _joined(text: str) -> str:
    return text.replace(" ", "")

"""BM25 over one kind of term: jieba's words, or pairs of neighbouring characters."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import jieba
import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from eval.peers.texts import SearchedText, TextScorer


class Bm25Peer(TextScorer):
    """BM25 by bm25s; its score is that of the library."""

    def __init__(self, texts: Sequence[SearchedText], name: str, split: Callable[[str], list[str]]) -> None:
        super().__init__(texts)
        self.name = name
        self._split = split
        self._index = BM25(method="lucene", k1=1.2, b=0.75)
        self._index.index([split(text.text) for text in texts], show_progress=False)

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the BM25 score of each text."""
        known = [word for word in self._split(question) if word in self._index.vocab_dict]
        if not known:
            return np.zeros(len(self._texts))
        return np.asarray(self._index.get_scores(known), dtype=np.float64)


def jieba_words(text: str) -> list[str]:
    """Return the words that jieba finds, spaces left out."""
    jieba.setLogLevel("WARNING")
    return [word for word in jieba.lcut(text) if word.strip()]


def character_pairs(text: str) -> list[str]:
    """Return all pairs of neighbouring characters."""
    return [left + right for left, right in pairwise(text)]

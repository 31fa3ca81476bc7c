"""BM25 over one kind of term: jieba's words, or pairs of neighbouring characters."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import jieba
import numpy as np
from numpy.typing import NDArray

from eval.peers.texts import SearchedText, TextScorer
from retriever.lexical import Bm25LexicalIndex


class Bm25Peer(TextScorer):
    """BM25 by bm25s; its score is that of the library."""

    def __init__(self, texts: Sequence[SearchedText], name: str, split: Callable[[str], list[str]]) -> None:
        super().__init__(texts)
        self.name = name
        self._split = split
        self._index = Bm25LexicalIndex.build([split(text.text) for text in texts])

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the BM25 score of each text."""
        return self._index.bm25_scores(self._split(question), range(len(self._texts))).astype(np.float64)


def jieba_words(text: str) -> list[str]:
    """Return the words that jieba finds, spaces left out."""
    jieba.setLogLevel("WARNING")
    return [word for word in jieba.lcut(text) if word.strip()]


def character_pairs(text: str) -> list[str]:
    """Return all pairs of neighbouring characters."""
    return [left + right for left, right in pairwise(text)]

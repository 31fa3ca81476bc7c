"""Dense search alone with any encoder, such as a sentence-transformers model that the user names."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.peers.texts import SearchedText, TextScorer
from retriever.encoder import Encoder

ENCODED_AT_ONCE = 256


class EncoderPeer(TextScorer):
    """Its score is the cosine similarity."""

    def __init__(self, texts: Sequence[SearchedText], name: str, encoder: Encoder) -> None:
        super().__init__(texts)
        self.name = name
        self._encoder = encoder
        blocks = [
            encoder.encode([text.text for text in texts[start : start + ENCODED_AT_ONCE]])
            for start in range(0, len(texts), ENCODED_AT_ONCE)
        ]
        self._vectors = np.concatenate(blocks)

    def scores(self, question: str) -> NDArray[np.float64]:
        """Return the cosine similarity with each text."""
        return np.asarray(self._vectors @ self._encoder.encode([question])[0], dtype=np.float64)

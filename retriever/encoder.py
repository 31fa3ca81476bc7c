"""Text to unit vectors: what every encoder does."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Anything that turns texts into vectors whose dot product is their cosine similarity."""

    @property
    def encoder_id(self) -> str:
        """A name that changes whenever the vectors would."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector a text, float32, shape (len(texts), dimension).

        A text without any known token gives the zero vector. An empty list gives shape (0, dimension).
        """

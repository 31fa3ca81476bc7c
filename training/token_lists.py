"""Many tokenised texts in two flat arrays, from which batches are taken without a Python loop."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ids = npt.NDArray[np.int64]


class TokenLists:
    """Token ids of many texts, one after the other.

    Attributes:
        ids: All token ids, shape (tokens,).
        starts: Where each text begins in `ids`, and after the last where it ends, shape (texts + 1,).
    """

    def __init__(self, ids: Ids, starts: Ids) -> None:
        self.ids = ids
        self.starts = starts

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts) - 1

    def take(self, texts: Ids) -> tuple[Ids, Ids]:
        """Return the tokens of some texts.

        Args:
            texts: Numbers of the texts, in the order wanted, shape (n,).

        Returns:
            Their token ids one after the other, shape (tokens,), and how many each has, shape (n,).
        """
        starts = self.starts[texts]
        lengths = self.starts[texts + 1] - starts
        before = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        return self.ids[places], lengths


def tokenise(tokenizer: Tokenizer, texts: Sequence[str], longest_tokens: int) -> TokenLists:
    """Return the token ids of texts, each cut after `longest_tokens`, without special tokens."""
    chunks = []
    lengths = []
    for first in range(0, len(texts), 4096):
        for encoding in tokenizer.encode_batch(list(texts[first : first + 4096]), add_special_tokens=False):
            chunk = np.asarray(encoding.ids[:longest_tokens], dtype=np.int32)
            chunks.append(chunk)
            lengths.append(len(chunk))
    ids = np.concatenate([np.zeros(0, dtype=np.int32), *chunks]).astype(np.int64)
    return TokenLists(ids, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))

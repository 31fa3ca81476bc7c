"""The shipped kind of encoder: token vectors from a table, averaged. Needs neither torch nor sentence-transformers."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from tokenizers import Tokenizer

from corpus.errors import EncoderMissing
from corpus.manifest import file_sha256
from retriever.encoder import Vectors
from retriever.mapped_arrays import load_tensors

SMALLEST_NORM = 1e-12


@dataclass(frozen=True, slots=True)
class TokenTable:
    """Token vectors, kept as small as they lie on disk.

    The vector of token t is `vectors[rows[t]] * scales[t]`; without `rows` the row is t, without `scales` it is 1.
    Quantised tables hold int8 vectors and float32 scales.

    Attributes:
        vectors: Any real dtype, shape (rows, dimension).
        rows: Integer, shape (tokens,), or None.
        scales: Floating, shape (tokens,), or None.
    """

    vectors: NDArray[np.generic]
    rows: NDArray[np.integer] | None = None
    scales: NDArray[np.floating] | None = None

    @classmethod
    def load(cls, path: Path) -> "TokenTable":
        """Return the table that stays in a safetensors file, as sentence-transformers or model2vec name its tensors."""
        tensors = load_tensors(path)
        if "embedding.weight" in tensors:
            return cls(tensors["embedding.weight"])
        return cls(tensors["embeddings"], tensors.get("mapping"), tensors.get("weights"))

    def mean(self, token_ids: list[int]) -> NDArray[np.float32]:
        """Return the mean vector of at least one token, float32, shape (dimension,)."""
        rows = token_ids if self.rows is None else self.rows[token_ids]
        vectors = self.vectors[rows].astype(np.float32)
        if self.scales is not None:
            vectors *= self.scales[token_ids].astype(np.float32)[:, None]
        return np.asarray(vectors.mean(axis=0), dtype=np.float32)


class StaticEncoder:
    """Reads a sentence-transformers `StaticEmbedding` folder and gives the same vectors.

    A text's vector is the mean of its tokens' vectors, scaled to length one.
    """

    def __init__(self, tokenizer: Tokenizer, table: TokenTable, encoder_id: str) -> None:
        self._tokenizer = tokenizer
        self._table = table
        self._encoder_id = encoder_id

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """Return the encoder of a model folder.

        Raises:
            EncoderMissing: If a file of the model is missing or broken.
        """
        try:
            modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
            module_folder = folder / modules[0]["path"]
            tokenizer_path, table_path = module_folder / "tokenizer.json", module_folder / "model.safetensors"
            table = TokenTable.load(table_path)
            tokenizer = _tokenizer(tokenizer_path.read_bytes())
            identity = file_sha256(tokenizer_path) + file_sha256(table_path)
        except (OSError, ValueError, KeyError, IndexError, SafetensorError) as error:
            raise EncoderMissing(f"向量模型 {folder} 不完整或已损坏（{error}）。") from error
        return cls(tokenizer, table, f"{folder.name}@{hashlib.sha256(identity.encode()).hexdigest()[:12]}")

    @property
    def encoder_id(self) -> str:
        """Folder name and checksum of the model files."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._table.vectors.shape[1])

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector a text, float32, shape (len(texts), dimension); zero for a text without tokens."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        for vector, encoding in zip(vectors, encodings, strict=True):
            if encoding.ids:
                mean = self._table.mean(encoding.ids)
                vector[:] = mean / max(float(np.linalg.norm(mean)), SMALLEST_NORM)
        return vectors


def _tokenizer(content: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(content.decode("utf-8"))
    except Exception as error:  # the library raises plain Exception for a file it cannot use
        raise ValueError(str(error)) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer

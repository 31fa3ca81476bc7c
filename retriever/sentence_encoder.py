"""Any other sentence-transformers model, from a folder or a model hub."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import EncoderMissing, ModelsExtraMissing
from retriever.encoder import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_TEXTS = 64


class SentenceEncoder:
    """A sentence-transformers model of any architecture."""

    def __init__(self, model: "SentenceTransformer", encoder_id: str) -> None:
        self._model = model
        self._encoder_id = encoder_id
        # Asked of a vector, because not every module of a model knows its width.
        self._dimension = int(self.encode(["维"]).shape[1])

    @classmethod
    def load(cls, name: str) -> "SentenceEncoder":
        """Return the encoder of a model folder or of a hub name such as "BAAI/bge-small-zh-v1.5".

        Raises:
            ModelsExtraMissing: If sentence-transformers is not installed.
            EncoderMissing: If the folder holds no model, or the hub does not know it or cannot be reached.
        """
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelsExtraMissing(
                f"模型 {name} 需要 sentence-transformers，请先运行：.venv/bin/pip install -e '.[models]'"
            ) from error
        folder = Path(name).expanduser()
        is_folder = folder.is_dir()
        try:
            model = SentenceTransformer(str(folder) if is_folder else name, device="cpu")
        except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
            raise EncoderMissing(
                f"无法载入模型 {name}：{reason}。若是模型名称，请确认能连上模型库；否则改用本地文件夹。"
            ) from error
        return cls(model, f"{folder.name}@{_folder_checksum(folder)}" if is_folder else name)

    @property
    def encoder_id(self) -> str:
        """Folder name and checksum of its files, or the hub name."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def encode(self, texts: list[str]) -> Vectors:
        """Return one unit vector a text, float32, shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        vectors = self._model.encode(
            texts, batch_size=BATCH_TEXTS, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.ascontiguousarray(vectors, dtype=np.float32).reshape(len(texts), -1)


def _folder_checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]

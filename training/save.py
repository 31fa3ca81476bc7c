"""The model folder: what sentence-transformers loads, and NumPy alone can read."""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from training.first_vectors import Vectors

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.base.modules.normalize.Normalize"},
]
_NORMALIZE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
_CONFIG = {
    "default_prompt_name": None,
    "model_type": "SentenceTransformer",
    "prompts": {"document": "", "query": ""},
    "similarity_fn_name": "cosine",
}
_LARGEST_CODE = 127


def quantise(vectors: Vectors) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return vectors as whole numbers and one scale each, so that `codes * scales[:, None]` is near the vectors.

    Args:
        vectors: float32, shape (tokens, dimension).

    Returns:
        Codes in [-127, 127], int8, shape (tokens, dimension), and scales, float32, shape (tokens,), at least 0. No
        number is off by more than half a scale; a zero vector stays exactly zero.
    """
    scales = np.abs(vectors).max(axis=1) / _LARGEST_CODE
    codes = np.rint(vectors / np.where(scales > 0, scales, 1.0)[:, None])
    return codes.astype(np.int8), scales.astype(np.float32)


def save_model(folder: Path, tokenizer: Tokenizer, vectors: Vectors) -> None:
    """Write the model folder anew, in place of one that may be there; a README.md that lies in it is kept.

    The weights carry the names that model2vec gave them and `StaticEmbedding.load` understands: `embeddings` (int8)
    and `weights` (one float32 a token), whose product are the token vectors. Loaded so, sentence-transformers computes
    in float32, in which the zero vector of an empty text stays zero; a float16 `embedding.weight` would give NaN.

    Args:
        folder: Where the model goes; its parent must exist.
        tokenizer: The encoder's tokenizer.
        vectors: Token vectors, float32, shape (tokens, dimension).
    """
    codes, scales = quantise(vectors)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as temporary:
        aside = Path(temporary) / folder.name
        (aside / "1_Normalize").mkdir(parents=True)
        save_file({"embeddings": codes, "weights": scales}, aside / "model.safetensors", metadata={"format": "pt"})
        (aside / "model.safetensors").chmod(0o644)
        tokenizer.save(str(aside / "tokenizer.json"), pretty=False)
        _write_json(aside / "modules.json", _MODULES)
        _write_json(aside / "config_sentence_transformers.json", _CONFIG)
        _write_json(aside / "1_Normalize" / "config.json", _NORMALIZE)
        if (folder / "README.md").exists():
            shutil.copyfile(folder / "README.md", aside / "README.md")
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        aside.rename(folder)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")

"""Which encoder the settings name."""

import json
from pathlib import Path
from typing import Final

from corpus.errors import EncoderMissing
from retriever.encoder import Encoder
from retriever.sentence_encoder import SentenceEncoder
from retriever.static_encoder import StaticEncoder

SHIPPED_MODEL_FOLDER: Final = Path(__file__).resolve().parent / "models" / "wengong-static-v2"


def open_encoder(name: str = "") -> Encoder:
    """Return the encoder that a setting names.

    Args:
        name: "" for the shipped model, else a folder with a sentence-transformers model, else a model's hub name.

    Raises:
        EncoderMissing: If a folder is named and holds no model, or the hub has no such model or cannot be reached.
        ModelsExtraMissing: If the model needs sentence-transformers and that is not installed.
    """
    folder = Path(name) if name else SHIPPED_MODEL_FOLDER
    if folder.is_dir():
        if is_static_model(folder):
            return StaticEncoder.load(folder)
    elif not name or name.startswith((".", "/", "~")):
        raise EncoderMissing(f"没有向量模型文件夹 {folder}，请检查 WENGONG_ENCODER。")
    return SentenceEncoder.load(name)


def is_static_model(folder: Path) -> bool:
    """Return whether a sentence-transformers folder is a lookup table with nothing but normalisation behind it."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return kinds[:1] == ["StaticEmbedding"] and set(kinds[1:]) <= {"Normalize"}

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from training.save import quantise, save_model
from training.tokenizer import build_tokenizer

TEXTS = ["工会会费怎么交", "职工", "职工 \U00020000", "工会？", "", "\U00020000", "  ？"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizer = build_tokenizer(Counter({"工会": 9, "职工": 8, "怎么": 7}), 7_000, 4)
    vectors = np.random.default_rng(0).normal(size=(tokenizer.get_vocab_size(), 16)).astype(np.float32)
    vectors[0] = 0.0
    save_model(tmp_path / "model", tokenizer, vectors)
    return tmp_path / "model"


def encode_with_numpy(folder: Path, texts: list[str]) -> np.ndarray:
    stored = load_file(folder / "model.safetensors")
    vectors = stored["embeddings"].astype(np.float32) * stored["weights"][:, None]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    rows = []
    for encoding in tokenizer.encode_batch(texts, add_special_tokens=False):
        mean = vectors[encoding.ids].mean(axis=0) if encoding.ids else np.zeros(16, dtype=np.float32)
        rows.append(mean / max(float(np.linalg.norm(mean)), 1e-12))
    return np.stack(rows)


def test_sentence_transformers_and_numpy_give_the_same(folder: Path) -> None:
    by_library = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(TEXTS)
    by_hand = encode_with_numpy(folder, TEXTS)
    assert by_library.dtype == np.float32
    np.testing.assert_allclose(by_library, by_hand, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(by_library[:4], axis=1), 1.0, atol=1e-6)


def test_texts_without_known_tokens_are_zero(folder: Path) -> None:
    vectors = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(TEXTS[4:])
    assert not vectors.any()


def test_unknown_tokens_do_not_turn_a_vector(folder: Path) -> None:
    vectors = encode_with_numpy(folder, ["职工", "职工 \U00020000"])
    assert vectors[0] @ vectors[1] == pytest.approx(1.0)


def test_an_older_model_is_replaced_but_its_card_kept(folder: Path) -> None:
    (folder / "README.md").write_text("card", encoding="utf-8")
    (folder / "left-over.bin").write_bytes(b"1")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    save_model(folder, tokenizer, np.ones((tokenizer.get_vocab_size(), 16), dtype=np.float32))
    assert sorted(path.name for path in folder.iterdir()) == [
        "1_Normalize",
        "README.md",
        "config_sentence_transformers.json",
        "model.safetensors",
        "modules.json",
        "tokenizer.json",
    ]
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_rounding_is_within_half_a_scale_and_zero_stays_zero() -> None:
    vectors = np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)
    vectors[7] = 0.0
    codes, scales = quantise(vectors)
    assert codes.dtype == np.int8
    assert scales.dtype == np.float32
    assert (np.abs(codes * scales[:, None] - vectors) <= 0.5001 * scales[:, None]).all()
    assert not codes[7].any()
    assert np.abs(codes).max(axis=1)[np.arange(50) != 7].min() == 127

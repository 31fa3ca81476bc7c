"""Every encoder keeps the contract, and the shipped one gives the vectors that sentence-transformers gives."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from corpus.errors import EncoderMissing, ModelsExtraMissing
from corpus.handbook import Handbook
from retriever.encoder import Encoder
from retriever.encoder_choice import SHIPPED_MODEL_FOLDER, open_encoder
from retriever.sentence_encoder import SentenceEncoder
from retriever.static_encoder import StaticEncoder

TEXTS = ["农民工怎么提升学历", "新八级工是哪八级", "工会 App 在哪下载？", "a", "😀", "２０２２年４月２７日"]
ENCODERS = ["shipped", "transformer", "hash"]


@pytest.fixture(scope="session")
def transformer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real transformer, small enough to be made by a test: one layer, sixteen numbers wide."""
    folder = tmp_path_factory.mktemp("transformer")
    characters = sorted(set("".join(TEXTS)) - {" "})
    vocabulary = {token: number for number, token in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - a token of text, no password
    tokenizer.pre_tokenizer = Split("", "isolated")
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")  # noqa: S106
    fast.save_pretrained(folder / "bert")
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    words = Transformer(str(folder / "bert"))
    SentenceTransformer(modules=[words, Pooling(16)], device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture
def any_encoder(request: pytest.FixtureRequest, transformer_folder: Path) -> Encoder:
    opened: Encoder = {
        "shipped": open_encoder,
        "transformer": lambda: open_encoder(str(transformer_folder)),
        "hash": lambda: request.getfixturevalue("hash_encoder"),
    }[request.param]()
    return opened


EVERY_ENCODER = pytest.mark.parametrize("any_encoder", ENCODERS, indirect=True)


@EVERY_ENCODER
def test_vectors_are_unit_float32_of_the_stated_dimension(any_encoder: Encoder) -> None:
    vectors = any_encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), any_encoder.dimension)
    assert np.linalg.norm(vectors[:3], axis=1).tolist() == pytest.approx([1, 1, 1], abs=1e-5)


@EVERY_ENCODER
def test_a_text_has_the_same_vector_alone_and_among_others(any_encoder: Encoder) -> None:
    together = any_encoder.encode(TEXTS)
    for position, text in enumerate(TEXTS):
        assert np.allclose(any_encoder.encode([text])[0], together[position], atol=1e-6)


@EVERY_ENCODER
def test_no_text_gives_no_vector(any_encoder: Encoder) -> None:
    assert any_encoder.encode([]).shape == (0, any_encoder.dimension)


@EVERY_ENCODER
def test_an_empty_text_gives_a_vector_without_nan(any_encoder: Encoder) -> None:
    assert np.isfinite(any_encoder.encode(["", "\u0378"])).all()


def test_the_shipped_encoder_equals_sentence_transformers(handbook: Handbook) -> None:
    texts = [*TEXTS, *(text for _, text in handbook.similar_questions[:300])]
    texts += [handbook.text[section.start : section.end] for section in handbook.sections]
    ours = open_encoder().encode(texts)
    theirs = SentenceTransformer(str(SHIPPED_MODEL_FOLDER), device="cpu").encode(texts, normalize_embeddings=True)
    known = ours.any(axis=1)
    assert known.tolist() == theirs.any(axis=1).tolist()
    assert known.sum() >= len(texts) - 1  # an emoji has no token
    assert float((ours * theirs)[known].sum(axis=1).min()) >= 0.99999


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_a_unit_vector_or_none(text: str) -> None:
    length = float(np.linalg.norm(open_shipped().encode([text])[0]))
    assert math.isclose(length, 1, abs_tol=1e-5) or length == 0


def open_shipped() -> StaticEncoder:
    if not _OPENED:
        _OPENED.append(StaticEncoder.load(SHIPPED_MODEL_FOLDER))
    return _OPENED[0]


_OPENED: list[StaticEncoder] = []


def test_the_shipped_model_is_small() -> None:
    size_bytes = sum(path.stat().st_size for path in SHIPPED_MODEL_FOLDER.rglob("*") if path.is_file())
    assert size_bytes <= 16_000_000


def test_a_named_folder_is_loaded_through_sentence_transformers(transformer_folder: Path) -> None:
    opened = open_encoder(str(transformer_folder))
    assert isinstance(opened, SentenceEncoder)
    theirs = SentenceTransformer(str(transformer_folder), device="cpu").encode(TEXTS, normalize_embeddings=True)
    assert np.allclose(opened.encode(TEXTS), theirs, atol=1e-6)


def test_another_model_has_another_id(transformer_folder: Path) -> None:
    assert open_encoder(str(transformer_folder)).encoder_id != open_encoder().encoder_id


@pytest.mark.parametrize("name", ["/no/such/folder", "./nothing-here"])
def test_a_folder_that_is_not_there_is_missing(name: str) -> None:
    with pytest.raises(EncoderMissing, match="WENGONG_ENCODER"):
        open_encoder(name)


def test_a_hub_name_that_cannot_be_reached_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderMissing, match="somebody/no-such-model"):
        open_encoder("somebody/no-such-model")


@pytest.mark.parametrize("broken", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_broken_model_folder_is_missing(tmp_path: Path, broken: str, how: str) -> None:
    for path in SHIPPED_MODEL_FOLDER.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    if how == "gone":
        (tmp_path / broken).unlink()
    else:
        (tmp_path / broken).write_bytes((tmp_path / broken).read_bytes()[:1000])
    with pytest.raises(EncoderMissing, match="损坏"):
        open_encoder(str(tmp_path))


def test_without_sentence_transformers_the_message_names_the_command(
    transformer_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(ModelsExtraMissing, match=r"pip install -e"):
        open_encoder(str(transformer_folder))

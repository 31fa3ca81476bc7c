"""All peers by name, and which of them this machine can run."""

from collections.abc import Callable, Sequence
from functools import partial

from corpus.errors import EncoderError
from eval.peers.texts import SearchedText
from eval.systems import System
from retriever.encoder import Encoder
from retriever.encoder_choice import open_encoder

Opener = Callable[[], System]


def peer_openers(texts: Sequence[SearchedText], encoder: Encoder, encoder_names: Sequence[str]) -> dict[str, Opener]:
    """Return a function for each peer that makes it over some texts: other libraries, and encoders named by the user.

    Making one fails where this machine lacks what it needs; see `open_peer`.
    """
    openers: dict[str, Opener] = {
        "bm25s jieba": lambda: _bm25(texts, "bm25s jieba"),
        "bm25s bigrams": lambda: _bm25(texts, "bm25s bigrams"),
        "tf-idf": lambda: _tf_idf(texts),
        "txtai hybrid": lambda: _txtai(texts, encoder),
    }
    return openers | {name: partial(_named_encoder, texts, name) for name in encoder_names}


def open_peer(opener: Opener) -> System | str:
    """Return a peer, or the reason, in Chinese, why this machine cannot run it."""
    try:
        return opener()
    except ModuleNotFoundError as error:
        return f"没有安装 {error.name}，请运行 .venv/bin/pip install -e '.[peers]'"
    except EncoderError as error:
        return error.message


def _bm25(texts: Sequence[SearchedText], name: str) -> System:
    from eval.peers.bm25 import Bm25Peer, character_pairs, jieba_words

    return Bm25Peer(texts, name, jieba_words if name == "bm25s jieba" else character_pairs)


def _tf_idf(texts: Sequence[SearchedText]) -> System:
    from eval.peers.tf_idf import TfIdfPeer

    return TfIdfPeer(texts)


def _txtai(texts: Sequence[SearchedText], encoder: Encoder) -> System:
    from eval.peers.txtai_hybrid import TxtaiPeer

    return TxtaiPeer(texts, encoder)


def _named_encoder(texts: Sequence[SearchedText], name: str) -> System:
    from eval.peers.sentence_model import EncoderPeer

    return EncoderPeer(texts, name, open_encoder(name))

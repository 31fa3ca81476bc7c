"""Searches of other libraries over the same texts with the same encoder, each as its documentation shows it.

Every class builds its index when it is made and gives the best texts for a question. None of them decides whether a
question is answered, or chooses what is shown; `Ours` does all of that.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

FOUND = 10


class Search(Protocol):
    """An index in memory."""

    def ask(self, question: str) -> object:
        """Return what is found for a question."""


class Ours:
    """The service's own answer: four searches, fusion, probability, excerpts, highlights."""

    def __init__(self, _: Sequence[str], index_folder: Path) -> None:
        from retriever.encoder_choice import open_encoder
        from retriever.pipeline import Retriever

        self._retriever = Retriever.open_current(index_folder, open_encoder())

    def ask(self, question: str) -> object:
        """Return the answer."""
        return self._retriever.answer(question)


class Bm25s:
    """bm25s alone, over jieba's words: no vectors at all."""

    def __init__(self, texts: Sequence[str], _: Path) -> None:
        import bm25s

        self._words = _word_cutter()
        self._index = bm25s.BM25()
        self._index.index([self._words(text) for text in texts], show_progress=False)

    def ask(self, question: str) -> object:
        """Return the best texts."""
        return self._index.retrieve([self._words(question)], k=FOUND, show_progress=False)


class Txtai:
    """The embedded hybrid of txtai."""

    def __init__(self, texts: Sequence[str], _: Path) -> None:
        from txtai import Embeddings

        encode, self._words = _encoder(), _word_cutter()
        self._embeddings = Embeddings(
            method="external",
            transform=lambda batch: encode([text.replace(" ", "") for text in batch]),
            hybrid=True,
            scoring={"method": "bm25", "normalize": True, "terms": True, "tokenizer": {"alphanum": False}},
            content=False,
        )
        self._embeddings.index((place, " ".join(self._words(text)), None) for place, text in enumerate(texts))

    def ask(self, question: str) -> object:
        """Return the best texts."""
        return self._embeddings.search(" ".join(self._words(question)), FOUND)


class Haystack:
    """Haystack's documents in memory: BM25 and embeddings, joined by reciprocal rank."""

    def __init__(self, texts: Sequence[str], _: Path) -> None:
        from haystack import Document
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        self._encode, self._words = _encoder(), _word_cutter()
        store = InMemoryDocumentStore(bm25_tokenization_regex=r"\S+", embedding_similarity_function="dot_product")
        vectors = self._encode(list(texts)).tolist()
        documents = [
            Document(id=str(place), content=" ".join(self._words(text)), embedding=vector)
            for place, (text, vector) in enumerate(zip(texts, vectors, strict=True))
        ]
        store.write_documents(documents)
        self._by_words = InMemoryBM25Retriever(store, top_k=FOUND)
        self._by_meaning = InMemoryEmbeddingRetriever(store, top_k=FOUND)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=FOUND)

    def ask(self, question: str) -> object:
        """Return the best texts."""
        by_words = self._by_words.run(query=" ".join(self._words(question)))["documents"]
        by_meaning = self._by_meaning.run(query_embedding=self._encode([question])[0].tolist())["documents"]
        return self._joiner.run(documents=[by_words, by_meaning])


class LangChain:
    """LangChain with FAISS: vectors alone."""

    def __init__(self, texts: Sequence[str], _: Path) -> None:
        from langchain_community.vectorstores import FAISS
        from langchain_core.embeddings import Embeddings

        encode = _encoder()

        class OurEncoder(Embeddings):  # type: ignore[misc,unused-ignore]  # only typed where it is installed
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return [[float(number) for number in vector] for vector in encode(texts)]

            def embed_query(self, text: str) -> list[float]:
                return self.embed_documents([text])[0]

        self._store = FAISS.from_texts(list(texts), OurEncoder())

    def ask(self, question: str) -> object:
        """Return the best texts."""
        return self._store.similarity_search(question, k=FOUND)


SEARCHES: dict[str, Callable[[Sequence[str], Path], Search]] = {
    "wengong": Ours,
    "bm25s": Bm25s,
    "txtai": Txtai,
    "haystack": Haystack,
    "langchain": LangChain,
}


def _encoder() -> Callable[[list[str]], Any]:
    """Return the shipped encoder, put together from its files: our own packages are not installed beside a peer."""
    import numpy as np
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    folder = Path(__file__).resolve().parents[1] / "retriever" / "models" / "wengong-static-v2"
    tokenizer, tensors = Tokenizer.from_file(str(folder / "tokenizer.json")), load_file(folder / "model.safetensors")
    codes, scales = tensors["embeddings"], tensors["weights"].astype(np.float32)

    def encode(texts: list[str]) -> Any:  # noqa: ANN401 - an array, of a library that is loaded here
        vectors = np.zeros((len(texts), codes.shape[1]), dtype=np.float32)
        for vector, encoding in zip(vectors, tokenizer.encode_batch_fast(texts, add_special_tokens=False), strict=True):
            if ids := encoding.ids:
                mean = (codes[ids] * scales[ids, None]).mean(axis=0)
                vector[:] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vectors

    return encode


def _word_cutter() -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel(60)
    return lambda text: [word for word in jieba.lcut(text) if word.strip()]

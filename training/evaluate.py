"""How well a model folder does on public development sets it was not trained on."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize

from training.bigram_bm25 import BigramBM25
from training.context_embedding import ContextEmbedding
from training.read import read_rows

Encode = Callable[[list[str]], npt.NDArray[np.float32]]
"""Gives unit vectors, shape (texts, dimension), for texts."""


@dataclass(frozen=True)
class Retrieval:
    """How well one way of searching finds the one right passage of each query.

    Attributes:
        hit_at_1: Share of queries whose right passage comes first, in [0, 1].
        ndcg_at_10: Mean of 1 / log2(1 + rank), 0 past rank 10, in [0, 1].
    """

    hit_at_1: float
    ndcg_at_10: float


def pair_spearman(path: Path, encode: Encode) -> float:
    """Return the rank correlation, in [-1, 1], of cosine similarity with the labels of a JSON Lines file of pairs."""
    rows = list(read_rows(path))
    first = encode([str(row["a"]) for row in rows])
    second = encode([str(row["b"]) for row in rows])
    similarities = np.einsum("ij,ij->i", first, second)
    return float(spearmanr(similarities, [float(row["label"]) for row in rows]).statistic)


def retrieval(folder: Path, encode: Encode) -> tuple[Retrieval, Retrieval]:
    """Return how well the model, and character-bigram BM25 beside it, find the passages of a BEIR-like folder.

    Args:
        folder: Holds `corpus.jsonl.gz` and `queries.jsonl.gz` (id, text) and `qrels.tsv` (query id, passage id).
        encode: The model.

    Returns:
        The model's figures, then those of BM25.
    """
    passages = {str(row["id"]): str(row["text"]) for row in read_rows(folder / "corpus.jsonl.gz")}
    queries = {str(row["id"]): str(row["text"]) for row in read_rows(folder / "queries.jsonl.gz")}
    lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    right_passage = dict(line.split("\t")[:2] for line in lines)
    places = {passage: place for place, passage in enumerate(passages)}
    right = np.asarray([places[right_passage[query]] for query in queries])
    texts = list(passages.values())
    cosines = encode(list(queries.values())) @ encode(texts).T
    return _retrieval(cosines, right), _retrieval(BigramBM25(texts).scores(list(queries.values())), right)


def _retrieval(scores: npt.NDArray[np.float32], right: npt.NDArray[np.int64]) -> Retrieval:
    of_right = scores[np.arange(len(right)), right][:, None]
    before = np.arange(scores.shape[1])[None, :] < right[:, None]
    ranks = 1 + ((scores > of_right) | ((scores == of_right) & before)).sum(axis=1)
    gains = [1.0 / math.log2(1 + rank) if rank <= 10 else 0.0 for rank in ranks]  # noqa: PLR2004 - nDCG@10
    return Retrieval(float((ranks == 1).mean()), sum(gains) / len(gains))


def load_encoder(folder: Path) -> Encode:
    """Return what turns texts into unit vectors by the model in a folder, loaded by sentence-transformers.

    A folder that `ContextEmbedding` wrote is opened by it, since the library loads no modules of other packages.
    """
    if (folder / "modules.json").exists():
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    else:
        model = SentenceTransformer(modules=[ContextEmbedding.load(str(folder)), Normalize()], device="cpu")
    model.eval()

    def encode(texts: list[str]) -> npt.NDArray[np.float32]:
        return np.asarray(model.encode(texts, batch_size=256, show_progress_bar=False), dtype=np.float32)

    return encode


def measure(folder: Path, encode: Encode) -> dict[str, float]:
    """Return every figure, by name, of a model on the evaluation data folder; each is a share or a correlation."""
    dense, lexical = retrieval(folder / "bench_cmrc2018_dev", encode)
    return {
        "LCQMC dev, Spearman": pair_spearman(folder / "lcqmc_dev.jsonl.gz", encode),
        "STS-B dev, Spearman": pair_spearman(folder / "stsb_zh_dev.jsonl.gz", encode),
        "CMRC 2018 dev, hit@1": dense.hit_at_1,
        "CMRC 2018 dev, nDCG@10": dense.ndcg_at_10,
        "CMRC 2018 dev, hit@1, bigram BM25": lexical.hit_at_1,
        "CMRC 2018 dev, nDCG@10, bigram BM25": lexical.ndcg_at_10,
    }

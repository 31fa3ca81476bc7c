import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from training.bigram_bm25 import BigramBM25
from training.evaluate import pair_spearman, retrieval

PASSAGES = ["工会会费怎么交", "职工如何入会", "劳动合同"]


def write_rows(path: Path, rows: list[dict]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def one_hot(texts: list[str]) -> np.ndarray:
    """Give a text the direction of its length; equal lengths lie together."""
    vectors = np.zeros((len(texts), 32), dtype=np.float32)
    vectors[np.arange(len(texts)), [len(text) for text in texts]] = 1.0
    return vectors


def test_spearman_is_one_where_likeness_follows_the_labels(tmp_path: Path) -> None:
    rows = [{"a": "会", "b": "费", "label": 1}, {"a": "会", "b": "工会", "label": 0}]
    write_rows(tmp_path / "pairs.jsonl.gz", rows)
    assert pair_spearman(tmp_path / "pairs.jsonl.gz", one_hot) == pytest.approx(1.0)


def test_ranks_count_ties_against_later_passages(tmp_path: Path) -> None:
    write_rows(tmp_path / "corpus.jsonl.gz", [{"id": n, "text": text} for n, text in enumerate(["甲乙", "丙丁", "戊"])])
    write_rows(tmp_path / "queries.jsonl.gz", [{"id": n, "text": text} for n, text in enumerate(["己庚", "辛壬"])])
    (tmp_path / "qrels.tsv").write_text("0\t0\n1\t1\n", encoding="utf-8")
    dense, _ = retrieval(tmp_path, one_hot)
    assert dense.hit_at_1 == 0.5
    assert dense.ndcg_at_10 == pytest.approx((1 + 1 / np.log2(3)) / 2)


def test_bm25_agrees_with_its_formula() -> None:
    scores = BigramBM25(PASSAGES).scores(["会费", "劳动合同", "月亮"])
    lengths = np.array([6, 5, 3])
    damping = 1.2 * (0.25 + 0.75 * lengths[0] / lengths.mean())
    assert scores[0, 0] == pytest.approx(np.log(1 + 2.5 / 1.5) * 2.2 / (1 + damping), rel=1e-6)
    assert scores[1].argmax() == 2
    assert scores[2].tolist() == [0.0, 0.0, 0.0]

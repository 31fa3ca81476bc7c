"""The token vectors that training starts from: how tokens keep company in plain text."""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from training.token_lists import TokenLists

Vectors = npt.NDArray[np.float32]


def count_company(texts: TokenLists, tokens: int, contexts: int, window: int) -> sp.csr_matrix:
    """Return how often each context token stands near each token, nearer ones counting more.

    Args:
        texts: Token ids, the more frequent the smaller, as `build_tokenizer` orders them.
        tokens: Size of the vocabulary.
        contexts: Only ids below this count as company.
        window: Most tokens between a token and its company, plus one; a neighbour counts 1, the next 1/2, and so on.

    Returns:
        Weighted counts, float64, shape (tokens, contexts).
    """
    text_of_token = np.repeat(np.arange(len(texts)), np.diff(texts.starts))
    company = sp.csr_matrix((tokens, contexts), dtype=np.float64)
    for distance in range(1, window + 1):
        left, right = texts.ids[:-distance], texts.ids[distance:]
        same_text = text_of_token[:-distance] == text_of_token[distance:]
        for token, context in ((left, right), (right, left)):
            keep = same_text & (context < contexts)
            ones = np.full(int(keep.sum()), 1.0 / distance)
            company = company + sp.coo_matrix((ones, (token[keep], context[keep])), shape=company.shape).tocsr()
    return company


def company_vectors(company: sp.csr_matrix, dimension: int, seed: int) -> Vectors:
    """Return token vectors whose dot products approximate positive pointwise mutual information.

    The factorisation, the smoothing of context counts by the power 0.75 and the square root of the singular values are
    those of Levy, Goldberg and Dagan 2015 (Improving Distributional Similarity, TACL 3).

    Args:
        company: Weighted counts, shape (tokens, contexts).
        dimension: Length of a vector.
        seed: Seed of the randomised decomposition.

    Returns:
        Vectors of mean length 1, float32, shape (tokens, dimension); zero for a token that has no company.
    """
    counts = company.tocoo()
    token_totals = np.asarray(company.sum(axis=1)).ravel()
    context_totals = np.asarray(company.sum(axis=0)).ravel() ** 0.75
    information = np.log(counts.data * context_totals.sum() / (token_totals[counts.row] * context_totals[counts.col]))
    positive = information > 0
    matrix = sp.csr_matrix(
        (information[positive], (counts.row[positive], counts.col[positive])), shape=company.shape, dtype=np.float32
    )
    left, strengths, _ = randomized_svd(matrix, n_components=dimension, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strengths)
    lengths = np.linalg.norm(vectors, axis=1)
    return np.asarray(vectors / max(float(lengths.mean()), 1e-12), dtype=np.float32)

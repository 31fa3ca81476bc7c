import numpy as np
import pytest

from training.first_vectors import company_vectors, count_company
from training.token_lists import TokenLists


def lists(*texts: list[int]) -> TokenLists:
    starts = np.cumsum([0, *map(len, texts)])
    return TokenLists(np.array([token for text in texts for token in text]), starts)


def test_nearer_company_counts_more_and_texts_do_not_mix() -> None:
    company = count_company(lists([1, 2, 3], [1]), tokens=4, contexts=4, window=2).toarray()
    expected = np.zeros((4, 4))
    expected[1, 2] = expected[2, 1] = expected[2, 3] = expected[3, 2] = 1.0
    expected[1, 3] = expected[3, 1] = 0.5
    assert company.tolist() == expected.tolist()


def test_rare_tokens_are_no_company_but_have_some() -> None:
    company = count_company(lists([1, 3]), tokens=4, contexts=2, window=1).toarray()
    assert company.shape == (4, 2)
    assert company[3, 1] == 1.0
    assert company.sum() == 1.0


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Tokens 1 and 2 keep the same company (3, 4), tokens 5 and 6 another (7, 8); token 0 none."""
    chance = np.random.default_rng(0)
    texts = []
    for first, second in (([1, 2], [3, 4]), ([5, 6], [7, 8])):
        texts += [[int(chance.choice(first)), int(chance.choice(second))] for _ in range(200)]
    return company_vectors(count_company(lists(*texts), 9, 9, 2), dimension=4, seed=1)


def test_tokens_in_like_company_are_close(vectors: np.ndarray) -> None:
    def cosine(one: int, other: int) -> float:
        product = vectors[one] @ vectors[other]
        return float(product / np.linalg.norm(vectors[one]) / np.linalg.norm(vectors[other]))

    assert cosine(1, 2) > 0.9
    assert cosine(1, 5) < 0.1


def test_vectors_are_float32_of_mean_length_one_and_zero_without_company(vectors: np.ndarray) -> None:
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1).mean() == pytest.approx(1.0, abs=1e-5)
    assert np.abs(vectors[0]).max() < 1e-6

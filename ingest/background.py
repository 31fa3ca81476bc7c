"""How similar texts look to an encoder when they have nothing to do with each other."""

from collections.abc import Hashable, Sequence

import numpy as np

from retriever.artifact import Similarities
from retriever.encoder import Vectors

SAMPLED_PAIRS = 4_000
SEED = 20_221_001
SMALLEST_DEVIATION = 1e-3


def unrelated_similarities(
    left: Vectors, left_sections: Sequence[Hashable], right: Vectors, right_sections: Sequence[Hashable]
) -> Similarities:
    """Return the spread of cosine similarities between texts of different sections.

    Args:
        left: Unit vectors, float32, shape (left texts, dimension).
        left_sections: The section of each.
        right: Unit vectors, float32, shape (right texts, dimension).
        right_sections: The section of each.

    Returns:
        Mean and standard deviation over a fixed random sample of pairs; (0, 1) when no two sections differ.
    """
    generator = np.random.default_rng(SEED)
    left_rows = generator.integers(len(left), size=SAMPLED_PAIRS)
    right_rows = generator.integers(len(right), size=SAMPLED_PAIRS)
    differ = np.array(
        [left_sections[row] != right_sections[other] for row, other in zip(left_rows, right_rows, strict=True)]
    )
    if not differ.any():
        return Similarities(mean=0.0, standard_deviation=1.0)
    similarities = np.einsum("ij,ij->i", left[left_rows[differ]], right[right_rows[differ]]).astype(np.float64)
    return Similarities(
        mean=round(float(similarities.mean()), 6),
        standard_deviation=round(max(float(similarities.std()), SMALLEST_DEVIATION), 6),
    )

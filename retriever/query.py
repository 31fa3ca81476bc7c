"""A question as the searches see it."""

from dataclasses import dataclass

from retriever.encoder import Encoder, Vectors
from retriever.terms import figures, fine_terms, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A normalised question with its terms and its vector.

    Attributes:
        text: Normalised.
        terms: Words and character pairs.
        fine_terms: These and single characters.
        figures: Numbers, ordinals and Latin words among the words.
        vector: float32, shape (1, dimension); zero when the encoder knows none of it.
    """

    text: str
    terms: list[str]
    fine_terms: list[str]
    figures: list[str]
    vector: Vectors


def make_query(normalised: str, encoder: Encoder) -> Query:
    """Return the query of a normalised text."""
    return Query(
        text=normalised,
        terms=terms(normalised),
        fine_terms=fine_terms(normalised),
        figures=figures(normalised),
        vector=encoder.encode([normalised]),
    )

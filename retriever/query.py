"""A question as the searches see it."""

from dataclasses import dataclass

from retriever.encoder import Encoder, Vectors
from retriever.terms import characters, counted, figures_among, pairs, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A normalised question with its terms and its vector.

    Attributes:
        text: Normalised.
        terms: Words, character pairs, and numbers with what they count.
        fine_terms: These and single characters.
        figures: Numbers, ordinals and Latin words among the words, and numbers with what they count.
        vector: float32, shape (1, dimension); zero when the encoder knows none of it.
    """

    text: str
    terms: list[str]
    fine_terms: list[str]
    figures: list[str]
    vector: Vectors


def make_query(normalised: str, encoder: Encoder) -> Query:
    """Return the query of a normalised text, which is cut into words once: its terms are those of `terms`."""
    cut = words(normalised)
    units = counted(normalised)
    own = cut + pairs(normalised) + units
    return Query(
        text=normalised,
        terms=own,
        fine_terms=own + characters(normalised),
        figures=figures_among(cut) + list(dict.fromkeys(units)),
        vector=encoder.encode([normalised]),
    )

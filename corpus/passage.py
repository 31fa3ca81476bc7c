"""The cited unit: a span of sentences inside one section."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of a handbook's canonical text that can be served as an excerpt.

    Attributes:
        passage_id: Stable hash of handbook, span and words.
        handbook_id: The handbook it is cut from.
        section_id: The section it lies in.
        start: Offset of its first code point in the canonical text.
        end: Offset behind the last one.
        previous_id: The passage before it in the same section, or None.
        next_id: The passage after it in the same section, or None.
    """

    passage_id: str
    handbook_id: str
    section_id: str
    start: int
    end: int
    previous_id: str | None = None
    next_id: str | None = None


def passage_id(handbook_id: str, start: int, excerpt: str) -> str:
    """Return "p_" and 16 hexadecimal digits: the same handbook, place and words always give the same id."""
    identity = f"{handbook_id}\0{start}\0{excerpt}"
    return "p_" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

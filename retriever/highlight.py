"""Where the words of a question stand in an excerpt."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retriever.normalise import Normaliser
from retriever.terms import topic_words

MIN_WORD_CHARACTERS = 2


class Highlight(NamedTuple):
    """A span of an excerpt, in code points from its start."""

    start: int
    end: int


def highlights(excerpt: str, question: str, normalise: Normaliser) -> tuple[Highlight, ...]:
    """Return the spans of an excerpt that repeat words of a normalised question, in order, none touching another.

    Matching is done on folded characters (traditional, full-width and upper-case forms match), while the spans count
    the excerpt's own code points. Words of one character and words without a topic are not marked.
    """
    searched = {word for word in topic_words(question) if len(word) >= MIN_WORD_CHARACTERS}
    if not searched:
        return ()
    folded = normalise.characters(excerpt)
    text = "".join(folded)
    # Of each folded character, the place in the excerpt that it comes from; mostly its own.
    places: Sequence[int] = range(len(excerpt))
    if len(text) != len(excerpt) or "" in folded:
        places = [place for place, characters in enumerate(folded) for _ in characters]
    spans = sorted(
        (places[start], places[start + len(word) - 1] + 1) for word in searched for start in _occurrences(word, text)
    )
    return tuple(_merged(spans))


def _occurrences(word: str, text: str) -> Iterator[int]:
    """Yield where a word begins in a text, also where it overlaps itself."""
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + 1)


def _merged(spans: list[tuple[int, int]]) -> list[Highlight]:
    """Return sorted spans, those that overlap or touch as one."""
    merged: list[Highlight] = []
    for start, end in spans:
        if merged and start <= merged[-1].end:
            merged[-1] = Highlight(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Highlight(start, end))
    return merged

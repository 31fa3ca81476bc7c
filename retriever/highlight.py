"""Where the words of a question stand in an excerpt."""

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
    characters, places = [], []
    for place, character in enumerate(excerpt):
        for folded_character in normalise.character(character):
            characters.append(folded_character)
            places.append(place)
    text = "".join(characters)
    marked = [False] * len(excerpt)
    for word in searched:
        position = text.find(word)
        while position >= 0:
            for place in places[position : position + len(word)]:
                marked[place] = True
            position = text.find(word, position + 1)
    return _runs(marked)


def _runs(marked: list[bool]) -> tuple[Highlight, ...]:
    runs, start = [], None
    for place, is_marked in enumerate([*marked, False]):
        if is_marked and start is None:
            start = place
        elif not is_marked and start is not None:
            runs.append(Highlight(start, place))
            start = None
    return tuple(runs)

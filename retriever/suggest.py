"""Questions to offer while somebody is still typing."""

from collections.abc import Iterator
from itertools import chain

from retriever.answer import Suggestion, suggestion_of
from retriever.index import SearchIndex
from retriever.normalise import Normaliser
from retriever.terms import terms

SEARCHED_WORDINGS = 60


class Suggester:
    """Type-ahead over headings and similar questions; what is offered is always a handbook's own heading."""

    def __init__(self, index: SearchIndex, normalise: Normaliser) -> None:
        self._index = index
        self._normalise = normalise
        self._texts = index.wordings.normalised

    def suggest(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """Return at most `limit` headings for a beginning of a question, each once.

        Wordings that begin with what was typed come first, then those that contain it, then those that share words with
        it; ties in reading order. Blank text gives none.
        """
        text = self._normalise(typed)
        if not text:
            return ()
        words = text.encode("utf-8", "surrogatepass")
        similar = (hit.row for hit in self._index.wording_space.lexical.search(terms(text), SEARCHED_WORDINGS))
        found: dict[Suggestion, None] = {}
        for row in chain(self._beginning(words), self._containing(words), similar):
            wording = self._index.wordings[row]
            section = self._index.sections.get((wording.handbook_id, wording.section_id))
            if section is not None and wording.handbook_id in self._index.public_ids:
                found[suggestion_of(wording.handbook_id, section)] = None
            if len(found) >= limit:
                break
        return tuple(found)

    def _beginning(self, words: bytes) -> Iterator[int]:
        """Yield the rows that begin with some words, in order; each text stands on a line of its own."""
        if self._texts.content[: len(words)] == words:
            yield 0
        for place in self._places(b"\n" + words):
            yield self._texts.place_of(place + 1)

    def _containing(self, words: bytes) -> Iterator[int]:
        return map(self._texts.place_of, self._places(words))

    def _places(self, words: bytes) -> Iterator[int]:
        place = self._texts.content.find(words)
        while place >= 0:
            yield place
            place = self._texts.content.find(words, place + 1)

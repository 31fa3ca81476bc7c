"""Questions to offer while somebody is still typing."""

from retriever.answer import Suggestion
from retriever.index import SearchIndex
from retriever.normalise import Normaliser
from retriever.terms import terms

SEARCHED_WORDINGS = 60


class Suggester:
    """Type-ahead over headings and similar questions; what is offered is always a handbook's own heading."""

    def __init__(self, index: SearchIndex, normalise: Normaliser) -> None:
        self._index = index
        self._normalise = normalise
        self._texts = [normalise(wording.text) for wording in index.wordings]

    def suggest(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """Return at most `limit` headings for a beginning of a question, each once.

        Wordings that begin with what was typed come first, then those that contain it, then those that share words with
        it; ties in reading order. Blank text gives none.
        """
        text = self._normalise(typed)
        if not text:
            return ()
        beginning = [row for row, wording in enumerate(self._texts) if wording.startswith(text)]
        containing = [row for row, wording in enumerate(self._texts) if text in wording]
        similar = [hit.row for hit in self._index.wording_space.lexical.search(terms(text), SEARCHED_WORDINGS)]
        found: dict[Suggestion, None] = {}
        for row in [*beginning, *containing, *similar]:
            wording = self._index.wordings[row]
            section = self._index.sections.get((wording.handbook_id, wording.section_id))
            if section is not None and section.number is not None:
                suggestion = Suggestion(
                    handbook_id=wording.handbook_id, question_number=section.number, question=section.heading
                )
                found[suggestion] = None
            if len(found) == limit:
                break
        return tuple(found)

"""Which sections a question asks for by name: the questions of a number, the articles of a law."""

import re
from datetime import datetime

from retriever.article_reference import ArticleReference, short_law_name
from retriever.index import SearchIndex, SectionKey
from retriever.number_reference import NumberReference

# The id of a section that has a number.
NUMBERED = re.compile(r"q\d+")


class NamedSections:
    """Finds the sections of an index that are asked for by name, those of editions that still count first."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def of_numbers(self, reference: NumberReference, scope: frozenset[str] | None) -> list[list[SectionKey]]:
        """Return for each number that was asked for, in that order, the questions that bear it.

        Numbers that no handbook has are left out. `scope` holds the handbooks to be asked; None for all.
        """
        asked = [one for one in self._index.handbooks if scope is None or one in scope]
        found = (
            self._in_force_first([(one, self._numbered(one, number)) for one in asked]) for number in reference.numbers
        )
        return [keys for keys in found if keys]

    def of_article(self, reference: ArticleReference, text: str, scope: frozenset[str] | None) -> list[SectionKey]:
        """Return the articles that a question names, of the laws it names or of the one law it is asked of."""
        laws = [
            entry.handbook_id
            for entry in self._index.manifest.handbooks
            if entry.structure == "law"
            and (scope is None or entry.handbook_id in scope)
            and ((scope is not None and len(scope) == 1) or short_law_name(entry.title) in text)
        ]
        keys = [
            (handbook_id, section.section_id)
            for handbook_id in laws
            for section in self._index.handbooks[handbook_id].sections
            if section.cited_as.endswith(reference.article)
        ]
        named = [key for key in keys if self._index.sections[key].cited_as[1:].split("》")[0] in text]
        return self._in_force_first(named or keys)

    def _numbered(self, handbook_id: str, number: int) -> str:
        """Return the id that the question of a number has; a negative one is counted from the end of the handbook."""
        if number < 0:
            ids = filter(NUMBERED.fullmatch, self._index.table.section_ids(handbook_id))
            numbers = sorted(int(section_id[1:]) for section_id in ids)
            number = numbers[number] if len(numbers) >= -number else 0
        return f"q{number}"

    def _in_force_first(self, keys: list[SectionKey]) -> list[SectionKey]:
        outdated = self._index.outdated_ids(datetime.now().astimezone().date())
        return sorted((key for key in keys if key in self._index.sections), key=lambda key: key[0] in outdated)

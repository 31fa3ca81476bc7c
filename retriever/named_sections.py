"""Which sections a question asks for by name: the questions of a number, the articles of a law."""

from collections.abc import Iterator
from datetime import datetime

from retriever.article_reference import ArticleReference, short_law_name
from retriever.index import SearchIndex, SectionKey
from retriever.number_reference import NumberReference


class NamedSections:
    """Finds the sections of an index that are asked for by name, those of editions that still count first."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def of_numbers(self, reference: NumberReference, scope: frozenset[str] | None) -> list[list[SectionKey]]:
        """Return for each number that was asked for, in that order, the questions that bear it.

        Numbers that no handbook has are left out. `scope` holds the handbooks to be asked; None for all.
        """
        found = (
            self._in_force_first([(one, f"q{number}") for one, number in self._counted(wanted, scope)])
            for wanted in reference.numbers
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

    def _counted(self, wanted: int, scope: frozenset[str] | None) -> Iterator[tuple[str, int]]:
        """Yield each handbook with the number that is meant in it: itself, or counted from its end when negative."""
        for handbook_id, handbook in self._index.handbooks.items():
            if scope is not None and handbook_id not in scope:
                continue
            if wanted > 0:
                yield handbook_id, wanted
                continue
            numbers = sorted(section.number for section in handbook.sections if section.number is not None)
            if len(numbers) >= -wanted:
                yield handbook_id, numbers[wanted]

    def _in_force_first(self, keys: list[SectionKey]) -> list[SectionKey]:
        outdated = self._index.outdated_ids(datetime.now().astimezone().date())
        return sorted((key for key in keys if key in self._index.sections), key=lambda key: key[0] in outdated)

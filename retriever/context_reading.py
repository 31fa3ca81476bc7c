"""A question after earlier ones: the ways to read it, and the one that is meant."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from retriever.context_choice import (
    NO_CONTEXT_FEATURES,
    ContextFeatures,
    ContextWeights,
    Found,
    context_features,
    meant_shares,
    rarest,
)
from retriever.follow_up import changes_topic, contexts, in_context, is_telling, leans_on_history, points_back
from retriever.fusion import RankedSection
from retriever.index import SearchIndex, SectionKey
from retriever.reading import Reading
from retriever.single_reading import SingleReader
from retriever.terms import topic_words

# With the first chance that readings leading to the same section are meant, it is sure enough; with the second one, a
# reading that leads elsewhere may be meant as well.
ENOUGH_CHANCE = 0.7
MIN_OTHER_CHANCE = 0.1
NEVER_USED = "\0"


class Way(NamedTuple):
    """A way to read a question, and how it compares with reading it by itself."""

    reading: Reading
    features: ContextFeatures


class _Meant(NamedTuple):
    """A reading, and the chance that it is meant or another one that leads to the same section."""

    chance: float
    reading: Reading


class ContextReader:
    """Reads questions in the light of earlier ones; never changes."""

    def __init__(self, index: SearchIndex, single: SingleReader) -> None:
        self._index = index
        self._single = single

    def read(self, text: str, earlier: Sequence[str], scope: frozenset[str] | None) -> Reading:
        """Return the question read as it is most likely meant: by itself, or together with an earlier one.

        Where another reading that leads elsewhere may be meant as well, its best section comes second, and the question
        is the less likely to be answered the less sure it is which is meant.
        """
        ways = self.ways(text, earlier, scope)
        if len(ways) == 1:
            return ways[0].reading
        shares = meant_shares([way.features for way in ways[1:]], self._context_weights(ways))
        if points_back(text) and not any(map(is_telling, topic_words(text))):
            shares[0] = 0.0  # “那具体有哪些呢” asks nothing by itself
            shares /= shares.sum()
        meant, *others = _by_section([way.reading for way in ways], shares.tolist())
        alone, chosen = ways[0].reading, meant.reading
        if alone.best_key == chosen.best_key and self._single.is_answered(alone) and not leans_on_history(text):
            chosen = alone
        if chosen.ranking and others and others[0].chance >= MIN_OTHER_CHANCE:
            chosen = chosen._replace(ranking=_with_second(chosen.ranking, others[0]))
        return chosen._replace(probability=chosen.probability * min(meant.chance / ENOUGH_CHANCE, 1.0))

    def ways(self, text: str, earlier: Sequence[str], scope: frozenset[str] | None) -> list[Way]:
        """Return the ways to read a normalised question: by itself first, then together with earlier ones.

        An earlier question carries its own answer along. Where the section it leads to says nothing of what the new
        question names, the two together are a guess, and none at all where no handbook knows it: “那红烧肉呢” is not
        answered by the topic before it.
        """
        alone = self._single.read(text, scope)
        ways = [Way(alone, NO_CONTEXT_FEATURES)]
        if not earlier or changes_topic(text):
            return ways
        named = filter(is_telling, dict.fromkeys(topic_words(text)))
        information = {word: self._information(word) for word in named}
        found_alone = self._found(alone, information)
        for asked in contexts(text, earlier):
            together, before = self._single.read(in_context(text, asked), scope), self._single.read(asked, scope)
            found_together, found_before = self._found(together, information), self._found(before, ())
            compared = context_features(text, information, found_alone, found_together, found_before)
            if not compared.held_together:
                if not self._index.passage_space.lexical.known_share([rarest(information)]):
                    continue
                together = self._single.as_guess(together)
            ways.append(Way(together, compared))
        return ways

    def _context_weights(self, ways: Sequence[Way]) -> ContextWeights:
        """Return the weights that count for the kind of handbook the likeliest reading leads to."""
        best = max((way.reading for way in ways), key=lambda reading: reading.probability)
        return self._single.parameters_of(best).context

    def _found(self, reading: Reading, words: Iterable[str]) -> Found:
        """Return what a reading led to, and which of some words stand there."""
        held = frozenset(word for word in words if self._holds(reading, word))
        return Found(reading.best_key, reading.probability, held)

    def _holds(self, reading: Reading, word: str) -> bool:
        """Return whether a word stands in a reading's best section or in the ways to ask for it."""
        if reading.best_key is None:
            return False
        return any(
            space.lexical.bm25_scores([word], range(rows.start, rows.stop)).any()
            for space in (self._index.passage_space, self._index.wording_space)
            if (rows := space.rows.get(reading.best_key)) is not None
        )

    def _information(self, word: str) -> float:
        """Return how much a word says, in [0, 1]: 1 for one that nobody ever used to ask."""
        wordings = self._index.wording_space.lexical
        return wordings.information([word]) / wordings.information([NEVER_USED])


def _by_section(readings: Sequence[Reading], shares: Sequence[float]) -> list[_Meant]:
    """Return each section that readings lead to, likeliest first, by the likeliest of them; ties in their order."""
    chances: dict[SectionKey | None, float] = {}
    likeliest: dict[SectionKey | None, Reading] = {}
    for share, reading in sorted(zip(shares, readings, strict=True), key=lambda pair: -pair[0]):
        chances[reading.best_key] = chances.get(reading.best_key, 0.0) + share
        likeliest.setdefault(reading.best_key, reading)
    return sorted((_Meant(chances[key], likeliest[key]) for key in chances), key=lambda meant: -meant.chance)


def _with_second(ranking: tuple[RankedSection, ...], other: _Meant) -> tuple[RankedSection, ...]:
    """Return a ranking whose second is the best section of another reading, if it has one.

    Its share becomes the chance that it is meant, but no larger than that of the first.
    """
    best, *rest = ranking
    moved = [replace(section, share=min(other.chance, best.share)) for section in other.reading.ranking[:1]]
    keys = {section.key for section in moved}
    return (best, *moved, *(section for section in rest if section.key not in keys))

"""How a question is read: by itself, after an earlier one, by its sound, or as several questions in one."""

from collections.abc import Sequence

from corpus.text import is_han
from retriever.context_reading import ContextReader
from retriever.encoder import Encoder
from retriever.excerpts import Excerpt, choose_excerpts, choose_excerpts_of_several
from retriever.index import SearchIndex
from retriever.parameters import ParameterSets
from retriever.reading import Reading
from retriever.several_asks import several_asks
from retriever.single_reading import SingleReader

# A question read by its sound must be this much likelier to be answered than as it was typed.
RESPELLING_GAIN = 0.1
# One of several questions counts from this answer probability on.
MIN_ASK_PROBABILITY = 0.35
MIN_ASKS = 2


class Reader:
    """Reads questions with one index version; never changes.

    Attributes:
        single: Reads a question as it stands.
        in_context: Reads it in the light of earlier ones.
    """

    def __init__(self, index: SearchIndex, encoder: Encoder, parameters: ParameterSets) -> None:
        self._index = index
        self._parameters = parameters
        self.single = SingleReader(index, encoder, parameters)
        self.in_context = ContextReader(index, self.single)

    def read(self, text: str, earlier: Sequence[str], scope: frozenset[str] | None) -> Reading:
        """Return the reading of a normalised question that makes most sense.

        One without any Chinese character is a guess at best: the handbooks are Chinese, and nothing was fitted on such.

        Args:
            text: Normalised question.
            earlier: Normalised earlier questions, oldest first.
            scope: Only these handbooks, or all when None.
        """
        reading = self.in_context.read(text, earlier, scope)
        if not self.single.is_answered(reading):
            reading = self._by_its_sound(reading, text, earlier, scope)
        reading = self._as_several(reading, scope)
        return reading if any(map(is_han, text)) else self.single.as_guess(reading)

    def excerpts(self, reading: Reading, limit: int) -> list[Excerpt]:
        """Return what is shown for a reading, best first, at most `limit`."""
        if reading.asks:
            best = [(ask.query, ask.ranking[0].key) for ask in reading.asks]
            return choose_excerpts_of_several(best, self._index, self._parameters, limit)
        return choose_excerpts(reading.query, reading.ranking, self._index, self._parameters, limit)

    def _by_its_sound(
        self, reading: Reading, text: str, earlier: Sequence[str], scope: frozenset[str] | None
    ) -> Reading:
        """Return a weak reading, or the one of the question as it sounds where that makes clearly more sense."""
        respelled = self._index.sounds.respelled(text)
        if respelled == text:
            return reading
        by_ear = self.in_context.read(respelled, earlier, scope)
        return by_ear if by_ear.probability > reading.probability + RESPELLING_GAIN else reading

    def _as_several(self, reading: Reading, scope: frozenset[str] | None) -> Reading:
        """Return a reading with the single questions in it, when at least two lead to different sections.

        The best section of each comes first, in the order in which they are asked, the best of the whole before all.
        """
        asks: dict[object, Reading] = {}
        for text in several_asks(reading.query.text):
            ask = self.single.read(text, scope)
            if ask.probability >= MIN_ASK_PROBABILITY:
                asks.setdefault(ask.ranking[0].key, ask)
        if len(asks) < MIN_ASKS:
            return reading
        first = [section for section in reading.ranking if section.key in asks]
        missing = [ask.ranking[0] for key, ask in asks.items() if key not in {section.key for section in first}]
        rest = [section for section in reading.ranking if section.key not in asks]
        return reading._replace(
            ranking=(*first, *missing, *rest),
            probability=max(reading.probability, min(ask.probability for ask in asks.values())),
            asks=tuple(asks.values()),
        )

"""How a question is read: by itself, after an earlier one, by its sound, or as several questions in one."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from corpus.text import is_han
from retriever.answer_features import AnswerFeatures, answer_features
from retriever.calibration import Status, answer_probability, status
from retriever.encoder import Encoder
from retriever.excerpts import Excerpt, choose_excerpts, choose_excerpts_of_several
from retriever.follow_up import changes_topic, contexts, in_context, is_telling, leans_on_history
from retriever.fusion import RankedSection, fuse, merge_rankings
from retriever.index import SearchIndex, SectionKey
from retriever.parameters import Parameters, ParameterSets
from retriever.query import Query, make_query
from retriever.several_asks import several_asks
from retriever.signals import Candidate, find_candidates
from retriever.steps import step
from retriever.terms import topic_words
from retriever.twins import with_twins, without_twins

# A question read by its sound must be this much likelier to be answered than as it was typed.
RESPELLING_GAIN = 0.1
# By itself it is preferred by so much where it does not lean on an earlier one, and any reading by so much whose best
# section holds its rarest word.
CONTEXT_GAIN = 0.1
RAREST_WORD_GAIN = 0.15
# What an earlier question alone carries is offered, not answered: its probability stays this much below.
BELOW_THE_THRESHOLD = 0.01
# One of several questions counts from this answer probability on.
MIN_ASK_PROBABILITY = 0.35
MIN_ASKS = 2


class Reading(NamedTuple):
    """One way to read a question, searched.

    Attributes:
        query: What was searched for.
        ranking: All candidate sections, best first.
        features: What the probability was computed from; None when nothing was found.
        probability: Calibrated chance, in [0, 1], that the best section answers.
        asks: The readings of the single questions, when there are several with different answers; else empty.
    """

    query: Query
    ranking: tuple[RankedSection, ...]
    features: AnswerFeatures | None
    probability: float
    asks: tuple["Reading", ...] = ()


class Reader:
    """Reads questions with one index version; never changes."""

    def __init__(self, index: SearchIndex, encoder: Encoder, parameters: ParameterSets) -> None:
        self._index = index
        self._encoder = encoder
        self._parameters = parameters

    def read(self, text: str, earlier: Sequence[str], scope: frozenset[str] | None) -> Reading:
        """Return the reading of a normalised question that makes most sense.

        One without any Chinese character is a guess at best: the handbooks are Chinese, and nothing was fitted on such.

        Args:
            text: Normalised question.
            earlier: Normalised earlier questions, oldest first.
            scope: Only these handbooks, or all when None.
        """
        reading = self._in_its_context(text, earlier, scope)
        if not self._is_answered(reading):
            reading = self._by_its_sound(reading, text, earlier, scope)
        reading = self._as_several(reading, scope)
        return reading if any(map(is_han, text)) else self._as_guess(reading)

    def alone(self, text: str, scope: frozenset[str] | None) -> Reading:
        """Return the reading of a normalised text as it stands: encode, search, fuse, calibrate."""
        with step("encode"):
            query = make_query(text, self._encoder)
        with step("search"):
            candidates = find_candidates(query, self._index, scope)
        with step("fuse"):
            candidates, twins = without_twins(candidates, self._index, datetime.now().astimezone().date())
            reading = self._ranked(query, candidates)
        return reading._replace(ranking=with_twins(reading.ranking, twins))

    def _ranked(self, query: Query, candidates: Sequence[Candidate]) -> Reading:
        """Return the candidates in order: each kind of handbook by its own weights, then both together."""
        readings = []
        for is_curated in (True, False):
            of_kind = [one for one in candidates if self._index.is_curated(one.key[0]) == is_curated]
            if of_kind:
                parameters = self._parameters.of(is_curated=is_curated)
                ranking = fuse(of_kind, parameters.fusion)
                features = answer_features(ranking, query, self._index.wording_space.lexical)
                readings.append(Reading(query, ranking, features, answer_probability(features, parameters.answer)))
        if len(readings) < 2:  # noqa: PLR2004 - both kinds
            return readings[0] if readings else Reading(query, (), None, 0.0)
        ranking = merge_rankings([(reading.ranking, reading.probability) for reading in readings])
        best = next(reading for reading in readings if reading.ranking[0].key == ranking[0].key)
        return best._replace(ranking=ranking)

    def parameters_of(self, key: SectionKey) -> Parameters:
        """Return the parameters that count for a section."""
        return self._parameters.of(is_curated=self._index.is_curated(key[0]))

    def status_of(self, reading: Reading) -> Status:
        """Return what follows from a reading: answered, clarify or abstained."""
        return (
            status(reading.probability, self.parameters_of(reading.ranking[0].key)) if reading.ranking else "abstained"
        )

    def excerpts(self, reading: Reading, limit: int) -> list[Excerpt]:
        """Return what is shown for a reading, best first, at most `limit`."""
        if reading.asks:
            best = [(ask.query, ask.ranking[0].key) for ask in reading.asks]
            return choose_excerpts_of_several(best, self._index, self._parameters, limit)
        return choose_excerpts(reading.query, reading.ranking, self._index, self._parameters, limit)

    def _in_its_context(self, text: str, earlier: Sequence[str], scope: frozenset[str] | None) -> Reading:
        """Return the question read by itself, or together with an earlier one where that makes more sense.

        An earlier question carries its own answer along. Where the section it leads to says nothing of what the new
        question names, the context counts only for a question that points back and names what the handbooks know, and
        then as a guess: “今天天气怎么样” is not answered by the topic before it.
        """
        alone = self.alone(text, scope)
        leans = leans_on_history(text)
        if not earlier or (self._is_answered(alone) and not leans) or changes_topic(text):
            return alone
        named = sorted(filter(is_telling, set(topic_words(text))), key=lambda word: (-self._information(word), word))
        choices = [(alone, alone.probability + (0.0 if leans else CONTEXT_GAIN))]
        for asked in contexts(text, earlier):
            together = self.alone(in_context(text, asked), scope)
            if named and not self._holds(together, named):
                if not leans or not self._index.passage_space.lexical.known_share(named[:1]):
                    continue
                together = self._as_guess(together)
            if named or leans:
                choices.append((together, together.probability))
        return max(choices, key=lambda choice: choice[1] + RAREST_WORD_GAIN * self._holds(choice[0], named[:1]))[0]

    def _as_guess(self, reading: Reading) -> Reading:
        """Return a reading that is offered and not answered, however likely it looks."""
        if not reading.ranking:
            return reading
        most = self.parameters_of(reading.ranking[0].key).answer_threshold - BELOW_THE_THRESHOLD
        return reading._replace(probability=min(reading.probability, most))

    def _by_its_sound(
        self, reading: Reading, text: str, earlier: Sequence[str], scope: frozenset[str] | None
    ) -> Reading:
        """Return a weak reading, or the one of the question as it sounds where that makes clearly more sense."""
        respelled = self._index.sounds.respelled(text)
        if respelled == text:
            return reading
        by_ear = self._in_its_context(respelled, earlier, scope)
        return by_ear if by_ear.probability > reading.probability + RESPELLING_GAIN else reading

    def _as_several(self, reading: Reading, scope: frozenset[str] | None) -> Reading:
        """Return a reading with the single questions in it, when at least two lead to different sections.

        The best section of each comes first, in the order in which they are asked, the best of the whole before all.
        """
        asks: dict[object, Reading] = {}
        for text in several_asks(reading.query.text):
            ask = self.alone(text, scope)
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

    def _is_answered(self, reading: Reading) -> bool:
        return self.status_of(reading) == "answered"

    def _holds(self, reading: Reading, named: Sequence[str]) -> bool:
        """Return whether one of some words stands in a reading's best section or in the ways to ask for it."""
        if not reading.ranking:
            return False
        return any(
            space.lexical.bm25_scores(list(named), range(rows.start, rows.stop)).any()
            for space in (self._index.passage_space, self._index.wording_space)
            if (rows := space.rows.get(reading.ranking[0].key)) is not None
        )

    def _information(self, word: str) -> float:
        return self._index.wording_space.lexical.information([word])

"""A question read as it stands, whatever was asked before it."""

from collections.abc import Sequence
from datetime import datetime

from retriever.answer_features import answer_features
from retriever.calibration import Status, answer_probability, status
from retriever.encoder import Encoder
from retriever.fusion import fuse, merge_rankings
from retriever.index import SearchIndex
from retriever.parameters import Parameters, ParameterSets
from retriever.query import Query, make_query
from retriever.reading import Reading
from retriever.signals import Candidate, find_candidates
from retriever.steps import step
from retriever.twins import with_twins, without_twins

# What is offered and not answered: its probability stays this much below the threshold.
BELOW_THE_THRESHOLD = 0.01


class SingleReader:
    """Reads single questions with one index version; never changes."""

    def __init__(self, index: SearchIndex, encoder: Encoder, parameters: ParameterSets) -> None:
        self._index = index
        self._encoder = encoder
        self._parameters = parameters

    def read(self, text: str, scope: frozenset[str] | None) -> Reading:
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

    def parameters_of(self, reading: Reading) -> Parameters:
        """Return the parameters that count for the handbook that a reading leads to."""
        is_curated = reading.best_key is None or self._index.is_curated(reading.best_key[0])
        return self._parameters.of(is_curated=is_curated)

    def status_of(self, reading: Reading) -> Status:
        """Return what follows from a reading: answered, clarify or abstained."""
        return status(reading.probability, self.parameters_of(reading)) if reading.ranking else "abstained"

    def is_answered(self, reading: Reading) -> bool:
        """Return whether a reading is answered."""
        return self.status_of(reading) == "answered"

    def as_guess(self, reading: Reading) -> Reading:
        """Return a reading that is offered and not answered, however likely it looks."""
        most = self.parameters_of(reading).answer_threshold - BELOW_THE_THRESHOLD
        return reading._replace(probability=min(reading.probability, most))

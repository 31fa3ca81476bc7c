"""The online path: a question in, a cited answer out. `Retriever.answer` shows it whole, one line a step."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from retriever.answer import Answer, Citation, Suggestion, cite, suggestion_of
from retriever.article_reference import article_reference
from retriever.context_reading import Way
from retriever.encoder import Encoder
from retriever.excerpts import Excerpt, in_turn, reading_order_excerpts, section_excerpts
from retriever.fusion import RankedSection, unranked
from retriever.highlight import highlights
from retriever.index import SearchIndex, SectionKey
from retriever.named_sections import NamedSections
from retriever.normalise import MAX_QUESTION_CHARACTERS, Normaliser, checked_question
from retriever.number_reference import number_reference
from retriever.parameters import Parameters, ParameterSets, load_parameter_sets
from retriever.publish import current_version_folder
from retriever.query import make_query
from retriever.reader import Reader
from retriever.reading import Reading
from retriever.steps import step
from retriever.suggest import Suggester
from retriever.terms import topic_words

SUGGESTION_COUNT = 3


class Retriever:
    """Answers questions from one index version; never changes after it was opened, so threads may share it."""

    def __init__(self, index: SearchIndex, encoder: Encoder, parameters: ParameterSets) -> None:
        self.index = index
        self.parameters = parameters
        self._encoder = encoder
        self._named = NamedSections(index)
        self._reader = Reader(index, encoder, parameters)
        self._normalise = Normaliser()
        self._suggester = Suggester(index, self._normalise)

    @classmethod
    def open(cls, version_folder: Path, encoder: Encoder, parameters: Parameters | None = None) -> "Retriever":
        """Return the retriever of an index version, verified; see `SearchIndex.open` for what is raised."""
        index = SearchIndex.open(version_folder, encoder.encoder_id)
        sets = ParameterSets(curated=parameters, plain=parameters) if parameters else load_parameter_sets()
        retriever = cls(index, encoder, sets)
        # The segmenter reads its dictionary when it is first used; the first person to ask should not wait for it.
        retriever.answer(next(iter(index.handbooks.values())).entries[0].heading[:MAX_QUESTION_CHARACTERS])
        return retriever

    @classmethod
    def open_current(cls, index_folder: Path, encoder: Encoder) -> "Retriever":
        """Return the retriever of the published version; raises IndexMissing when nothing was published."""
        return cls.open(current_version_folder(index_folder), encoder)

    def answer(
        self, question: str, history: Sequence[str] = (), handbook_id: str | None = None, limit: int = 3
    ) -> Answer:
        """Return the answer to a question.

        Args:
            question: As typed, 1 to 500 characters.
            history: Earlier questions of the same person, oldest first.
            handbook_id: Only this handbook, or all.
            limit: At most this many citations.

        Raises:
            InvalidQuestion: If the question or an earlier one cannot be asked.
            UnknownHandbook: If the handbook is not served.
        """
        scope = self._scope(handbook_id)
        with step("normalise"):
            text = self._normalise(checked_question(question))
            earlier = [self._normalise(checked_question(asked)) for asked in history]
        reference = number_reference(text)
        numbered = [] if reference is None else self._named.of_numbers(reference, scope)
        if reference is not None and reference.is_certain and (numbered or reference.is_named):
            return self._answer_by_name(numbered, reference.rest, self._reader.single.read(text, scope), limit)
        article = article_reference(text)
        if article is not None and (articles := self._named.of_article(article, text, scope)):
            return self._answer_by_name([articles], article.rest, self._reader.single.read(text, scope), limit)
        reading = self._reader.read(text, earlier, scope)
        outcome = self._reader.single.status_of(reading)
        # What may be a number's question is offered where nothing said before tells what else it could be.
        if reference is not None and numbered and not earlier and outcome != "answered":
            by_number = self._answer_by_name(numbered, reference.rest, reading, limit)
            return self._as_offer(by_number, reading)
        with step("excerpts"):
            excerpts = self._reader.excerpts(reading, limit)
        return Answer(
            status=outcome,
            answer_probability=reading.probability,
            understood_as=None if reading.query.text == text else reading.query.text,
            citations=() if outcome == "abstained" else self._cite(excerpts, reading.query.text),
            suggestions=() if outcome == "answered" else self._nearest_questions(reading.ranking),
            matched_by="content",
            index_version=self.index.manifest.version,
            ranking=reading.ranking,
            features=reading.features,
        )

    def ways(self, question: str, history: Sequence[str] = (), handbook_id: str | None = None) -> list[Way]:
        """Return the ways to read a question, by itself first, for fitting; arguments and errors as for `answer`."""
        text = self._normalise(checked_question(question))
        earlier = [self._normalise(checked_question(asked)) for asked in history]
        return self._reader.in_context.ways(text, earlier, self._scope(handbook_id))

    def suggest(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """Return questions to offer while somebody is typing; see `Suggester.suggest`."""
        return self._suggester.suggest(typed, limit)

    def _scope(self, handbook_id: str | None) -> frozenset[str] | None:
        """Return the handbooks to be asked: the one that was named, or all public ones; None when that is all."""
        if handbook_id is not None:
            return frozenset({self.index.handbook(handbook_id).handbook_id})
        return None if len(self.index.public_ids) == len(self.index.handbooks) else self.index.public_ids

    def _answer_by_name(self, named: list[list[SectionKey]], rest: str, reading: Reading, limit: int) -> Answer:
        """Return the passages of sections that were asked for by name, of each in turn; abstain when there is none.

        Args:
            named: For each name the sections that bear it.
            rest: The other words of the question.
            reading: What the whole question finds; offered when nothing bears the name.
            limit: At most this many citations.
        """
        of_each = [[excerpt for key in keys[:limit] for excerpt in self._excerpts_of(key, rest)] for keys in named]
        excerpts = in_turn(of_each, limit)
        found = {section.key: section for section in reading.ranking}
        first = [found.pop(key, unranked(key)) for keys in named for key in keys]
        return Answer(
            status="answered" if excerpts else "abstained",
            answer_probability=1.0 if excerpts else 0.0,
            understood_as=None,
            citations=self._cite(excerpts, rest),
            suggestions=() if excerpts else self._nearest_questions(reading.ranking),
            matched_by="number",
            index_version=self.index.manifest.version,
            ranking=(*first, *found.values()),
            features=None,
        )

    def _as_offer(self, answer: Answer, reading: Reading) -> Answer:
        """Return an answer by a number that may have meant something else, as a question back."""
        return replace(
            answer,
            status="clarify",
            answer_probability=reading.probability,
            suggestions=self._nearest_questions(answer.ranking),
        )

    def _excerpts_of(self, key: SectionKey, rest: str) -> list[Excerpt]:
        """Return a section's excerpts: those that fit the other words of the question first, else in reading order."""
        if not topic_words(rest):
            return reading_order_excerpts(key, self.index)
        return section_excerpts(make_query(rest, self._encoder), key, self.index, self.parameters)

    def _cite(self, excerpts: Sequence[Excerpt], question: str) -> tuple[Citation, ...]:
        citations = []
        outdated = self.index.outdated_ids(datetime.now().astimezone().date())
        with step("cite"):
            for excerpt in excerpts:
                handbook = self.index.handbooks[excerpt.passage.handbook_id]
                section = self.index.sections[excerpt.passage.handbook_id, excerpt.passage.section_id]
                marked = highlights(handbook.text[excerpt.start : excerpt.end], question, self._normalise)
                citation = cite(excerpt, section, handbook, marked)
                citations.append(replace(citation, is_outdated=handbook.handbook_id in outdated))
        return tuple(citations)

    def _nearest_questions(self, ranking: tuple[RankedSection, ...]) -> tuple[Suggestion, ...]:
        nearest: list[Suggestion] = []
        for ranked in ranking:
            section = self.index.sections[ranked.key]
            if section.number is not None or self.index.entry(ranked.key[0]).structure != "questions":
                nearest.append(suggestion_of(ranked.key[0], section))
            if len(nearest) == SUGGESTION_COUNT:
                break
        return tuple(nearest)

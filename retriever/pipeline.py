"""The online path: a question in, a cited answer out. `Retriever.answer` shows it whole, one line a step."""

from collections.abc import Sequence
from pathlib import Path

from retriever.answer import Answer, Citation, Suggestion, cite
from retriever.calibration import status
from retriever.encoder import Encoder
from retriever.excerpts import Excerpt, reading_order_excerpts, section_excerpts
from retriever.fusion import RankedSection
from retriever.highlight import highlights
from retriever.index import SearchIndex, SectionKey
from retriever.normalise import MAX_QUESTION_CHARACTERS, Normaliser, checked_question
from retriever.number_reference import NumberReference, number_reference
from retriever.parameters import Parameters, load_parameters
from retriever.publish import current_version_folder
from retriever.query import make_query
from retriever.reading import Reader, Reading
from retriever.signals import NO_SIGNALS
from retriever.steps import step
from retriever.suggest import Suggester
from retriever.terms import topic_words

SUGGESTION_COUNT = 3


class Retriever:
    """Answers questions from one index version; never changes after it was opened, so threads may share it."""

    def __init__(self, index: SearchIndex, encoder: Encoder, parameters: Parameters) -> None:
        self.index = index
        self.parameters = parameters
        self._encoder = encoder
        self._reader = Reader(index, encoder, parameters)
        self._normalise = Normaliser()
        self._suggester = Suggester(index, self._normalise)

    @classmethod
    def open(cls, version_folder: Path, encoder: Encoder, parameters: Parameters | None = None) -> "Retriever":
        """Return the retriever of an index version, verified; see `SearchIndex.open` for what is raised."""
        index = SearchIndex.open(version_folder, encoder.encoder_id)
        retriever = cls(index, encoder, parameters or load_parameters())
        # The segmenter reads its dictionary when it is first used; the first person to ask should not wait for it.
        retriever.answer(next(iter(index.handbooks.values())).questions[0].heading[:MAX_QUESTION_CHARACTERS])
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
        scope = None if handbook_id is None else frozenset({self.index.handbook(handbook_id).handbook_id})
        with step("normalise"):
            text = self._normalise(checked_question(question))
            earlier = [self._normalise(checked_question(asked)) for asked in history]
        reference = number_reference(text)
        if reference is not None:
            return self._answer_by_number(reference, self._reader.alone(text, scope), scope, limit)
        reading = self._reader.read(text, earlier, scope)
        outcome = status(reading.probability, self.parameters)
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

    def suggest(self, typed: str, limit: int) -> tuple[Suggestion, ...]:
        """Return questions to offer while somebody is typing; see `Suggester.suggest`."""
        return self._suggester.suggest(typed, limit)

    def _answer_by_number(
        self, reference: NumberReference, reading: Reading, scope: frozenset[str] | None, limit: int
    ) -> Answer:
        """Return the passages of the question with that number; abstain when no handbook in scope has it."""
        keys = [
            (handbook_id, f"q{reference.number}")
            for handbook_id in self.index.handbooks
            if (scope is None or handbook_id in scope) and (handbook_id, f"q{reference.number}") in self.index.sections
        ]
        excerpts = [excerpt for key in keys for excerpt in self._excerpts_of(key, reference.rest)]
        first = [self._as_ranked(key, reading.ranking) for key in keys]
        return Answer(
            status="answered" if excerpts else "abstained",
            answer_probability=1.0 if excerpts else 0.0,
            understood_as=None,
            citations=self._cite(excerpts[:limit], reference.rest),
            suggestions=() if excerpts else self._nearest_questions(reading.ranking),
            matched_by="number",
            index_version=self.index.manifest.version,
            ranking=(*first, *(section for section in reading.ranking if section.key not in keys)),
            features=None,
        )

    def _excerpts_of(self, key: SectionKey, rest: str) -> list[Excerpt]:
        """Return a section's excerpts: those that fit the other words of the question first, else in reading order."""
        if not topic_words(rest):
            return reading_order_excerpts(key, self.index)
        return section_excerpts(make_query(rest, self._encoder), key, self.index, self.parameters.fusion)

    def _as_ranked(self, key: SectionKey, ranking: tuple[RankedSection, ...]) -> RankedSection:
        found = next((section for section in ranking if section.key == key), None)
        return found or RankedSection(key=key, fused_score=0.0, share=0.0, signals=NO_SIGNALS)

    def _cite(self, excerpts: Sequence[Excerpt], question: str) -> tuple[Citation, ...]:
        citations = []
        with step("cite"):
            for excerpt in excerpts:
                handbook = self.index.handbooks[excerpt.passage.handbook_id]
                section = self.index.sections[excerpt.passage.handbook_id, excerpt.passage.section_id]
                marked = highlights(handbook.text[excerpt.start : excerpt.end], question, self._normalise)
                citations.append(cite(excerpt, section, handbook, marked))
        return tuple(citations)

    def _nearest_questions(self, ranking: tuple[RankedSection, ...]) -> tuple[Suggestion, ...]:
        nearest = []
        for ranked in ranking:
            section = self.index.sections[ranked.key]
            if section.number is not None:
                nearest.append(
                    Suggestion(handbook_id=ranked.key[0], question_number=section.number, question=section.heading)
                )
        return tuple(nearest[:SUGGESTION_COUNT])

"""What is kept of an answer: how many there were, and, where the operator wants it, the masked question."""

import datetime as dt

import structlog

from chat_api.observability import Metrics
from chat_api.redact import redacted
from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.state.questions import LoggedQuestion
from corpus.errors import StateUnavailable
from retriever.answer import Answer

WITHOUT_HANDBOOK = ""


class Recorder:
    """Counts answers and keeps the question log; a database that fails costs the record, never the answer."""

    def __init__(
        self,
        settings: ServerSettings,
        database: Database,
        logger: structlog.typing.FilteringBoundLogger,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._database = database
        self._logger = logger
        self._metrics = metrics

    def record(self, question: str, answer: Answer, answer_id: str, took_ms: float, *, may_be_kept: bool) -> None:
        """Keep what may be kept of an answer.

        Args:
            question: As typed; it is masked before anything is done with it.
            answer: What was found.
            answer_id: Under which name it went out.
            took_ms: How long it took.
            may_be_kept: False for a question that a content check did not pass.
        """
        handbook_id, section_id = answer.ranking[0].key if answer.ranking else (WITHOUT_HANDBOOK, "")
        try:
            self._database.answer_counts.add(handbook_id, answer.status, took_ms)
            if self._settings.question_log and may_be_kept:
                asked = LoggedQuestion(
                    answer_id=answer_id,
                    asked_on=dt.datetime.now().astimezone().date(),
                    question=redacted(question),
                    status=answer.status,
                    answer_probability=answer.answer_probability,
                    handbook_id=handbook_id,
                    section_id=section_id,
                )
                self._database.questions.save(asked, self._settings.question_log_days)
        except StateUnavailable as error:
            self._metrics.records_lost.inc()
            self._logger.warning("answer not recorded", code=error.code)

"""One answer, whoever asks and by whatever way: searched, counted, and in the wire format."""

import secrets
import time

from chat_api.dependencies import Services
from chat_api.distress import is_distressed
from chat_api.render_text import render_text
from chat_api.schema import AskRequest, AskResponse
from chat_api.wire import ask_response
from retriever.steps import watched_steps


def answer_question(request: AskRequest, services: Services, *, may_be_kept: bool = True) -> AskResponse:
    """Return the answer to a question.

    `may_be_kept` is False for one that must not enter the question log.

    Raises:
        IndexProblem: If there is nothing to search in.
        InvalidQuestion: If it cannot be asked.
        UnknownHandbook: If it is for a handbook that is not served.
    """
    retriever, settings, metrics = services.live_retriever.get(), services.settings, services.metrics
    started = time.perf_counter()
    with watched_steps() as steps_ms:
        answer = retriever.answer(request.question, request.history, request.handbook, request.limit)
    seconds = time.perf_counter() - started
    metrics.count_answer(answer.status, seconds, steps_ms)
    answer_id = "a_" + secrets.token_hex(8)
    services.recorder.record(request.question, answer, answer_id, seconds * 1000, may_be_kept=may_be_kept)
    response = ask_response(answer, answer_id, services.contact(), seconds * 1000)
    if settings.urgent_contact and is_distressed(request.question):
        response = response.model_copy(update={"urgent_contact": settings.urgent_contact})
    if request.text_max_bytes is not None:
        response = response.model_copy(update={"text": render_text(response, request.text_max_bytes)})
    return response

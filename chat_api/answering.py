"""One answer, whoever asks and by whatever way: searched, counted, and in the wire format."""

import secrets
import time

from chat_api.distress import is_distressed
from chat_api.observability import Metrics
from chat_api.render_text import render_text
from chat_api.schema import AskRequest, AskResponse
from chat_api.settings import ServerSettings
from chat_api.wire import ask_response
from retriever.pipeline import Retriever


def answer_question(
    request: AskRequest, retriever: Retriever, settings: ServerSettings, metrics: Metrics
) -> AskResponse:
    """Return the answer to a question.

    Raises:
        InvalidQuestion: If it cannot be asked.
        UnknownHandbook: If it is for a handbook that is not served.
    """
    started = time.perf_counter()
    answer = retriever.answer(request.question, request.history, request.handbook, request.limit)
    seconds = time.perf_counter() - started
    metrics.answers.labels(answer.status).inc()
    metrics.retrieval_seconds.observe(seconds)
    response = ask_response(answer, "a_" + secrets.token_hex(8), settings.contact, seconds * 1000)
    if settings.urgent_contact and is_distressed(request.question):
        response = response.model_copy(update={"urgent_contact": settings.urgent_contact})
    if request.text_max_bytes is not None:
        response = response.model_copy(update={"text": render_text(response, request.text_max_bytes)})
    return response

"""What routes are given: everything `create_app` built, and nothing global."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chat_api.live_retriever import LiveRetriever
from chat_api.observability import Metrics
from chat_api.settings import ServerSettings
from chat_api.state import FeedbackStore
from retriever.pipeline import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one app."""

    settings: ServerSettings
    live_retriever: LiveRetriever
    feedback: FeedbackStore
    metrics: Metrics


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _retriever(request: Request) -> Retriever:
    return _services(request).live_retriever.get()


ServicesDep = Annotated[Services, Depends(_services)]
RetrieverDep = Annotated[Retriever, Depends(_retriever)]

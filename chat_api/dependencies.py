"""What routes are given: everything `create_app` built, and nothing global."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chat_api.access import Access, Asker
from chat_api.distress import is_distressed
from chat_api.limits.answer_slots import AnswerSlots
from chat_api.limits.rate_limits import RateLimits
from chat_api.live_retriever import LiveRetriever
from chat_api.observability import Metrics
from chat_api.page import Pages
from chat_api.recording import Recorder
from chat_api.schema import AskRequest, FeedbackRequest
from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.wechat.content_check import Verdict
from chat_api.wechat.services import OfficialAccountServices, WeChatServices
from corpus.access_errors import NotLoggedIn, QuestionRejected
from retriever.pipeline import Retriever


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of one app; those of WeChat are None where it was not set up."""

    settings: ServerSettings
    live_retriever: LiveRetriever
    database: Database
    access: Access
    wechat: WeChatServices | None
    official_account: OfficialAccountServices | None
    metrics: Metrics
    pages: Pages
    recorder: Recorder
    rate_limits: RateLimits
    search_slots: AnswerSlots

    def contact(self) -> str:
        """Return whom people are told to ask: what staff wrote, or else what was set."""
        return self.database.texts.contact() or self.settings.contact


@dataclass(frozen=True, slots=True, kw_only=True)
class PermittedQuestion:
    """A question that may be answered to whoever asked.

    Attributes:
        request: The question.
        check: What WeChat's content check says of it; None where there is none.
    """

    request: AskRequest
    check: Verdict | None


# Asynchronous, though it waits for nothing: what is not would cost a change of thread in every request.
async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


def _retriever(services: ServicesDep) -> Retriever:
    return services.live_retriever.get()


async def _asker(request: Request, services: ServicesDep) -> Asker:
    asker = await services.access.asker(request.headers)
    if asker.openid is not None:
        await services.rate_limits.admit("user", asker.openid)
    return asker


AskerDep = Annotated[Asker, Depends(_asker)]


async def permitted_question(request: AskRequest, asker: AskerDep, services: ServicesDep) -> PermittedQuestion:
    """Return a question that may be answered to this asker; raises what WeChat's content check says against it."""
    return PermittedQuestion(request=request, check=await _check(services, asker, request.question, request.history))


async def _permitted_feedback(
    request: FeedbackRequest, asker: Annotated[Asker, Depends(_asker)], services: ServicesDep
) -> FeedbackRequest:
    """Return feedback as it may be kept: staff will read the reason, so it must have passed the check."""
    if asker.openid is None or not request.reason:
        return request
    verdict = await _check(services, asker, request.reason, [])
    return request if verdict in {"pass", None} else request.model_copy(update={"reason": None})


async def _check(services: Services, asker: Asker, text: str, earlier: list[str]) -> Verdict | None:
    # A blank question is refused where it is searched for; WeChat would answer it with an error.
    if services.wechat is None or asker.openid is None or not text.strip():
        return None
    try:
        return await services.wechat.check(text, asker.openid, earlier)
    except NotLoggedIn:
        if asker.token:
            services.database.sessions.close_token(asker.token)
        raise
    except QuestionRejected as error:
        # Who is in need must not be sent away with a refusal alone.
        if is_distressed(text):
            raise QuestionRejected(error.message + services.settings.urgent_contact) from None
        raise


RetrieverDep = Annotated[Retriever, Depends(_retriever)]
PermittedQuestionDep = Annotated[PermittedQuestion, Depends(permitted_question)]
PermittedFeedbackDep = Annotated[FeedbackRequest, Depends(_permitted_feedback)]

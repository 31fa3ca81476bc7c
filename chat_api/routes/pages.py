"""The chat page, alone and in a frame of another site, and what it gives without scripts."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from chat_api.answering import answer_question
from chat_api.dependencies import RetrieverDep, Services, ServicesDep
from chat_api.errors import headers_of, status_of
from chat_api.page.embedding import SHARED_HEADERS, frame_headers
from chat_api.page.first_screen import FirstScreen, first_screen
from chat_api.page.form import PageForm
from chat_api.page.languages import choose_language
from chat_api.page.reading_view import contents_view, reading_view
from corpus.errors import IndexProblem, WengongError

# A page that was made of somebody's words stays in no cache.
PRIVATE: Final = {"Cache-Control": "no-store"}
LanguageParameter = Annotated[str, Query(alias="lang", max_length=16)]
HandbookParameter = Annotated[str | None, Query(max_length=64)]


class PageRoute(APIRoute):
    """A route whose errors are pages, too: nobody should be shown JSON by a link."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler; an expected error becomes a page that says what to do next."""
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                return await handle(request)
            except WengongError as error:
                services: Services = request.app.state.services
                services.metrics.errors.labels(error.code).inc()
                response = _page(request, "message.html", status_of(error), {"message": error.message})
                response.headers.update(headers_of(status_of(error)))
                return response

        return handle_or_explain


router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
def chat(request: Request, services: ServicesDep, handbook: HandbookParameter = None) -> Response:
    """Return the chat as a page of its own."""
    return _chat(request, services, handbook, is_embedded=False)


@router.get("/embed")
def embedded_chat(request: Request, services: ServicesDep, handbook: HandbookParameter = None) -> Response:
    """Return the chat for the frame that `/widget.js` opens."""
    response = _chat(request, services, handbook, is_embedded=True)
    response.headers.update(frame_headers(services.settings.allowed_origins))
    return response


@router.get("/widget.js")
def widget(services: ServicesDep) -> Response:
    """Return the script that puts the chat on a page of any site."""
    return Response(services.pages.widget(), media_type="text/javascript", headers=SHARED_HEADERS)


@router.get("/static/{version}/page.css")
def styles(version: str, services: ServicesDep) -> Response:  # noqa: ARG001 -- what it is, its address says
    """Return the styles of all pages."""
    return Response(services.pages.styles, media_type="text/css")


@router.post("/")
async def answer(request: Request, services: ServicesDep) -> Response:
    """Answer a question in plain HTML, for browsers that run no scripts."""
    form = PageForm.read(await request.body())
    authorization = {"authorization": f"Bearer {form.access_code}"} if form.access_code else {}
    await services.access.asker(Headers(authorization))
    asked = form.asked()
    async with services.search_slots:
        answered = await run_in_threadpool(answer_question, asked, services)
    return _page(request, "answer.html", 200, {"answer": answered, "asked": asked, **_entry(services)}, form.language)


@router.post("/feedback")
async def feedback(request: Request, services: ServicesDep) -> Response:
    """Keep what was thought of a plain answer."""
    form = PageForm.read(await request.body())
    given = form.feedback()
    await run_in_threadpool(services.database.feedback.save, given.answer_id, useful=given.useful, reason=None)
    services.metrics.feedback.labels(str(given.useful).lower()).inc()
    return _page(request, "thanks.html", 200, {}, form.language)


@router.get("/read/{handbook_id}")
def contents(request: Request, handbook_id: str, retriever: RetrieverDep) -> Response:
    """Return the table of contents of a handbook."""
    return _page(request, "contents.html", 200, {"view": contents_view(retriever.index, handbook_id)})


@router.get("/read/{handbook_id}/questions/{number}")
def question(request: Request, handbook_id: str, number: int, retriever: RetrieverDep) -> Response:
    """Return a whole answer as a page that can be shared: `edition` and `mark` say what the link was made of."""
    return _section(request, retriever, handbook_id, f"q{number}")


@router.get("/read/{handbook_id}/sections/{section_id}")
def section(request: Request, handbook_id: str, section_id: str, retriever: RetrieverDep) -> Response:
    """Return a section without a number as a page."""
    return _section(request, retriever, handbook_id, section_id)


def _section(request: Request, retriever: RetrieverDep, handbook_id: str, section_id: str) -> Response:
    edition, mark = (request.query_params.get(name, "") for name in ("edition", "mark"))
    view = reading_view(retriever.index, handbook_id, section_id, edition=edition, mark=mark)
    return _page(request, "section.html", 200, {"view": view})


def _chat(request: Request, services: Services, handbook_id: str | None, *, is_embedded: bool) -> Response:
    screen: FirstScreen | None = None
    # Without an index the page says so when a question is asked, and needs no reload once there is one.
    with suppress(IndexProblem):
        screen = first_screen(services.live_retriever.get().index, handbook_id)
    language = _language(request)
    data = {
        "words": services.pages.words(language),
        "language": language,
        "handbook": handbook_id,
        "isEmbedded": is_embedded,
        "access": _entry(services)["access"],
        "origins": list(services.settings.allowed_origins) if is_embedded else [],
    }
    values = {"screen": screen, "data": data, "is_embedded": is_embedded, **_entry(services)}
    response = _page(request, "chat.html", 200, values)
    response.headers.update({"Cache-Control": "no-cache", "Vary": "Accept-Language"})
    return response


def _entry(services: Services) -> dict[str, str]:
    """Return how one may ask here: at once, with a code, or only in the mini-program."""
    return {"access": {"none": "open", "api_key": "code"}.get(services.settings.auth, "wechat")}


def _language(request: Request, asked: str = "") -> str:
    return choose_language(asked or request.query_params.get("lang", ""), request.headers.get("accept-language", ""))


def _page(request: Request, template: str, status: int, values: dict[str, Any], language: str = "") -> Response:
    services: Services = request.app.state.services
    content = services.pages.render(template, _language(request, language), **values)
    return HTMLResponse(content, status, headers=PRIVATE)

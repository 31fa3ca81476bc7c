"""How every address of the console answers: with a page, also when something cannot be done."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute

from chat_api.errors import status_of
from console.access import COOKIE
from console.errors import (
    ConsoleProblem,
    DecisionRefused,
    FormRefused,
    JobRunning,
    LoginFailed,
    LoginLocked,
    LoginNeeded,
    RoleRefused,
    VersionGone,
)
from console.render import is_fragment, page
from console.state.logins import Session
from corpus.errors import StateUnavailable, WengongError

LOGIN: Final = "/console/login"
# The first class that fits decides; other errors have the status that they have everywhere.
STATUS_OF: Final[dict[type[WengongError], HTTPStatus]] = {
    LoginFailed: HTTPStatus.FORBIDDEN,
    LoginLocked: HTTPStatus.TOO_MANY_REQUESTS,
    FormRefused: HTTPStatus.FORBIDDEN,
    RoleRefused: HTTPStatus.FORBIDDEN,
    DecisionRefused: HTTPStatus.CONFLICT,
    JobRunning: HTTPStatus.CONFLICT,
    VersionGone: HTTPStatus.GONE,
    ConsoleProblem: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class PageRoute(APIRoute):
    """A route whose expected errors become pages; what nobody expected is the web service's to answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the function that answers a request."""
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            try:
                return await answer(request)
            except LoginNeeded:
                return _to_login(request)
            except WengongError as error:
                return _problem(request, error.message, _status(error))
            except RequestValidationError:
                return _problem(request, "地址或表单里有不认识的内容，操作没有生效。", HTTPStatus.UNPROCESSABLE_ENTITY)

        return answer_with_a_page


def go_to(address: str, notice: str = "") -> RedirectResponse:
    """Return the way to a page after something was done, so that reloading it does not do it again."""
    query = f"{'&' if '?' in address else '?'}{urlencode({'notice': notice})}" if notice else ""
    return RedirectResponse(address + query, HTTPStatus.SEE_OTHER)


def _to_login(request: Request) -> Response:
    if is_fragment(request):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": LOGIN})
    return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)


def _problem(request: Request, message: str, status: HTTPStatus) -> Response:
    return page(request, "problem.html", _session_of(request), status, message=message)


def _session_of(request: Request) -> Session | None:
    try:
        found: Session | None = request.app.state.console.state.logins.session(request.cookies.get(COOKIE, ""))
    except StateUnavailable:
        return None
    return found


def _status(error: WengongError) -> HTTPStatus:
    return next((status for kind, status in STATUS_OF.items() if isinstance(error, kind)), status_of(error))

"""Who is at the console, and whether a form of theirs is one that the console gave them."""

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response
from starlette.types import Message

from chat_api.dependencies import Services
from console.errors import FormRefused, LoginNeeded, RoleRefused, UploadInvalid
from console.places import Places
from console.state import ConsoleState
from console.state.logins import SESSION_LIFETIME_S, Session, is_form_token
from console.uploads import MAX_UPLOAD_BYTES

COOKIE: Final = "wengong_console"
# Before anybody is logged in, the login form is tied to the browser by this one.
LOGIN_COOKIE: Final = "wengong_console_login"
COOKIE_PATH: Final = "/console"
FORM_FIELD: Final = "form_token"
FORM_OUTDATED: Final = "这个表单已经过期，操作没有生效。请返回上一页，刷新后再试。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What the pages are given.

    Attributes:
        services: The web service's own parts.
        state: What the console remembers.
        places: Where everything lies.
    """

    services: Services
    state: ConsoleState
    places: Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A form that somebody sent who is logged in, after its token was found to be theirs."""

    session: Session
    form: FormData

    def text(self, name: str) -> str:
        """Return a field without the spaces around it; "" when it is missing."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return every value of a field, in order."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """Return an uploaded file, or None when none was chosen."""
        value = self.form.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None


async def _console(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


ConsoleDep = Annotated[Console, Depends(_console)]


def _session(request: Request, console: ConsoleDep) -> Session:
    cookie = request.cookies.get(COOKIE, "")
    session = console.state.logins.session(cookie) if cookie else None
    if session is None:
        raise LoginNeeded("请先登录。")
    return session


SessionDep = Annotated[Session, Depends(_session)]


async def _posted(request: Request, session: SessionDep) -> AsyncIterator[Posted]:
    async with request.form() as form:
        posted = Posted(session=session, form=form)
        if not is_form_token(session.form_token, posted.text(FORM_FIELD)):
            raise FormRefused(FORM_OUTDATED)
        yield posted


PostedDep = Annotated[Posted, Depends(_posted)]


async def _uploaded(request: Request, session: SessionDep) -> AsyncIterator[Posted]:
    """Return a form that may be long; who is not logged in was turned away before a byte of it was read."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > MAX_UPLOAD_BYTES:
            raise UploadInvalid(f"文件太大，最多 {MAX_UPLOAD_BYTES // 1024 // 1024} MB。")
        return message

    async for posted in _posted(Request(request.scope, counted), session):
        yield posted


UploadedDep = Annotated[Posted, Depends(_uploaded)]


def require_publisher(session: Session) -> None:
    """Return when somebody may publish and change handbooks.

    Raises:
        RoleRefused: Otherwise.
    """
    if session.role != "publisher":
        raise RoleRefused("这一步要由发布人来做。您是编辑，可以先提议，再请发布人处理。")


def _publisher(posted: PostedDep) -> Posted:
    require_publisher(posted.session)
    return posted


PublisherDep = Annotated[Posted, Depends(_publisher)]


async def _login_form(request: Request) -> dict[str, str]:
    form = await request.form()
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    cookie = request.cookies.get(LOGIN_COOKIE, "")
    if not cookie or not is_form_token(login_form_token(cookie), fields.get(FORM_FIELD, "")):
        raise FormRefused(FORM_OUTDATED)
    return fields


LoginFormDep = Annotated[dict[str, str], Depends(_login_form)]


def login_form_token(cookie: str) -> str:
    """Return what the login form of a browser must bring back."""
    return hashlib.sha256(f"form:{cookie}".encode("utf-8", "replace")).hexdigest()


def new_login_cookie() -> str:
    """Return a cookie that nobody can guess."""
    return secrets.token_urlsafe()


def give_cookie(request: Request, response: Response, name: str, cookie: str) -> None:
    """Give a browser a cookie that no script can read and no other site can make it send."""
    response.set_cookie(
        name,
        cookie,
        max_age=SESSION_LIFETIME_S,
        path=COOKIE_PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""

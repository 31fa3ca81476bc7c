"""登录: in with a name and a token, out with a click."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import (
    COOKIE,
    COOKIE_PATH,
    LOGIN_COOKIE,
    ConsoleDep,
    LoginFormDep,
    PostedDep,
    address_of,
    give_cookie,
    login_form_token,
    new_login_cookie,
)
from console.errors import LoginFailed, LoginLocked
from console.render import page
from console.routing import LOGIN, PageRoute, go_to
from console.state.logins import LOCKED_S

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
MAX_FIELD_CHARACTERS: Final = 200


@router.get("/login")
def show_login(request: Request) -> Response:
    """Show the form."""
    cookie = new_login_cookie()
    response = page(request, "login.html", None, form_token=login_form_token(cookie))
    give_cookie(request, response, LOGIN_COOKIE, cookie)
    return response


@router.post("/login")
def log_in(request: Request, form: LoginFormDep, console: ConsoleDep) -> Response:
    """Open a session, or count a failure."""
    name, token = (form.get(field, "").strip()[:MAX_FIELD_CHARACTERS] for field in ("name", "token"))
    logins, address = console.state.logins, address_of(request)
    if logins.is_locked(name, address):
        raise LoginLocked(f"登录失败次数太多，请过 {LOCKED_S // 60} 分钟再试。忘了口令，请管理员重新发一个。")
    if not console.state.staff.matches(name, token):
        logins.fail(name, address)
        raise LoginFailed("姓名或口令不对。口令由管理员用 wengong staff add 发给您，只显示一次。")
    response = go_to("/console")
    give_cookie(request, response, COOKIE, logins.open(name))
    response.delete_cookie(LOGIN_COOKIE, path=COOKIE_PATH)
    return response


@router.post("/logout")
def log_out(request: Request, _posted: PostedDep, console: ConsoleDep) -> Response:
    """End the session."""
    console.state.logins.close(request.cookies.get(COOKIE, ""))
    response = go_to(LOGIN)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response

"""Pages from templates; whatever a person typed is shown as text, because everything is escaped."""

import datetime as dt
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from console.state.logins import Session
from console.state.staff import ROLES

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
# Address and name of each page, in the order of the menu.
MENU: Final = (
    ("/console", "今日概况"),
    ("/console/unanswered", "未答问题"),
    ("/console/wordings", "相似问"),
    ("/console/hit-test", "命中测试"),
    ("/console/evals", "评测"),
    ("/console/versions", "版本"),
    ("/console/handbooks", "手册"),
    ("/console/audit", "改动记录"),
)
STATUS_NAMES: Final = {"answered": "已作答", "clarify": "反问", "abstained": "未答"}
# What a page says after something was done: an address carries the key, so that nobody else can put words there.
NOTICES: Final = {
    "approved": "已批准。到“版本”页面发布后生效。",
    "handled": "已处理。",
    "proposed": "已提交，等另一个人批准。",
    "published": "已开始，完成后这里会更新。",
    "rejected": "已退回。",
    "rolled_back": "已退回到选定的版本，马上生效。",
    "saved": "已保存到草稿。到“版本”页面发布后生效。",
    "saved_now": "已保存，马上生效。",
    "there_already": "已经有同样的问法或提议，没有重复添加。",
}


def make_environment() -> Environment:
    """Return what the pages are made with."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.globals["STATUS_NAMES"] = STATUS_NAMES
    environment.globals["ROLES"] = ROLES
    return environment


def page(request: Request, template: str, session: Session | None, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the template names
    """Return a page, which no cache may keep; `values` are what the template names."""
    environment: Environment = request.app.state.console_templates
    html = environment.get_template(template).render(
        **values,
        session=session,
        menu=MENU,
        path=request.url.path,
        notice=NOTICES.get(request.query_params.get("notice", ""), ""),
        is_fragment=is_fragment(request),
    )
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


def is_fragment(request: Request) -> bool:
    """Return whether only a part of the page is to be exchanged, not the whole."""
    return request.headers.get("hx-request") == "true"


def moment(at_s: int) -> str:
    """Return a point in time as people here read it."""
    return dt.datetime.fromtimestamp(at_s).astimezone().strftime("%Y-%m-%d %H:%M")

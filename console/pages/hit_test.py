"""命中测试: one question and the whole way to its answer."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import ConsoleDep, PostedDep, SessionDep
from console.hit_test import hit_test
from console.render import page
from console.routing import PageRoute

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)


@router.get("/hit-test")
def show_form(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show the form, with a question that another page brought along."""
    handbooks = console.services.live_retriever.get().index.manifest.handbooks
    question = request.query_params.get("q", "")
    return page(request, "hit_test.html", session, handbooks=handbooks, question=question, handbook="", found=None)


@router.post("/hit-test")
def show_result(request: Request, posted: PostedDep, console: ConsoleDep) -> Response:
    """Show what came of a question: as a whole page, or only the result."""
    live = console.services.live_retriever
    retriever = live.get()
    question, handbook = posted.text("question"), posted.text("handbook")
    history = [line for line in posted.text("history").splitlines() if line.strip()]
    found = hit_test(question, history, handbook or None, retriever, live.encoder)
    return page(
        request,
        "hit_test.html",
        posted.session,
        handbooks=retriever.index.manifest.handbooks,
        question=question,
        handbook=handbook,
        found=found,
    )

"""评测: the draft measured against what is served."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import Console, ConsoleDep, PostedDep, SessionDep
from console.draft import checksum
from console.job import start_job
from console.render import page
from console.routing import PageRoute, go_to
from console.state.jobs import Job

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
ADDRESS: Final = "/console/evals"


@router.get("/evals")
def show_evals(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show what came of the newest measurement."""
    job = console.state.jobs.newest("evaluate")
    return page(
        request,
        "evals.html",
        session,
        job=job,
        result=job.result if job and job.state == "done" else None,
        is_current=_is_current(console, job),
    )


@router.get("/evals/job")
def show_job(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show how far measuring has come; when it has ended, the page is loaded anew to show what came of it."""
    job = console.state.jobs.newest("evaluate")
    response = page(request, "job.html", session, job=job, address=f"{ADDRESS}/job")
    if job and job.state == "done":
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/evals")
def measure(posted: PostedDep, console: ConsoleDep) -> Response:
    """Start measuring the draft."""
    start_job("evaluate", posted.session.name, console.places, console.state.jobs)
    return go_to(ADDRESS, "published")


def _is_current(console: Console, job: Job | None) -> bool:
    """Return whether the draft is still what was measured."""
    if job is None or job.state != "done":
        return False
    approved = sorted(wording.id for wording in console.state.wordings.approved())
    handbooks = console.services.live_retriever.get().index.handbooks
    documents = {
        f"{handbook_id}/{name}": checksum(text)
        for handbook_id in handbooks
        for name, text in console.state.documents.of(handbook_id).items()
    }
    return bool(job.result["wording_ids"] == approved and job.result["documents"] == documents)

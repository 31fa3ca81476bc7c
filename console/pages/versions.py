"""版本: what the draft would change, publishing it, and going back."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import Console, ConsoleDep, PublisherDep, SessionDep
from console.draft import checksum
from console.job import start_job
from console.publishing import roll_back, served_version, versions
from console.render import page
from console.routing import PageRoute, go_to
from console.sections import name_of
from console.state.publications import Publication
from console.state.wordings import EDIT_NAMES

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
ADDRESS: Final = "/console/versions"


@router.get("/versions")
def show_versions(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show the draft's difference to what is served, the versions that are kept, and who published when."""
    served = served_version(console.places.index_folder)
    publication = console.state.publications.of_version(served) or Publication(version=served, published_by="")
    return page(
        request,
        "versions.html",
        session,
        difference=_difference(console, publication),
        documents=_changed_documents(console, publication),
        edit_names=EDIT_NAMES,
        versions=versions(console.places, console.state),
        history=console.state.publications.newest(),
        job=console.state.jobs.newest("publish"),
        waiting_count=len(console.state.wordings.proposed()),
    )


@router.get("/versions/job")
def show_job(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show how far publishing has come; the page asks for it again and again while it runs."""
    return page(request, "job.html", session, job=console.state.jobs.newest("publish"), address=f"{ADDRESS}/job")


@router.post("/versions/publish")
def publish(posted: PublisherDep, console: ConsoleDep) -> Response:
    """Start publishing the draft."""
    start_job("publish", posted.session.name, console.places, console.state.jobs)
    return go_to(ADDRESS, "published")


@router.post("/versions/rollback")
def go_back(posted: PublisherDep, console: ConsoleDep) -> Response:
    """Serve an earlier version again."""
    roll_back(console.places, console.state, posted.text("version"), posted.session.name)
    return go_to(ADDRESS, "rolled_back")


def _difference(console: Console, publication: Publication) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the draft changes that is served: by question, the kind of change and the wording."""
    index = console.services.live_retriever.get().index
    changed: dict[str, list[tuple[str, str]]] = {}
    for wording in console.state.wordings.approved():
        if wording.id not in publication.wording_ids:
            name = name_of(index, (wording.handbook_id, wording.section_id))
            changed.setdefault(name, []).append((EDIT_NAMES[wording.change], wording.wording))
    return list(changed.items())


def _changed_documents(console: Console, publication: Publication) -> list[str]:
    """Return the edited texts that the draft has and the served version has not, as "handbook/name"."""
    handbooks = console.services.live_retriever.get().index.handbooks
    return [
        f"{handbook_id}/{name}"
        for handbook_id in handbooks
        for name, text in console.state.documents.of(handbook_id).items()
        if publication.documents.get(f"{handbook_id}/{name}") != checksum(text)
    ]

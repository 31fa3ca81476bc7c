"""改动记录: who changed what, and who works here."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import ConsoleDep, SessionDep
from console.render import page
from console.routing import PageRoute

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)


@router.get("/audit")
def show_audit(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show the newest changes."""
    changes, members = console.state.audit.newest(), console.state.staff.members()
    return page(request, "audit.html", session, changes=changes, members=members)

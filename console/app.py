"""The console as a part of the web service."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from chat_api.dependencies import Services
from console.access import Console
from console.pages import audit, evals, handbooks, hit_test, login, overview, unanswered, versions, wordings
from console.places import Places
from console.render import make_environment
from console.state import ConsoleState

STATIC: Final = Path(__file__).resolve().parent / "static"


def add_console(app: FastAPI, places: Places) -> None:
    """Put the console into a service that `create_app` built, below `/console`."""
    services: Services = app.state.services
    app.state.console = Console(services=services, state=ConsoleState(services.database), places=places)
    app.state.console_templates = make_environment()
    app.state.own_body_limits = frozenset({handbooks.UPLOAD_ADDRESS})
    for part in (login, overview, unanswered, wordings, hit_test, evals, versions, handbooks, audit):
        app.include_router(part.router)
    app.mount("/console/static", StaticFiles(directory=STATIC), name="console")

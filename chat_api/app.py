"""The web service, built in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from chat_api.body_limit import BodyLimit
from chat_api.dependencies import Services
from chat_api.errors import add_error_handlers
from chat_api.live_retriever import LiveRetriever
from chat_api.observability import Metrics, RequestObserver, make_logger
from chat_api.routes import ask, handbooks, operations
from chat_api.schema import Problem
from chat_api.security_headers import SecurityHeaders
from chat_api.settings import ServerSettings
from chat_api.state import FeedbackStore
from corpus.errors import IndexProblem
from retriever.encoder_choice import open_encoder
from retriever.settings import RetrieverSettings, read_settings

PAGE_FOLDER: Final = Path(__file__).resolve().parent / "page"
API_VERSION: Final = "1.0.0"
PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "description": "请求有误，detail 说明原因。"},
    "5XX": {"model": Problem, "description": "服务暂时不能回答。"},
}


class _Service(FastAPI):
    """FastAPI, whose description gives errors the media type in which they leave."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                for status in PROBLEM_RESPONSES:
                    content = operation["responses"][status]["content"]
                    if "application/json" in content:
                        content["application/problem+json"] = content.pop("application/json")
        return document


def create_app(settings: ServerSettings | None = None, retriever_settings: RetrieverSettings | None = None) -> FastAPI:
    """Return the service for some settings; those not given are read from the environment.

    An index that cannot be opened does not keep the service from starting: `/readyz` and every route that needs it say
    what is wrong until one is published.

    Raises:
        SettingsInvalid: If the environment holds a value that cannot be used.
        EncoderError: If the encoder cannot be loaded.
        StateUnavailable: If the database cannot be opened.
    """
    settings = settings or read_settings(ServerSettings)
    retriever_settings = retriever_settings or read_settings(RetrieverSettings)
    logger, metrics = make_logger(), Metrics()
    services = Services(
        settings=settings,
        live_retriever=LiveRetriever(
            retriever_settings.index_folder, open_encoder(retriever_settings.encoder), logger, metrics.show_index
        ),
        feedback=FeedbackStore.open(settings.database_url, retriever_settings.data),
        metrics=metrics,
    )
    app = _Service(
        title="问工",
        version=API_VERSION,
        description="工会手册问答：只摘原文，不编答案。",
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
        lifespan=_lifespan,
    )
    app.state.services = services
    for router in (ask.router, handbooks.router, operations.router):
        app.include_router(router)
    _add_page(app)
    add_error_handlers(app)
    app.add_middleware(BodyLimit)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "X-Request-ID"],
        )
    app.add_middleware(RequestObserver, metrics=services.metrics, logger=logger)
    app.add_middleware(SecurityHeaders)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    with suppress(IndexProblem):  # logged where it was met; /readyz goes on saying so
        services.live_retriever.get()
    yield
    services.feedback.close()


def _add_page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(PAGE_FOLDER / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/static", StaticFiles(directory=PAGE_FOLDER), name="static")

"""The web service, built in one place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles

from chat_api.access import Access, WithoutWeChatHeaders
from chat_api.body_limit import BodyLimit
from chat_api.compressed_pages import CompressedPages
from chat_api.dependencies import Services
from chat_api.errors import add_error_handlers
from chat_api.limits.answer_slots import AnswerSlots
from chat_api.limits.rate_limits import RateLimits
from chat_api.limits.request_gate import RequestGate
from chat_api.limits.settings import LimitSettings
from chat_api.live_retriever import LiveRetriever
from chat_api.observability import Metrics, RequestObserver, make_logger
from chat_api.page import STATIC_FOLDER, Pages, static_address
from chat_api.recording import Recorder
from chat_api.routes import ask, completions, handbooks, official_account, operations, pages, wechat
from chat_api.schema import Problem
from chat_api.security_headers import SecurityHeaders
from chat_api.settings import ServerSettings
from chat_api.state import Database
from chat_api.wechat.services import build_official_account, build_wechat
from chat_api.wechat.settings import WeChatSettings
from corpus.errors import IndexProblem, StateUnavailable
from retriever.encoder_choice import open_encoder
from retriever.settings import RetrieverSettings, read_settings

API_VERSION: Final = "1.0.0"
PROBLEM_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "description": "请求有误，detail 说明原因。"},
    "5XX": {"model": Problem, "description": "服务暂时不能回答。"},
}
PROBLEM_SCHEMA: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}


class _Service(FastAPI):
    """FastAPI, whose description gives errors the media type in which they leave."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                for status in PROBLEM_RESPONSES:
                    content = operation["responses"][status]["content"]
                    if content.get("application/json") == PROBLEM_SCHEMA:
                        content["application/problem+json"] = content.pop("application/json")
        return document


def create_app(
    settings: ServerSettings | None = None,
    retriever_settings: RetrieverSettings | None = None,
    wechat_settings: WeChatSettings | None = None,
    limit_settings: LimitSettings | None = None,
    worker_folder: Path | None = None,
) -> FastAPI:
    """Return the service for some settings; those not given are read from the environment.

    `worker_folder` is where the workers of one service put their metrics together; None for a worker alone.

    An index that cannot be opened does not keep the service from starting: `/readyz` and every route that needs it say
    what is wrong until one is published.

    Raises:
        SettingsInvalid: If the environment holds a value that cannot be used.
        EncoderError: If the encoder cannot be loaded.
        StateUnavailable: If the database cannot be opened.
        WeChatExtraMissing: If WeChat is set up and its packages are not installed.
    """
    settings = settings or read_settings(ServerSettings)
    retriever_settings = retriever_settings or read_settings(RetrieverSettings)
    wechat_settings = wechat_settings or read_settings(WeChatSettings)
    limit_settings = limit_settings or read_settings(LimitSettings)
    logger, metrics = make_logger(), Metrics(worker_folder)
    services = _build_services(settings, retriever_settings, wechat_settings, limit_settings, logger, metrics)
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
    for part in (ask, completions, handbooks, wechat, official_account, operations, pages):
        app.include_router(part.router)
    app.mount("/static/{version}", StaticFiles(directory=STATIC_FOLDER), name="static")
    add_error_handlers(app)
    app.add_middleware(CompressedPages, kept_below=static_address() + "/")
    app.add_middleware(BodyLimit)
    app.add_middleware(
        RequestGate,
        access=services.access,
        rate_limits=services.rate_limits,
        slots=services.search_slots,
        metrics=services.metrics,
    )
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
        )
    if settings.auth != "cloudrun":
        app.add_middleware(WithoutWeChatHeaders)
    app.add_middleware(RequestObserver, metrics=services.metrics, logger=logger)
    app.add_middleware(SecurityHeaders)
    return app


def _build_services(
    settings: ServerSettings,
    retriever_settings: RetrieverSettings,
    wechat_settings: WeChatSettings,
    limit_settings: LimitSettings,
    logger: structlog.typing.FilteringBoundLogger,
    metrics: Metrics,
) -> Services:
    wechat_services = build_wechat(
        settings.auth, wechat_settings, logger, lambda outcome: metrics.content_checks.labels(outcome).inc()
    )
    database = Database.open(settings.database_url, retriever_settings.data)
    return Services(
        settings=settings,
        live_retriever=LiveRetriever(
            retriever_settings.index_folder,
            open_encoder(retriever_settings.encoder),
            logger,
            metrics.show_index,
            lambda code: metrics.index_openings.labels(code).inc(),
        ),
        database=database,
        access=Access(settings, database.sessions),
        wechat=wechat_services,
        official_account=build_official_account(wechat_settings, database.messages),
        metrics=metrics,
        recorder=Recorder(settings, database, logger, metrics),
        pages=Pages(),
        rate_limits=RateLimits(limit_settings, retriever_settings.data, logger, metrics.count_limit),
        search_slots=AnswerSlots(limit_settings, metrics),
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    with suppress(IndexProblem):  # logged where it was met; /readyz goes on saying so
        services.live_retriever.get()
    yield
    if services.wechat is not None:
        await services.wechat.platform.close()
    await services.rate_limits.close()
    with suppress(StateUnavailable):  # the counts of the last seconds
        services.database.answer_counts.write()
    services.database.close()

"""What operators and machines ask: alive, ready, metrics."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from chat_api.dependencies import RetrieverDep, ServicesDep
from chat_api.schema import Health, Ready

router = APIRouter(tags=["operations"])


@router.get("/healthz", operation_id="healthz", summary="进程是否活着")
def healthz() -> Health:
    """Say that the process is alive."""
    return Health()


@router.get("/readyz", operation_id="readyz", summary="能否回答问题")
def readyz(retriever: RetrieverDep) -> Ready:
    """Say that an index is open and verified; 503 with the reason otherwise."""
    return Ready(index_version=retriever.index.manifest.version, handbook_count=len(retriever.index.handbooks))


@router.get("/metrics", operation_id="metrics", summary="Prometheus 指标", response_class=Response)
def metrics(services: ServicesDep) -> Response:
    """Return all metrics in the Prometheus text format."""
    return Response(services.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

"""How the service is: whether it is ready, and what it has done."""

from concurrent.futures import Future

from fastapi import APIRouter
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from rag.adapters.http.line import Line
from rag.adapters.http.metrics import Metrics
from rag.adapters.http.problems import busy, problem
from rag.adapters.http.schemas import Health
from rag.adapters.http.service import as_json


class _PrometheusText(Response):
    media_type = CONTENT_TYPE_PLAIN_0_0_4


def operation(line: Line, metrics: Metrics, warmed: Future[bool]) -> APIRouter:
    """`warmed` is done when it is known whether questions can be answered."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", operation_id="health", response_model=Health)
    async def health() -> Response:
        """Whether questions can be answered now. Needs no token."""
        if line.closed:
            return busy("The server is stopping.")
        if not warmed.done():
            return busy("The model is loading.")
        if warmed.exception() or not warmed.result():
            return problem(503, "The archive cannot be used; the server's log says why.")
        return Response(as_json({"status": "ready"}), media_type="application/json")

    @router.get("/metrics", operation_id="metrics", response_class=_PrometheusText)
    async def read_metrics() -> Response:
        """Counts and times in Prometheus' text format."""
        return _PrometheusText(metrics.text())

    return router

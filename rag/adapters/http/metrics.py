"""What the API has done, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.adapters.http.line import Line

# a caller may send any method: labels are few
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REFUSALS = {401: "token", 403: "stranger", 413: "body", 429: "rate", 503: "busy"}
# from a refusal to a question that waited
_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counts of one door; several doors in a process do not mix."""

    def __init__(self, line: Line) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "pullquote_http_requests", "Requests, by the route's template", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "pullquote_http_request_seconds", "Seconds until the answer began", ["method", "route"], buckets=_SECONDS, registry=self._registry
        )
        self._refusals = Counter("pullquote_http_refusals", "Requests that were refused, and what for", ["reason"], registry=self._registry)
        Gauge("pullquote_line_running", "Calls of the archive that run", registry=self._registry).set_function(lambda: line.running)
        Gauge("pullquote_line_waiting", "Calls of the archive that wait", registry=self._registry).set_function(lambda: line.waiting)
        for reason in _REFUSALS.values():
            self._refusals.labels(reason)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)
        if reason := _REFUSALS.get(status):
            self._refusals.labels(reason).inc()

    def text(self) -> bytes:
        """All of them, in Prometheus' text format."""
        return generate_latest(self._registry)

"""The API over an archive: who is let in, and how often, before the routes are asked."""

import time
from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag import __version__
from rag.adapters.http.articles import articles
from rag.adapters.http.briefings import briefings
from rag.adapters.http.document import describe
from rag.adapters.http.limits import Limits
from rag.adapters.http.line import Line
from rag.adapters.http.metrics import Metrics
from rag.adapters.http.operation import operation
from rag.adapters.http.problems import ALL_TAKEN, busy, handle, problem
from rag.adapters.http.questions import questions
from rag.adapters.http.rate import Rate, Spent
from rag.adapters.http.service import Service
from rag.archive import Archive
from rag.serving.bearer_tokens import BearerTokens
from rag.serving.bounded_body import BoundedBody
from rag.serving.clients import home
from rag.serving.hosts import stranger
from rag.serving.warming import warm

HEALTH = "/healthz"
DOCUMENT = "/v1/openapi.json"
_WITHOUT_ARCHIVE = (HEALTH, "/metrics", DOCUMENT)


class Door:
    """The API as an ASGI app. `hosts` are the names in the header Host to answer to, as in `rag.serving.hosts`.

    The model loads behind it, from the start. `close` before the server goes:
    what waits is refused, what runs is answered.
    """

    def __init__(self, archive: Archive, *, hosts: Sequence[str] = (), tokens: BearerTokens | None = None, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._hosts = tuple(hosts)
        self._tokens = tokens
        self._rate = Rate(limits.rate) if limits.rate else None
        self._line = Line(limits.at_once, limits.waiting)
        self._metrics = Metrics(self._line)
        warmed = self._line.enter(lambda: warm(archive))
        service = Service(archive, self._line)
        routers = questions(service), articles(service), briefings(service), operation(self._line, self._metrics, warmed)
        self._app: ASGIApp = BoundedBody(_app(routers, guarded=tokens is not None), limits.body_bytes)

    @staticmethod
    def has(path: str) -> bool:
        """Whether an address on a port that is shared with others is the API's."""
        return path in _WITHOUT_ARCHIVE or path == "/v1" or path.startswith("/v1/")

    def close(self) -> None:
        self._line.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        refusal, spent = self._judged(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(raw=message["headers"]), spent)
                route = getattr(scope.get("route"), "path", "none")
                self._metrics.count(scope["method"], route, message["status"], time.perf_counter() - started)
            await send(message)

        await (refusal or self._app)(scope, receive, sent)

    def _judged(self, scope: Scope) -> tuple[Response | None, Spent | None]:
        """Why a request is refused, if it is, and what it leaves of its client's rate."""
        if reason := stranger(scope["headers"], self._hosts):
            return problem(403, reason), None
        if scope["path"] == HEALTH:
            return None, None
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        # of two, a proxy in front may have looked at the other one
        token = self._tokens.number(given[0]) if self._tokens and len(given) == 1 else None
        client = f"token {token}" if token is not None else home((scope.get("client") or ("unknown", 0))[0])
        spent = self._rate.spend(client) if self._rate else None
        if spent and not spent.allowed:
            return problem(429, "These are too many requests in a minute; try again later.", headers={"Retry-After": str(spent.seconds)}), spent
        if self._tokens and token is None:
            challenge = 'Bearer realm="pullquote"' + (', error="invalid_token"' if any(given) else "")
            return problem(401, "This needs a token: Authorization: Bearer TOKEN.", headers={"WWW-Authenticate": challenge}), spent
        # most refusals of a crowd are made here, where they cost least; who comes between is refused by the line itself
        if self._line.full and scope["path"] not in _WITHOUT_ARCHIVE:
            return busy(ALL_TAKEN), spent
        return None, spent

    def _add_headers(self, headers: MutableHeaders, spent: Spent | None) -> None:
        # articles' words are data: no browser makes a page of them, and no cache keeps what a token was needed for
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cache-Control"] = "no-store"
        if spent and self._rate:
            # draft-ietf-httpapi-ratelimit-headers
            headers["RateLimit-Policy"] = self._rate.policy
            headers["RateLimit"] = f'"requests";r={spent.left};t={spent.seconds}'


def _app(routers: Sequence[APIRouter], *, guarded: bool) -> FastAPI:
    # its pages of documentation would load scripts from another host
    app = FastAPI(title="Pullquote", version=__version__, openapi_url=DOCUMENT, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in routers:
        app.include_router(router)
    handle(app)
    describe(app, guarded=guarded)
    return app

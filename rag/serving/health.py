"""Addresses at which whoever looks after a server learns whether it runs and whether it can answer: without a login, under any name.

They say nothing of what the archive holds, and are there for proxies and schedulers, which know a server by its
number. `/healthz` is the API's where there is one, and is as `/livez` where there is none.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import PlainTextResponse, Response

from rag.serving.clients import App, Receive, Scope, Send

LIVE, READY, HEALTH = "/livez", "/readyz", "/healthz"
_UNKEPT = {"cache-control": "no-store"}


class Health:
    """An ASGI middleware; `missing` says what keeps the server from answering, empty where nothing does."""

    def __init__(self, app: App, missing: Callable[[], Awaitable[str]]) -> None:
        self._app = app
        self._missing = missing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in (LIVE, READY, HEALTH):
            await self._app(scope, receive, send)
            return
        await (await self._answer(scope))(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("This is only read.\n", 405, {**_UNKEPT, "allow": "GET, HEAD"})
        missing = await self._missing() if scope["path"] == READY else ""
        if missing:
            return PlainTextResponse(f"not ready: {missing}\n", 503, _UNKEPT)
        return PlainTextResponse("ready\n" if scope["path"] == READY else "alive\n", headers=_UNKEPT)

"""The server: one process and one port for the page and what is beside it."""

import socket
import sys
from typing import Protocol

import uvicorn

from rag.serving.clients import App, Receive, Scope, Send
from rag.serving.doorway import configured

# how long a thread that computes may keep the others from Python, in seconds; every read and write of the server's own thread
# waits so long for each of them, which with Python's 0.005 made refusing cost tens of milliseconds
_SWITCH_SECONDS = 0.0005


class Beside(Protocol):
    """An ASGI app that answers some of the addresses on the page's port."""

    def has(self, path: str) -> bool:
        """Whether an address is its own."""
        ...

    def close(self) -> None:
        """Takes on nothing more; called before the server waits for what runs."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Shared:
    """The page and what is beside it as one ASGI app."""

    def __init__(self, page: App, beside: Beside) -> None:
        self._page = page
        self._beside = beside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_beside = scope["type"] == "http" and self._beside.has(scope["path"])
        await (self._beside if is_beside else self._page)(scope, receive, send)


def run(page: App, opened: socket.socket, beside: Beside | None = None, *, proxies: tuple[str, ...] = ()) -> None:
    """Serves until the process is interrupted (KeyboardInterrupt) or told to end (SystemExit); what runs then is finished within seconds."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = Shared(page, beside) if beside else page
    _Server(configured(app, proxies), beside).run(sockets=[opened])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, beside: Beside | None) -> None:
        super().__init__(config)
        self._beside = beside

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beside:
            self._beside.close()
        await super().shutdown(sockets)

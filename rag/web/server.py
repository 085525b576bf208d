"""The server: one process and one port for the page and what is beside it."""

import socket
import sys
from typing import Protocol

import uvicorn

from rag.web.gate import App, Receive, Scope, Send

# how long a thread that computes may keep the others from Python, in seconds; every read and write of the server's own thread
# waits so long for each of them, which with Python's 0.005 made refusing cost tens of milliseconds
_SWITCH_SECONDS = 0.0005
# how long what runs may take to finish when the server is told to end; a page's own stream never finishes
_GRACE_SECONDS = 5
# a question may have 10,000 characters, which in an address are twelve bytes each; uvicorn by itself hangs up on such
_MOST_HEAD = 256 * 1024


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


def run(page: App, opened: socket.socket, beside: Beside | None = None) -> None:
    """Serves until the process is interrupted (KeyboardInterrupt) or told to end (SystemExit); what runs then is finished within seconds."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = Shared(page, beside) if beside else page
    _Server(configured(app), beside).run(sockets=[opened])


def configured(app: App) -> uvicorn.Config:
    """How the server runs an app."""
    return uvicorn.Config(
        app,
        # what it logs goes through the program's own log, which a terminal can be given
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=_MOST_HEAD,
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, beside: Beside | None) -> None:
        super().__init__(config)
        self._beside = beside

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._beside:
            self._beside.close()
        await super().shutdown(sockets)

"""Opens the door: on standard input and output to the program that started it, or over HTTP (the protocol's "streamable HTTP")."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Never

import uvicorn
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.adapters.mcp.tools import door
from rag.adapters.mcp.verifier import Verifier
from rag.archive import Archive
from rag.render import printable
from rag.serving.bearer_tokens import BearerTokens
from rag.serving.doorway import configured
from rag.serving.ending import end_when_told
from rag.serving.hosts import THIS_MACHINE
from rag.serving.listening import listening, shown
from rag.serving.warming import warming

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_BODY = 256 * 1024


def serve_stdio(index: str) -> None:
    """Answers on standard output what comes in on standard input, until its end.

    Nothing else goes there: the SDK sends what is printed to standard error.
    """
    signal.signal(signal.SIGINT, _leave)
    with _warmed(index) as archive:
        door(archive).run("stdio")


def serve_http(index: str, host: str, port: int, *, allowed: Sequence[str] = (), token_file: str = "") -> None:
    """Answers at http://host:port/mcp until it is interrupted or told to end; port 0 takes a free one.

    `allowed` are the names beside this machine's own under which it may be called.
    Raises InputError where the address is taken or the tokens cannot be read.
    """
    tokens = BearerTokens.read(token_file) if token_file else None
    end_when_told()
    with listening(host, port) as listener, _warmed(index) as archive:
        port = listener.getsockname()[1]
        if host not in THIS_MACHINE:
            _warn(host, allowed, open_to_all=tokens is None)
        print(f"Pullquote's MCP door is at http://{shown(host, port)}{PATH} (Ctrl-C ends it)", flush=True)
        http_server(archive, port, allowed, tokens).run(sockets=[listener])


def http_server(archive: Archive, port: int, allowed: Sequence[str] = (), tokens: BearerTokens | None = None) -> uvicorn.Server:
    """A server, not yet running, of `http_app`."""
    return uvicorn.Server(configured(http_app(archive, port, allowed, tokens)))


def http_app(archive: Archive, port: int, allowed: Sequence[str] = (), tokens: BearerTokens | None = None) -> ASGIApp:
    """The ASGI application; `port` is the one that callers name in their Host header.

    Each request stands alone: no session is kept, so there is none to exhaust, to
    steal or to time out. Host and Origin are always checked.
    """
    # the SDK asks for an issuer, which tokens from a file have not; as there is no resource URL either, it tells nobody
    auth = AuthSettings(issuer_url=AnyHttpUrl(f"http://127.0.0.1:{port}"), resource_server_url=None) if tokens else None
    hosts = _hosts(port, allowed)
    return _posts_only(
        door(archive, verifier=Verifier(tokens) if tokens else None, auth=auth).streamable_http_app(
            streamable_http_path=PATH,
            json_response=True,
            stateless_http=True,
            max_request_body_size=_MOST_BODY,
            transport_security=TransportSecuritySettings(
                allowed_hosts=hosts, allowed_origins=[f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
            ),
        )
    )


def _hosts(port: int, allowed: Sequence[str]) -> list[str]:
    """The Host headers to answer to: this machine's names with the port; others with it, without any, or with the one that they were given with."""
    named = [host for name in allowed for host in ((name,) if _has_port(name) else (name, f"{name}:{port}"))]
    return [*(f"{name}:{port}" for name in _LOOPBACK), *named]


def _has_port(name: str) -> bool:
    return name.rpartition(":")[2].isdigit() and not name.endswith("]")


def _posts_only(app: ASGIApp) -> ASGIApp:
    """Answers 405 to all but POST: a GET would hold a stream open on which nothing is ever sent."""

    async def gate(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
        else:
            await app(scope, receive, send)

    return gate


@contextmanager
def _warmed(index: str) -> Iterator[Archive]:
    """The archive, whose model loads while callers introduce themselves."""
    with Archive.open(index) as archive, warming(archive):
        yield archive


def _warn(host: str, allowed: Sequence[str], *, open_to_all: bool) -> None:
    who = "everybody who reaches it: there is no token (--token-file sets some)" if open_to_all else "whoever has a token"
    names = f"the names {', '.join(allowed)}" if allowed else "this machine's own names only (--allow-host adds others)"
    print(
        printable(f"WARNING: {host} is not only this machine's. The archive is open to other machines, for {who}, under {names}."),
        file=sys.stderr,
        flush=True,
    )


def _leave(number: int, frame: object) -> Never:  # noqa: ARG001
    # the SDK waits for its next line in a thread that nothing wakes; the door only reads, so nothing is lost
    os.write(2, b"pullquote: interrupted\n")
    os._exit(128 + number)

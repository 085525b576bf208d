"""Each person's steps by themselves.

A browser chooses the name of its Gradio session itself, in each step that it
sends and for the stream that it then listens to. Who named another person's would
see and go on with what that person does: so a person's sessions have a name here that begins
with what only that person's logins have. Gradio keeps the names of two thousand sessions, so a long one is refused.
"""

import json
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse

from rag.serving.clients import App, Receive, Scope, Send
from rag.serving.sessions import Session

_JOIN, _STREAM = "/gradio_api/queue/join", "/gradio_api/queue/data"
_NAME = "session_hash"
# the page's own have a dozen characters
_MOST_NAME = 64
_NO_STEP = "This is no step of the page."


def person(visitor: HTTPConnection) -> str | None:
    """The name under which a visitor has logged in; None where nobody has one."""
    login: Session | None = visitor.scope.get("login")
    return login.person.name if login else None


class OwnSteps:
    """An ASGI middleware, behind the Entrance where people log in by name."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path")
        if path not in (_STREAM, _JOIN):
            await self._app(scope, receive, send)
            return
        login: Session | None = scope.get("login")
        if path == _JOIN:
            await self._step(login, Request(scope, receive), send)
            return
        try:
            query = _own_stream(login, scope["query_string"])
        except ValueError:
            await PlainTextResponse(_NO_STEP, 422)(scope, receive, send)
        else:
            await self._app({**scope, "query_string": query}, receive, send)

    async def _step(self, login: Session | None, request: Request, send: Send) -> None:
        try:
            body = _own_step(login, await request.body())
        except HTTPException as error:
            await PlainTextResponse(error.detail, error.status_code)(request.scope, request.receive, send)
        except (ValueError, TypeError, LookupError, RecursionError):
            await PlainTextResponse(_NO_STEP, 422)(request.scope, request.receive, send)
        except ClientDisconnect:
            return
        else:
            headers = MutableHeaders(raw=list(request.scope["headers"]))
            headers["content-length"] = str(len(body))
            await self._app({**request.scope, "headers": headers.raw}, _once(body, request.receive), send)


def _own(login: Session | None, name: str) -> str:
    """Raises ValueError for a name that is too long."""
    if len(name) > _MOST_NAME:
        raise ValueError(_NAME)
    return f"{login.person.seal}-{name}" if login else name


def _own_stream(login: Session | None, query: bytes) -> bytes:
    fields = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(field, _own(login, value) if field == _NAME else value) for field, value in fields]).encode()


def _own_step(login: Session | None, body: bytes) -> bytes:
    """Raises ValueError, TypeError or KeyError for what names no session."""
    step = json.loads(body)
    if not isinstance(step[_NAME], str):
        raise TypeError(_NAME)
    return json.dumps({**step, _NAME: _own(login, step[_NAME])}).encode()


def _once(body: bytes, receive: Receive) -> Receive:
    """Receives this body, and after it what comes then."""
    bodies = [body]

    async def received() -> Scope:
        return {"type": "http.request", "body": bodies.pop(), "more_body": False} if bodies else await receive()

    return received

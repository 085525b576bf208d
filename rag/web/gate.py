"""Lets in what the page itself sends, and nothing that another site in the visitor's browser, or a curious visitor, would.

Gradio answers many more addresses than the page uses: it serves files by path
and address, fetches addresses for whoever asks, and ends other visitors' steps.
What the page uses is listed here; all else is not there.
"""

import re
from collections.abc import Callable

from starlette.requests import HTTPConnection

from rag.serving.bounded_body import BoundedBody
from rag.serving.clients import App, Receive, Scope, Send
from rag.serving.hosts import stranger

# what a browser loads before anybody has logged in
_OPEN = re.compile(r"(?:GET|HEAD) /(?:theme\.css|favicon\.ico|manifest\.json|assets/[\w.-]+|static/(?:[\w-]+/)*[\w.-]+)?|POST /login")
# where people log in and out by name
_ENTRANCE = re.compile(r"(?:GET|HEAD|POST) /login|POST /logout")
_STEPS = re.compile(r"GET /gradio_api/(?:app_id|queue/data)|POST /gradio_api/queue/join")
# of a step: of the longest, 200 uploaded files with the longest names, are a third of it
_MOST_BODY = 1024 * 1024
# an article, a page of its file, the file, and a briefing
_BESIDE = re.compile(r"(?:GET|HEAD) /(?:article|briefing|page|page\.png|original)")
_UPLOADS = re.compile(r"POST /gradio_api/upload|GET /gradio_api/upload_progress")


class Gate:
    """An ASGI middleware.

    `hosts` are the Host headers to answer to, without ports; empty answers to any.
    `known` says whether a visitor has logged in, where that is asked for here and not by an Entrance (`people`).
    """

    def __init__(
        self, app: App, hosts: tuple[str, ...], *, uploads: bool, people: bool = False, known: Callable[[HTTPConnection], bool] = lambda _: True
    ) -> None:
        self._app = app
        # files have bounds of their own
        self._bounded = BoundedBody(app, _MOST_BODY)
        self._hosts = hosts
        self._uploads = uploads
        self._people = people
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if not refusal:
            await (self._app if scope.get("path") == "/gradio_api/upload" else self._bounded)(scope, receive, send)
            return
        status, reason = refusal
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
        await send({"type": "http.response.body", "body": reason.encode()})

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if reason := stranger(scope["headers"], self._hosts):
            return 403, reason
        asked = f"{scope['method']} {scope['path']}"
        if _OPEN.fullmatch(asked) or (self._people and _ENTRANCE.fullmatch(asked)):
            return None
        if not (_STEPS.fullmatch(asked) or _BESIDE.fullmatch(asked) or (self._uploads and _UPLOADS.fullmatch(asked))):
            return 404, "There is nothing here."
        return None if self._known(HTTPConnection(scope)) else (401, "Log in first.")

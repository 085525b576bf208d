"""Lets in what the page itself sends, and nothing that another site in the visitor's browser, or a curious visitor, would.

Gradio serves files by path and address, and fetches addresses for whoever
asks. The page needs neither: its files are made in the browser.
"""

import re

from rag.clients import App, Receive, Scope, Send
from rag.hosts import stranger

_NEVER = re.compile(r"/(?:file|proxy)=|/file/|/stream/", re.IGNORECASE)
_UPLOAD = re.compile(r"/upload/?$", re.IGNORECASE)


class Gate:
    """An ASGI middleware. `hosts` are the Host headers to answer to, without ports; empty answers to any."""

    def __init__(self, app: App, hosts: tuple[str, ...], *, uploads: bool) -> None:
        self._app = app
        self._hosts = hosts
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = self._refusal(scope) if scope["type"] in ("http", "websocket") else ""
        if not reason:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
            await send({"type": "http.response.body", "body": reason.encode()})
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> str:
        if reason := stranger(scope["headers"], self._hosts):
            return reason
        if _NEVER.search(scope["path"]) or (_UPLOAD.search(scope["path"]) and not self._uploads):
            return "This page gives no files and takes none here."
        return ""

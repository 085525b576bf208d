"""What the page may load and run (Content Security Policy): its own files, and the scripts that Gradio writes into it, by their hashes.

Gradio needs two things that are allowed here and would better not be: 'unsafe-eval', since it makes
functions of a component's scripts and templates, and inline styles. An inline
script that is not Gradio's, an event handler in an attribute among them, does not run.
"""

import base64
import gzip
import hashlib
import re

from rag.serving.clients import App, Receive, Scope, Send
from rag.serving.safe_headers import POLICY

# the body of a script that is in the page itself; Gradio writes "<" within one as an escape
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_REST = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
)


class Policy:
    """An ASGI middleware that gives the page its policy, and packs it. What else is answered has no need of one of its own, and comes packed."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/":
            await self._app(scope, receive, send)
            return
        start: Scope = {}
        body = bytearray()

        async def collected(message: Scope) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                head = [header for header in start["headers"] if header[0].lower() != b"content-length"]
                head.append((POLICY, policy(bytes(body)).encode()))
                sent = bytes(body)
                if packed:
                    # its parts have the same scripts, which so come once
                    sent = gzip.compress(sent, mtime=0)
                    head += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
                await send({**start, "headers": [*head, (b"content-length", str(len(sent)).encode())]})
                await send({"type": "http.response.body", "body": sent})

        # read as it is, and so not compressed
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        packed = any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"]) and scope["method"] == "GET"
        await self._app({**scope, "headers": headers}, receive, collected)


def policy(page: bytes) -> str:
    """The policy of a page with these bytes."""
    return f"script-src 'self' 'unsafe-eval' {' '.join(map(hashed, _INLINE.findall(page)))}; {_REST}"


def hashed(inline: bytes) -> str:
    """How a policy names a script or a style that stands in a page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline).digest()).decode()}'"

"""A bound on what is read of a request's body, whatever its headers say."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BoundedBody:
    """An ASGI middleware: reading more than `most` bytes of a body raises an HTTPException, 413, in the reader."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._most

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"The request's body has more than {self._most:,} bytes.")
            return message

        await self._app(scope, bounded if scope["type"] == "http" else receive, send)

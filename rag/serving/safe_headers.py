"""What every answer of every server tells a browser: it is no page to frame, no script, and no reason to say where its reader came from."""

from rag.serving.clients import App, Receive, Scope, Send

POLICY = b"content-security-policy"
_HEADERS = {
    # an answer that is a page says itself what it needs
    POLICY: b"default-src 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


class SafeHeaders:
    """An ASGI middleware that adds them to each answer that has not its own."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Scope) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", []))
                names = {name.lower() for name, _ in given}
                message = {**message, "headers": given + [header for header in _HEADERS.items() if header[0] not in names]}
            await send(message)

        await self._app(scope, receive, sent)

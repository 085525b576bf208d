"""Guesses at passwords: few a minute from one client, and fewer still at a name at which many clients guess."""

import math
import time
from collections.abc import Callable

from rag.serving.clients import App, Receive, Scope, Send, home

_MINUTE = 60
# wrong guesses a minute: of one client; of all together at one name, beyond which each has only one
MOST, MOST_OF_ALL = 5, 50


class Guesses:
    """The guesses of the last minute that were not right. Where there is one name to log in under, it need not be named."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: list[tuple[float, str, str]] = []

    def wait(self, client: str, name: str = "") -> int:
        """In how many seconds a client may guess the password of a name; if at once, 0, and it has guessed."""
        now = self._clock()
        self._made = [guess for guess in self._made if guess[0] > now - _MINUTE]
        own = [at for at, who, _ in self._made if who == client]
        allowed = 1 if sum(1 for _, _, whose in self._made if whose == name) >= MOST_OF_ALL else MOST
        if len(own) >= allowed:
            return max(1, math.ceil(own[-allowed] + _MINUTE - now))
        self._made.append((now, client, name))
        return 0

    def right(self, client: str, name: str = "") -> None:
        """A client guessed right: its guesses at that name are forgotten, and at no other, or whoever has a password could guess on at another's."""
        self._made = [guess for guess in self._made if guess[1:] != (client, name)]


class Login:
    """An ASGI middleware that answers 429 to a client that guesses too often. A guess counts from when it begins, so that many at once are many."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._guesses = Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/login":
            await self._app(scope, receive, send)
            return
        client = home((scope.get("client") or ("unknown", 0))[0])
        if seconds := self._guesses.wait(client):
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", str(seconds).encode())]
            await send({"type": "http.response.start", "status": 429, "headers": headers})
            await send({"type": "http.response.body", "body": too_many(seconds).encode()})
            return

        async def sent(message: Scope) -> None:
            if message.get("status") == 200:
                self._guesses.right(client)
            await send(message)

        await self._app(scope, receive, sent)


def too_many(seconds: int) -> str:
    """What a client is told that may guess in so many seconds."""
    return f"These were too many wrong passwords; try again in {seconds} seconds."

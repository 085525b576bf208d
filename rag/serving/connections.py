"""Connections to a server of this program: how long each may keep it waiting, and how many there are.

A connection that has not sent a whole request costs its opener nothing, and a
thousand of them must not keep others out. So a request has to come in time, and
where too many connections are open, the one that has kept the server waiting
longest is closed for the newest. A request that came whole is always answered:
an answer, or a stream of events, takes as long as it takes, as long as its
reader takes it.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.serving.clients import home

# to the end of a request's head from the connection's beginning, or from the end of its last answer
HEAD_SECONDS = 10
# to the end of its body, and how fast a long one has to come beyond them
BODY_SECONDS = 30
BODY_BYTES_A_SECOND = 50_000
# how long a reader may take nothing of an answer
ANSWER_SECONDS = 30
MOST = 400
# of one client; less than all, so that others find room where one asks as much as it can
MOST_OF_ONE = 200
_SECONDS: dict[object, int] = {h11.IDLE: HEAD_SECONDS, h11.SEND_BODY: BODY_SECONDS}


class Bounded(H11Protocol):
    """uvicorn's connection, with these bounds. A proxy that is trusted has many clients, and as many connections as there are."""

    # what of a request is waited for, if anything, and since when; of a body that keeps up its rate, since just now
    awaited: object = None
    since = 0.0
    _clock: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.home = home(self.client[0] if self.client else "")
        self._look()
        # after what was sent with the connection is read: among many that come at once a whole request is not closed unread
        self.loop.call_later(0, self._make_room)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._clock, self._unread):
            if timer:
                timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self.awaited is h11.SEND_BODY:
            self.since = min(self.loop.time(), self.since + len(data) / BODY_BYTES_A_SECOND)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(ANSWER_SECONDS, self.close)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()
            self._unread = None

    def _look(self) -> None:
        """Sets the clock anew where another part of a request is waited for than before."""
        state = self.conn.their_state
        awaited = state if state in _SECONDS else None
        if awaited is self.awaited:
            return
        self.awaited, self.since = awaited, self.loop.time()
        if self._clock:
            self._clock.cancel()
        self._clock = self.loop.call_later(_SECONDS[awaited], self._due) if awaited else None

    def _due(self) -> None:
        left = self.since + _SECONDS[self.awaited] - self.loop.time()
        if left > 0:
            self._clock = self.loop.call_later(left, self._due)
        else:
            self.close()

    def _make_room(self) -> None:
        """Closes a connection where there are too many: of those that are waited for the first, this one among them."""
        everybody: set[Bounded] = self.connections  # type: ignore[assignment]
        mine = [one for one in everybody if one.home == self.home]
        if len(everybody) > MOST:
            crowd = list(everybody)
        elif len(mine) > MOST_OF_ONE and not self._is_proxy():
            crowd = mine
        else:
            return
        waited_for = [one for one in crowd if one.awaited]
        min(waited_for, key=lambda one: one.since, default=self).close()

    def _is_proxy(self) -> bool:
        return self.client is not None and self.client[0] in self.config.forwarded_allow_ips

    def close(self) -> None:
        """Ends it now, in the middle of whatever it is."""
        self.connections.discard(self)
        # what it was sent and does not take would keep it open
        self.transport.abort()

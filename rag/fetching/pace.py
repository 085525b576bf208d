"""How often a host is asked."""

from math import inf

from rag.fetching.clock import Clock

SECONDS_APART = 1.0


class Pace:
    """Keeps the requests to each host a second apart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Returns when the host may be asked, and counts from then."""
        early = self._last.get(host, -inf) + SECONDS_APART - self._clock.now()
        if early > 0:
            self._clock.sleep(early)
        self._last[host] = self._clock.now()

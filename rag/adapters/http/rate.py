"""How many requests a minute one client may send, in a sliding window (`limits`)."""

import math
import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


@dataclass(frozen=True, slots=True)
class Spent:
    """Whether a request is within the rate, what is left of it, and in how many seconds it is whole again."""

    allowed: bool
    left: int
    seconds: int


class Rate:
    """At most `a_minute` requests a minute from each client."""

    def __init__(self, a_minute: int) -> None:
        self._item = RateLimitItemPerMinute(a_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.policy = f'"requests";q={a_minute};w=60'

    def spend(self, client: str) -> Spent:
        allowed = self._limiter.hit(self._item, client)
        whole_again, left = self._limiter.get_window_stats(self._item, client)
        return Spent(allowed, left, max(1, math.ceil(whole_again - time.time())))

"""How many requests a minute one client may send, in a sliding window (`limits`)."""

import math
import time
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

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


def home(address: str) -> str:
    """Whose address it is: in IPv6 one client has the 2**64 addresses of its network (RFC 4291, 2.5.1)."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((known, 64), strict=False))

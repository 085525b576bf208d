"""How slow this machine is, for bounds in seconds of processor time."""

import time
from functools import cache

# what the work below takes where such bounds were set
_SECONDS = 0.17


@cache
def slowness():
    """How many times as long the same work takes here; 1 at least."""
    started = time.process_time()
    sum(len(str(number)) for number in range(1_000_000))
    return max(1.0, (time.process_time() - started) / _SECONDS)

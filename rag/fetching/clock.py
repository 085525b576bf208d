"""Time as a fetch has it: seconds that only go forward, and a moment at which it has to be done."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the seconds, from any beginning, and waits for some."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Deadline:
    """The end of some seconds from now on."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._end = clock.now() + seconds

    def within(self, seconds: float | None) -> float:
        """So many seconds, or as many as are left where that is less. Raises TimeoutError where none is left."""
        left = self._end - self._clock.now()
        if left <= 0:
            raise TimeoutError
        return left if seconds is None else min(seconds, left)

"""Bounds in seconds of processor time: what is in proportion to a text's length keeps them on any machine, what is to its square on none."""

import gc
import time
from contextlib import contextmanager
from functools import cache

# what the work below takes where such bounds were set
_SECONDS = 0.17


@cache
def slowness():
    """How many times as long the same work takes here; 1 at least."""
    started = time.process_time()
    sum(len(str(number)) for number in range(1_000_000))
    return max(1.0, (time.process_time() - started) / _SECONDS)


@contextmanager
def within(seconds):
    """What is done takes no longer, or as much longer as this machine is slower; what other tests left is not looked through for garbage."""
    gc.disable()
    started = time.process_time()
    try:
        yield
    finally:
        gc.enable()
    assert time.process_time() - started < seconds * slowness()

"""The archive's calls, a few at a time in threads of their own, and a bounded line of those that wait."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class Full(Exception):
    """All places are taken."""


class Closed(Exception):
    """Nothing is taken on any more."""


class Line:
    """At most `at_once` calls run and `waiting` wait, first come, first served. Safe to share between threads."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most = at_once + waiting
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="api")
        self._lock = threading.Lock()
        self._inside: set[Future[Any]] = set()
        self._closed = False

    def enter(self, work: Callable[[], T]) -> Future[T]:
        """Takes a place until `work` is done; a call that still waits gives it up when its future is cancelled. Raises Full and Closed."""
        with self._lock:
            if self._closed:
                raise Closed
            if self.full:
                raise Full
            future = self._pool.submit(work)
            self._inside.add(future)
        # called in this thread where it is done already, so not while the lock is held
        future.add_done_callback(self._leave)
        return future

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def full(self) -> bool:
        return len(self._inside) >= self._most

    @property
    def running(self) -> int:
        return min(len(self._inside), self._at_once)

    @property
    def waiting(self) -> int:
        return max(0, len(self._inside) - self._at_once)

    def close(self) -> None:
        """What runs goes on, what waits is cancelled, and nothing more is taken on."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, future: Future[Any]) -> None:
        with self._lock:
            self._inside.discard(future)

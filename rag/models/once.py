"""What takes long to make, and is made when it is first needed."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Makes it for the first thread that asks, while others wait; where that fails, whoever asks next tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None

    def __call__(self) -> T:
        """What was made. Raises what making it raises."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

"""Where one visitor sits: the desk between the steps that reach it, one step at a time."""

import threading
from collections.abc import Callable
from typing import Self

from rag.web.desk import Desk


class Seat:
    """Gradio copies the page's own seat for every visitor, which gives a new one.

    It is kept by the server and changed in place: a step that takes long (files
    to add, a slow question) does not bring back what others have changed since.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._desk = Desk()
        self._taken = False

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return type(self)()

    @property
    def taken(self) -> bool:
        """Whether the visitor's page was opened at this seat; after a long absence the server gives a new one."""
        return self._taken

    def take(self, desk: Desk) -> Desk:
        """The visitor sits down."""
        with self._lock:
            self._taken = True
            self._desk = desk
            return desk

    def step(self, change: Callable[[Desk], Desk]) -> tuple[Desk, Desk]:
        """Changes the desk; gives it as it was and as it is now."""
        with self._lock:
            before = self._desk
            self._desk = change(before)
            return before, self._desk

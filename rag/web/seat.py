"""Where one visitor sits: the desk between the steps that reach it, one step at a time, and from nobody else."""

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
        self._person: str | None = None
        # whether parts of the page could not be shown while the archive could not be used, and are to be at the next step
        self.owes = False

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return type(self)()

    def taken(self, person: str | None = None) -> bool:
        """Whether that visitor's page was opened at this seat; after a long absence the server gives a new one."""
        return self._taken and self._person == person

    def now(self, person: str | None = None) -> Desk:
        """The desk as it is now; to another person than the one who sits here an empty one."""
        return self._desk if self._person == person else Desk()

    def take(self, desk: Desk, person: str | None = None) -> Desk:
        """The visitor sits down, unless another person sits here."""
        with self._lock:
            if not self._taken or self._person == person:
                self._taken, self._person, self._desk = True, person, desk
            return desk

    def step(self, change: Callable[[Desk], Desk], person: str | None = None) -> tuple[Desk, Desk]:
        """Changes the desk; gives it as it was and as it is now. To another person than the one who sits here it is an empty one, which stays so."""
        with self._lock:
            if self._person != person:
                return Desk(), Desk()
            before = self._desk
            self._desk = change(before)
            return before, self._desk

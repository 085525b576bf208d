"""How fast adding goes, and how long the rest takes."""

import time
from collections import deque

from rag.adding.report import Stored
from rag.corpus.files import Position

# passages are told by the second over so many commits
_COMMITS = 20


class Pace:
    """Told of each position and each commit as they come. `at` is where reading is, None before the first file."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._commits = deque([(self._begun, 0)], maxlen=_COMMITS)
        self.at: Position | None = None

    def reading(self, at: Position) -> None:
        self.at = at

    def stored(self, so_far: Stored) -> None:
        self._commits.append((time.monotonic(), so_far.passages))

    @property
    def rate(self) -> float:
        """Passages a second of late, 0 while there are none."""
        (begun, before), (now, passages) = self._commits[0], self._commits[-1]
        return (passages - before) / (now - begun) if passages > before else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the bytes that are not read yet take, as long as those that are; None while nobody can say."""
        if self.at is None or not self.at.read:
            return None
        return (time.monotonic() - self._begun) * (self.at.bytes - self.at.read) / self.at.read

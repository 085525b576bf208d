"""What filters leave of a generation, counted once: of millions of articles each count takes seconds, and no generation changes."""

import threading
from collections.abc import Callable

from cachetools import LRUCache

from rag.store.shared.generations import Generation
from rag.types import Filters, Searched

_REMEMBERED = 1_024


class Counts:
    """Safe to share between threads.

    Two kinds are not remembered: that nothing is left, since then nothing is searched, and what was mended meanwhile would stay
    unfound; and what has some words, since it is looked up in Milvus, and an article that is lost shows there.
    """

    def __init__(self) -> None:
        self._known: LRUCache[tuple[str, Filters], Searched] = LRUCache(_REMEMBERED)
        self._lock = threading.Lock()

    def of(self, generation: Generation, filters: Filters, count: Callable[[Filters], Searched]) -> Searched:
        """What the filters leave of a generation, by `count` where it is not known."""
        with self._lock:
            known = self._known.get((generation.token, filters))
        if known is not None:
            return known
        found = count(filters)
        if found.passages and not filters.having:
            with self._lock:
                self._known[generation.token, filters] = found
        return found

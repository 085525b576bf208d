"""What filters leave of a generation, counted once: of millions of articles each count takes seconds, and no generation changes."""

import threading
from collections.abc import Callable

from cachetools import LRUCache

from rag.store.shared.generations import Generation
from rag.types import Filters, Searched

_REMEMBERED = 1_024


class Counts:
    """Safe to share between threads.

    Two counts are made at each question: one of nothing, since nothing is searched then, and whatever was damaged or mended
    meanwhile would go unseen; and one by words, since what has them is looked up in Milvus, where damage shows.
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

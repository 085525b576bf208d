"""The sentences of the articles that were looked at last: splitting a text again costs more than skimming it."""

import threading
from collections.abc import Sequence

from cachetools import LRUCache

from rag.english.sentences import sentences
from rag.types import Article, Span


class SentenceMemory:
    """Keeps at most `most` sentences in all, those used longest ago go first. Safe to share between threads."""

    def __init__(self, longest: int, most: int) -> None:
        self._longest = longest
        self._most = most
        self._lock = threading.Lock()
        self._kept: LRUCache[str, Sequence[Span]] = LRUCache(most, getsizeof=lambda spans: max(1, len(spans)))

    def of(self, article: Article) -> Sequence[Span]:
        """The article's sentences in order."""
        with self._lock:
            known = self._kept.get(article.sha256)
        if known is not None:
            return known
        found = sentences(article.text, self._longest)
        if len(found) <= self._most:
            with self._lock:
                self._kept[article.sha256] = found
        return found

"""Which articles were found to be near-copies of which: comparing two again costs more than a question's other steps."""

import hashlib
import threading
from collections.abc import Iterable, Mapping
from functools import cached_property

from cachetools import LRUCache

from rag.copies.own_words import likeness, own_text
from rag.types import Article
from rag.values import Wording

# some 300 bytes each
_MOST = 20_000


class CopyMemory:
    """Keeps what was found of the pairs of texts that were compared last. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: LRUCache[frozenset[bytes], bool] = LRUCache(_MOST)

    def copies(self, article: Article, others: Iterable[Article]) -> tuple[Article, ...]:
        """Those of the others that are near-copies of the article, in their order."""
        own = _Compared(article)
        return tuple(other for other in others if self._are_copies(own, _Compared(other)))

    def among(self, articles: Iterable[Article], alike: Mapping[str, Iterable[Article]]) -> dict[str, tuple[Article, ...]]:
        """The near-copies of each of the articles, by its id, among those that `alike` names as likely ones."""
        return {id: self.copies(article, alike.get(id, ())) for id, article in {article.id: article for article in articles}.items()}

    def _are_copies(self, a: "_Compared", b: "_Compared") -> bool:
        if a.digest == b.digest:
            return True
        pair = frozenset((a.digest, b.digest))
        with self._lock:
            known = self._known.get(pair)
        if known is None:
            known = likeness(a.wording, b.wording) > 0
            with self._lock:
                self._known[pair] = known
        return known


class _Compared:
    """An article's own words, read only when nobody knows yet."""

    def __init__(self, article: Article) -> None:
        self._text = own_text(article)

    @cached_property
    def digest(self) -> bytes:
        return hashlib.sha256(self._text.encode()).digest()

    @cached_property
    def wording(self) -> Wording:
        return Wording(self._text)

"""Articles that are encoded and committed together, cut into passages, and the documents that are at their end with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rag.adding.report import Fate
from rag.arrays import Vectors
from rag.store import Entry
from rag.types import Article, Kept, Passage

# a batch is full with this many passages, enough to keep every core busy, or with so many bytes of documents; two are in memory at a time
_PASSAGES = 256
_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cut:
    """An article, what becomes of it, and its passages; `before` has the vectors of the texts that were encoded of the one that it replaces."""

    fate: Fate
    article: Article
    passages: Sequence[Passage]
    before: Mapping[str, Vectors] = field(default_factory=dict)


class Batch:
    def __init__(self) -> None:
        self.cut: list[Cut] = []
        self.documents: list[Kept] = []
        self._passages = 0
        # by their SHA-256, since the rows of a table share theirs
        self._bytes: dict[str, int] = {}

    def add(self, cut: Cut) -> None:
        self.cut.append(cut)
        self._passages += len(cut.passages)
        if original := cut.article.original:
            self._bytes[original.sha256] = len(original.data or b"")

    @property
    def is_full(self) -> bool:
        return self._passages >= _PASSAGES or self.bytes >= _BYTES

    @property
    def bytes(self) -> int:
        """Of the documents that its articles were read from."""
        return sum(self._bytes.values())

    def texts(self) -> list[str]:
        """What is encoded, passage by passage."""
        return [passage.indexed_text for cut in self.cut for passage in cut.passages]

    def before(self) -> dict[str, Vectors]:
        """The vectors of texts that were encoded before, float32 [dimension]."""
        return {text: vector for cut in self.cut for text, vector in cut.before.items()}

    def entries(self, vectors: Vectors) -> list[Entry]:
        """The articles with the vectors of their `texts`."""
        entries, start, arrived = [], 0, datetime.now(UTC)
        for cut in self.cut:
            stop = start + len(cut.passages)
            entries.append(Entry(cut.article, [passage.span for passage in cut.passages], vectors[start:stop], arrived))
            start = stop
        return entries

"""Workers for adding: they read documents, cut articles into passages and encode these, while one process takes what comes and writes it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from cachetools import LRUCache

from rag.arrays import STORED, Vectors
from rag.corpus.ahead import Most
from rag.corpus.jsonl import Row
from rag.corpus.whole import Read, Source
from rag.passages import passages
from rag.settings import Settings
from rag.types import Article, Identity, Passage, Span
from rag.workers import work
from rag.workers.cluster import Cluster, Promise

Item = TypeVar("Item")

# for each processor: documents or bundles of rows, and batches, that are under way at once, so that it never waits for the next
_DOCUMENTS, _BATCHES = 4, 2
# of documents that are being read, all together
_BYTES = 128 * 1024 * 1024
# of so many articles the passages are remembered until they are asked for
_CUT = 20_000


class Workers:
    """Connects to a Ray cluster at `ray://HOST:PORT`, or starts one of so many processes on this machine: `local:8`.

    For use by one thread, as a context; `settings` are the archive's.
    What is read and encoded there is what would be here. What goes to a worker and
    what comes back are plain values, but Ray itself can run anything that one of
    its machines tells another: connect to machines that are trusted, in a network that is.
    Raises InputError for an address that is none, MissingExtra without Ray, and WorkersError where nobody answers or versions differ.
    """

    def __init__(self, address: str, settings: Settings | None = None) -> None:
        self._settings = settings or Settings.from_environment()
        self._cluster = Cluster(address)
        self.processors = self._cluster.processors
        self.most = Most(_DOCUMENTS * self.processors, _BYTES)
        self.batches = _BATCHES * self.processors
        # by the SHA-256 of the text that is cut
        self._cut: LRUCache[str, Sequence[Span]] = LRUCache(_CUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._cluster.close()

    def read(self, data: bytes, source: Source, columns: Mapping[str, str]) -> Callable[[], Iterable[Read]]:
        """Begins to read a document. What it gives waits for it, and raises WorkersError where all workers are lost."""
        promise = self._cluster.submit(f"reading {source.origin}", work.read, data, source, self._settings, _sorted(columns))
        return lambda: [self._remembered(work.with_bytes(item, data), spans) for item, spans in promise.result()]

    def rows(self, lines: Sequence[bytes], origin: str, columns: Mapping[str, str]) -> Callable[[], Sequence[Row]]:
        """Begins to read rows of the file at `origin`, as `read` does a document."""
        promise = self._cluster.submit(f"reading rows of {origin}", work.read_rows, lines, origin, self._settings, _sorted(columns))

        def rows() -> Sequence[Row]:
            read = promise.result()
            for row, spans in read:
                self._remembered(row.read, spans)
            return [row for row, _ in read]

        return rows

    def encode(self, texts: Sequence[str], identity: Identity) -> "_Promised":
        """Begins to encode texts. The result raises WorkersError where a worker's model has another identity, and names that worker."""
        return _Promised(self._cluster.submit(f"encoding {len(texts)} passages", work.encode, texts, self._settings, identity), len(texts))

    def passages(self, article: Article, settings: Settings) -> Sequence[Passage]:
        """The article's passages, as they were cut with it."""
        spans = self._cut.pop(article.sha256, None) if settings == self._settings else None
        return passages(article, settings) if spans is None else [Passage(article, span) for span in spans]

    def _remembered(self, item: Item, spans: Sequence[Span]) -> Item:
        if isinstance(item, Article):
            self._cut[item.sha256] = spans
        return item


@dataclass(frozen=True, slots=True)
class _Promised:
    """The vectors of so many texts, as stored [texts, dimension]."""

    promise: Promise[bytes]
    texts: int

    def done(self) -> bool:
        return self.promise.done()

    def result(self) -> Vectors:
        return np.frombuffer(self.promise.result(), dtype=STORED).reshape(self.texts, -1).astype(np.float32)


def _sorted(columns: Mapping[str, str]) -> work.Columns:
    return tuple(sorted(columns.items()))

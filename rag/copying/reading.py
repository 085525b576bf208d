"""What is read of the source: articles and earlier texts with the bytes of their documents, some at a time; what is damaged is named."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rag.copying.report import Flaw
from rag.errors import ArchiveDamaged
from rag.store import Earlier, Entry, Store
from rag.types import Article, Edition

# what is committed together: so many passages or earlier texts, or so many bytes of texts and documents
_TOGETHER = 512
_BYTES = 32 * 1024 * 1024
DAMAGED = "is not what was stored in the source"
_LOST = "is copied without the file that it was read from, which is not what was stored in the source"


class Reading:
    """Each document's bytes are read once, for the first article or earlier text that names it."""

    def __init__(self, source: Store) -> None:
        self._source = source
        self._sent: set[str] = set()
        # each once, however often it is read
        self.flaws: dict[tuple[str, str], Flaw] = {}

    def entries(self, ids: Iterable[str]) -> Iterator[list[Entry]]:
        """Those of the articles that are there and are what was stored, in batches."""
        batch: list[Entry] = []
        passages = size = 0
        for id in ids:
            entry = self._entry(id)
            if entry is None:
                continue
            batch.append(entry)
            passages, size = passages + len(entry.spans), size + _bytes(entry.article)
            if passages >= _TOGETHER or size >= _BYTES:
                yield batch
                batch, passages, size = [], 0, 0
        if batch:
            yield batch

    def editions(self, earlier: Iterable[Earlier]) -> Iterator[list[Edition]]:
        """The same of earlier texts."""
        batch: list[Edition] = []
        size = 0
        for one in earlier:
            edition = self._edition(one)
            if edition is None:
                continue
            batch.append(edition)
            size += _bytes(edition.article)
            if len(batch) >= _TOGETHER or size >= _BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def tell(self, kind: str, name: str, reason: str) -> None:
        self.flaws[kind, name] = Flaw(kind, name, reason)

    def _entry(self, id: str) -> Entry | None:
        try:
            entry = self._source.entry(id)
        except ArchiveDamaged:
            self.tell("article", id, DAMAGED)
            return None
        return entry and replace(entry, article=self._with_bytes(entry.article, "article", id))

    def _edition(self, earlier: Earlier) -> Edition | None:
        name = edition_name(earlier)
        try:
            edition = self._source.edition(earlier.id, earlier.sha256)
        except ArchiveDamaged:
            self.tell("earlier text", name, DAMAGED)
            return None
        return edition and replace(edition, article=self._with_bytes(edition.article, "earlier text", name))

    def _with_bytes(self, article: Article, kind: str, name: str) -> Article:
        """The article with the bytes of its document, unless they were sent with another; without its document where that is damaged."""
        original = article.original
        if original is None or original.sha256 in self._sent:
            return article
        try:
            data = self._source.original_bytes(original.sha256)
        except ArchiveDamaged:
            data = None
        if data is None:
            self.tell(kind, name, _LOST)
            return replace(article, original=None)
        self._sent.add(original.sha256)
        return replace(article, original=replace(original, data=data))


def edition_name(earlier: Earlier) -> str:
    return f"of article {earlier.id} with the SHA-256 {earlier.sha256[:12]}"


def _bytes(article: Article) -> int:
    return len(article.text) + len(article.original.data or b"" if article.original else b"")

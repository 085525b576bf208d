"""The one object that people embed: a folder of articles that can be added to, searched and asked."""

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from rag import adding
from rag.adding import Fate, Progress, Report
from rag.encoder import Encoder, SentenceEncoder
from rag.errors import InputError
from rag.reader import Reader
from rag.retriever import retrieve
from rag.settings import Settings
from rag.store import LocalStore, Store
from rag.types import Answer, Article, Filters, Hit, Outcome, Refusal, Searched, Seconds, Status

__all__ = ["Archive", "Report"]

# hits that the reader may choose its passages from: more than it reads, since near-copies are read once
_HITS_FOR_READER = 20


class Archive:
    """A folder of articles. Safe to share between threads; one writer at a time."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self._store = store
        self._encoder = encoder
        self._settings = settings
        self._reader = Reader(encoder, settings)

    @classmethod
    def open(cls, folder: str | os.PathLike[str], settings: Settings | None = None, encoder: Encoder | None = None) -> Self:
        """The archive in `folder`, which is made when something is first added.

        Raises ArchiveDamaged where its file cannot be read, ArchiveMismatch
        where another version wrote it.
        """
        settings = settings or Settings.from_environment()
        return cls(LocalStore(Path(folder), settings), encoder or SentenceEncoder(settings), settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def add(self, items: Iterable[Article | Refusal], *, prune: Sequence[str | os.PathLike[str]] = (), progress: Progress | None = None) -> Report:
        """Adds articles; those that the archive has unchanged cost nothing, changed ones replace theirs.

        `prune` names files and folders that were read in full: articles that came
        from them earlier and are not among `items` now are removed. `progress` is
        called with each item's fate and its id (for a refusal, its origin), for an
        article once it is on disk.
        Raises ArchiveLocked while somebody else is writing, ArchiveMismatch where
        the archive was built by another model, EncoderError where the model
        cannot be loaded.
        """
        places = [Path(place).resolve() for place in prune]
        return adding.add(items, self._store, self._encoder, self._settings, places, progress or _no_progress)

    def remove(self, ids: Iterable[str]) -> list[str]:
        """Removes articles; gives back the ids that were there. Raises ArchiveLocked while somebody else is writing."""
        with self._store.writing() as writer:
            return writer.remove(list(ids))

    def article(self, id: str) -> Article | None:
        return self._store.article(id)

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of their ids."""
        return self._store.articles()

    def status(self) -> Status:
        return self._store.status()

    def search(
        self, query: str, k: int = 10, *, after: date | None = None, before: date | None = None, sources: Sequence[str] | None = None
    ) -> list[Hit]:
        """The `k` best passages, best first, of articles published from `after` to `before` (both included) by `sources`.

        Raises InputError for an empty query, a `k` below 1 or dates in the wrong order.
        """
        if k < 1:
            raise InputError(f"k is {k}; ask for at least 1 passage")
        return self._retrieve(_question(query), k, _filters(after, before, sources)).hits

    def ask(self, question: str, *, after: date | None = None, before: date | None = None, sources: Sequence[str] | None = None) -> Answer:
        """Quotes that answer, or the reason why there are none. Filters and errors are those of `search`."""
        question = _question(question)
        found = self._retrieve(question, _HITS_FOR_READER, _filters(after, before, sources))
        if not found.hits:
            outcome = Outcome.OUTSIDE_FILTERS if found.archive_has_articles else Outcome.EMPTY_ARCHIVE
            return Answer(question, outcome, (), (), found.searched, Seconds())
        started = time.perf_counter()
        reading = self._reader.read(question, found.hits)
        seconds = Seconds(found.seconds.encode, found.seconds.retrieve, time.perf_counter() - started)
        return Answer(question, reading.outcome, reading.quotes, reading.near_misses, found.searched, seconds)

    def warm(self) -> None:
        """Loads the model now, so that the first question need not wait for it."""
        self._encoder.identity  # noqa: B018 - the model loads when its identity is first asked for

    def _retrieve(self, question: str, k: int, filters: Filters) -> "_Found":
        with self._store.reading() as snapshot:
            searched = snapshot.searched(filters)
            if not searched.passages:
                return _Found([], searched, Seconds(), bool(snapshot.searched(Filters()).articles))
        started = time.perf_counter()
        self._store.check(self._encoder.identity)
        vector = self._encoder.encode([question])[0]
        encoded = time.perf_counter()
        with self._store.reading() as snapshot:
            hits = retrieve(snapshot, question, vector, k, filters, self._settings)
            searched = snapshot.searched(filters)
        return _Found(hits, searched, Seconds(encoded - started, time.perf_counter() - encoded), True)


@dataclass(frozen=True, slots=True)
class _Found:
    hits: list[Hit]
    searched: Searched
    seconds: Seconds
    archive_has_articles: bool


def _question(text: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InputError("the question is empty; ask something")
    return text.strip()


def _filters(after: date | None, before: date | None, sources: Sequence[str] | None) -> Filters:
    for name, day in (("after", after), ("before", before)):
        if day is not None and not isinstance(day, date):
            raise InputError(f"{name} is {day!r}; give a datetime.date")
    if after and before and after > before:
        raise InputError(f"after ({after}) is later than before ({before}): no article can match")
    if isinstance(sources, str):
        raise InputError(f"sources is the string {sources!r}; give a list of source names")
    return Filters(after, before, None if sources is None else tuple(sources))


def _no_progress(fate: Fate, name: str) -> None:
    pass

"""The one object that people embed: a folder of articles that can be added to, searched and asked."""

import os
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from rag import adding
from rag.adding import Fate, Progress, Report
from rag.compare import differences
from rag.encoder import Encoder, SentenceEncoder
from rag.errors import InputError
from rag.overview import overview
from rag.reader import Reader
from rag.retriever import retrieve
from rag.settings import Settings
from rag.store import LocalStore, Store
from rag.token_memory import TokenMemory
from rag.types import Answer, Article, Filters, Hit, Outcome, Overview, Refusal, Searched, Seconds, Status

__all__ = ["Archive", "Report"]

_MOST_HITS = 10_000


class Archive:
    """A folder of articles. Safe to share between threads; one writer at a time."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self._store = store
        # the question is read once for both: its own vector finds passages, those of its tokens choose among sentences
        self._encoder = TokenMemory(encoder, settings.remembered_tokens)
        self._settings = settings
        self._reader = Reader(self._encoder, settings)

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
        wanted = [_composed("id", id) for id in ids]
        with self._store.writing() as writer:
            return writer.remove(wanted)

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
        if not 1 <= k <= _MOST_HITS:
            raise InputError(f"k is {k}; ask for 1 to {_MOST_HITS:,} passages")
        return self._retrieve(_question(query), k, _filters(after, before, sources)).hits

    def ask(self, question: str, *, after: date | None = None, before: date | None = None, sources: Sequence[str] | None = None) -> Answer:
        """Quotes that answer, or the reason why there are none. Filters and errors are those of `search`."""
        question = _question(question)
        found = self._retrieve(question, self._settings.skim_hits, _filters(after, before, sources))
        if not found.hits:
            return Answer(question, _without_hits(found), (), (), found.searched, Seconds())
        started = time.perf_counter()
        reading = self._reader.read(question, found.hits)
        compared = differences(question, reading.quotes)
        seconds = Seconds(found.seconds.encode, found.seconds.retrieve, time.perf_counter() - started)
        return Answer(question, reading.outcome, reading.quotes, reading.near_misses, found.searched, seconds, compared)

    def overview(self, id: str) -> Overview:
        """What an article shows beside its text: keywords, its main sentences, related articles. Raises InputError for an unknown id.

        The model is not needed for it.
        """
        return overview(self._store, _composed("id", id), self._settings.sentence_chars)

    def warm(self) -> None:
        """Loads the model now, so that the first question need not wait for it."""
        self._encoder.identity  # noqa: B018 - the model loads when its identity is first asked for

    def _retrieve(self, question: str, k: int, filters: Filters) -> "_Found":
        with self._store.reading() as snapshot:
            searched = snapshot.searched(filters)
            if not searched.passages:
                return _Found([], searched, Seconds(), not snapshot.searched(Filters()).articles)
        started = time.perf_counter()
        self._store.check(self._encoder.identity)
        vector = self._encoder.tokens([question])[0].text
        encoded = time.perf_counter()
        with self._store.reading() as snapshot:
            hits = retrieve(snapshot, question, vector, k, filters, self._settings)
            searched = snapshot.searched(filters)
        return _Found(hits, searched, Seconds(encoded - started, time.perf_counter() - encoded), archive_is_empty=False)


@dataclass(frozen=True, slots=True)
class _Found:
    hits: list[Hit]
    searched: Searched
    seconds: Seconds
    archive_is_empty: bool


def _without_hits(found: _Found) -> Outcome:
    if found.archive_is_empty:
        return Outcome.EMPTY_ARCHIVE
    return Outcome.NOTHING_FOUND if found.searched.passages else Outcome.OUTSIDE_FILTERS


def _question(text: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InputError("the question is empty; ask something")
    return _composed("question", text.strip())


def _filters(after: date | None, before: date | None, sources: Sequence[str] | None) -> Filters:
    for name, day in (("after", after), ("before", before)):
        if day is not None and not isinstance(day, date):
            raise InputError(f"{name} is {day!r}; give a datetime.date")
    if after and before and after > before:
        raise InputError(f"after ({after}) is later than before ({before}): no article can match")
    if isinstance(sources, str):
        raise InputError(f"sources is the string {sources!r}; give a list of source names")
    return Filters(after, before, None if sources is None else tuple(_composed("source", source) for source in sources))


def _composed(name: str, text: str) -> str:
    """The text in NFC, as article texts are. Raises InputError where it is no valid Unicode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"the {name} {text[:60]!a} is not valid Unicode; type it anew") from None
    return unicodedata.normalize("NFC", text)


def _no_progress(fate: Fate, name: str) -> None:
    pass

"""A store that many machines share: Milvus finds passages, a SQL database has their text, their seals and what people wrote.

Readers each see one generation, on whatever machine. A writer holds a lease in the
database; what it was told is done is durable in both, and searched when it ends.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from rag.errors import ArchiveDamaged, ArticleDamaged
from rag.feedback import Feedback
from rag.listing import Order, Place, Shelf
from rag.notes import Note
from rag.settings import Settings
from rag.store.base import Entry
from rag.store.identity import check_identity
from rag.store.inventory import Inventory
from rag.store.shared.address import Address
from rag.store.shared.facts import WAY_OUT
from rag.store.shared.lease import Lease, is_taken
from rag.store.shared.listing import Listing
from rag.store.shared.parts import Parts
from rag.store.shared.snapshot import SharedSnapshot
from rag.store.shared.whole import inventory
from rag.store.shared.writer import SharedWriter
from rag.types import Article, Edition, Filters, Identity, Kept, Searched, Status

# so many articles are read at a time
_AT_A_TIME = 64


class SharedStore:
    """Safe to share between threads; each question holds a connection to the database while it searches."""

    def __init__(self, address: Address, settings: Settings, *, read_only: bool = False) -> None:
        self._parts = Parts.of(address, read_only=read_only)
        self._database = self._parts.database
        self._passage_settings = settings.passages

    @contextmanager
    def reading(self) -> Iterator[SharedSnapshot]:
        with self._database.reading() as connection:
            # what somebody is writing is searched when they end; what one who was killed had written is searched at once
            generations = self._parts.generations
            generation = generations.searched(connection) if is_taken(self._database, connection) else generations.last(connection)
            yield SharedSnapshot(self._parts, connection, generation)

    @contextmanager
    def writing(self) -> Iterator[SharedWriter]:
        lease = Lease(self._database)
        with lease.held():
            writer = SharedWriter(self._parts, lease, self._passage_settings)
            # others may have written since this store did
            self._parts.likenesses.begin()
            # of one who was killed
            writer.publish()
            writer.tell_missing()
            try:
                yield writer
            finally:
                # also where the caller could not do all: what was told as done is searched
                writer.publish()

    def check(self, identity: Identity) -> None:
        with self._database.reading() as connection:
            built, passages = self._parts.identity(connection), self._parts.facts.get(connection, "passages")
        check_identity(self._parts.shown, built, identity, passages, self._passage_settings)

    def article(self, id: str) -> Article | None:
        with self._database.reading() as connection:
            row = self._parts.articles.row(connection, id)
            return self._parts.articles.whole(connection, row)[0] if row else None

    def entry(self, id: str) -> Entry | None:
        with self._database.reading() as connection:
            return self._parts.entries(connection, self._parts.articles.rows(connection, [id])).all().get(id)

    def original(self, id: str) -> bytes | None:
        article = self.article(id)
        if article is None or article.original is None:
            return None
        data = self.original_bytes(article.original.sha256)
        if data is None:
            raise ArchiveDamaged(f"the file that article {id} was read from is lost; {WAY_OUT}")
        return data

    def original_bytes(self, sha256: str) -> bytes | None:
        with self._database.reading() as connection:
            packed = self._parts.originals.packed(connection, sha256)
        # with the connection let go, since a large one takes a second
        data = packed.unpacked() if packed else None
        if packed and data is None:
            raise ArchiveDamaged(f"the file with the SHA-256 {sha256}, which articles were read from, is not what was stored; {WAY_OUT}")
        return data

    def articles(self) -> Iterator[Article]:
        with self._database.reading() as connection:
            numbers = self._parts.articles.in_order(connection)
        for start in range(0, len(numbers), _AT_A_TIME):
            with self._database.reading() as connection:
                found = self._parts.articles.of_numbers(connection, numbers[start : start + _AT_A_TIME].tolist())
            for one in found:
                if isinstance(one, ArticleDamaged):
                    raise one
                yield one
        with self._database.reading() as connection:
            # nobody would miss one that is lost
            self._parts.articles.check(connection, self._parts.facts)

    def editions(self, article: str | None) -> list[Edition]:
        with self._database.reading() as connection:
            return self._parts.editions.of(connection, article)

    def edition(self, id: str, sha256: str) -> Edition | None:
        with self._database.reading() as connection:
            return self._parts.editions.find(connection, id, sha256)

    def inventory(self) -> Inventory:
        with self._database.reading() as connection:
            return inventory(self._parts, connection)

    def has_been(self, token: str) -> bool:
        with self._database.reading() as connection:
            return self._parts.generations.has_been(connection, token)

    def counted(self, filters: Filters) -> Searched:
        with self._database.reading() as connection:
            return self._last(connection).searched(filters)

    def shelf(
        self,
        words: Sequence[str],
        filters: Filters,
        order: Order,
        offset: int,
        limit: int,
        past: Place | None = None,
        *,
        arrived_since: datetime | None = None,
        arrivals: bool = False,
    ) -> Shelf:
        with self._database.reading() as connection:
            snapshot = self._last(connection)
            having, editions = snapshot.having(filters), partial(self._parts.editions.counts, connection)
            return snapshot.listing.shelf(
                words, filters, order, offset, limit, past, having=having, arrived_since=arrived_since, arrivals=arrivals, editions=editions
            )

    def titles(self, ids: Iterable[str]) -> Mapping[str, str]:
        with self._database.reading() as connection:
            return Listing(connection, self._database.tables, self._parts.generations.of(None)).titles(ids)

    def notes(self, article: str | None) -> list[Note]:
        with self._database.reading() as connection:
            return self._parts.notes.of(connection, article)

    def add_note(self, note: Note) -> Note:
        with self._database.writing() as connection:
            return self._parts.notes.add(connection, note)

    def answer_note(self, number: int, text: str, author: str | None, made: datetime) -> Note | None:
        with self._database.writing() as connection:
            return self._parts.notes.answer(connection, number, text, author, made)

    def remove_note(self, number: int, author: str | None = None) -> bool:
        with self._database.writing() as connection:
            return self._parts.notes.remove(connection, number, author)

    def feedback(self) -> list[Feedback]:
        with self._database.reading() as connection:
            return self._parts.feedback.all(connection)

    def add_feedback(self, feedback: Feedback) -> Feedback:
        with self._database.writing() as connection:
            generation = self._parts.generations.last(connection).number
            return self._parts.feedback.add(connection, replace(feedback, generation=generation))

    def kept(self, origin: str) -> Kept | None:
        with self._database.reading() as connection:
            kept, numbers = self._parts.documents.kept(connection, origin) or (None, {})
            return kept if self._parts.articles.numbers(connection, numbers) == numbers else None

    def holding(self, ids: Iterable[str]) -> Sequence[tuple[str, str]]:
        with self._database.reading() as connection:
            return list(self._parts.documents.holding(connection, self._parts.articles.numbers(connection, ids)))

    def origins(self) -> Mapping[str, str]:
        with self._database.reading() as connection:
            return Listing(connection, self._database.tables, self._parts.generations.of(None)).origins()

    def status(self) -> Status:
        with self._database.reading() as connection:
            return self._last(connection).status()

    def close(self) -> None:
        self._parts.milvus.close()
        self._database.close()

    def _last(self, connection: Connection) -> SharedSnapshot:
        """All that was acknowledged, whether it is searched already or not."""
        return SharedSnapshot(self._parts, connection, self._parts.generations.last(connection))

"""The only writer of a shared archive: text first, then vectors, and the generation last.

Numbers are given in a transaction of their own, so that whatever a killed writer
had brought to Milvus is known, belongs to no generation and is cleared away. What is
put is acknowledged once the transaction with its text and its generation is
committed, in whose middle Milvus has acknowledged its vectors.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from rag.arrays import STORED
from rag.errors import ArchiveError
from rag.store.article_rows import moment_of
from rag.store.base import Delivery, Entry
from rag.store.facets import days
from rag.store.identity import check_identity
from rag.store.lexical import stems
from rag.store.packed import referred
from rag.store.sealed_rows import Row, row_is_sound
from rag.store.shared.articles import ARRIVED, DOCUMENT, NUMBER, SHA256, Coming
from rag.store.shared.bm25 import as_words
from rag.store.shared.collection import Row as Stored
from rag.store.shared.database import MOST_VALUES, batched, now
from rag.store.shared.generations import Generation
from rag.store.shared.inserting import insert_absent
from rag.store.shared.lease import Lease
from rag.store.shared.parts import ARCHIVE, Parts
from rag.store.shared.stem_counts import Tally
from rag.store.shared.whole import hold, take_for_copy
from rag.types import Article, Edition, Identity, Kept, Original, Passage

# what belongs to no generation that is searched stays in Milvus for so long, for questions that were asked before and for writes on their way
_STAYS_SECONDS = 600.0
# the texts of so many articles are in memory at a time
_AT_A_TIME = 64


class SharedWriter:
    """Each call is one transaction: on return it is on disk, in both."""

    def __init__(self, parts: Parts, lease: Lease, passage_settings: str) -> None:
        self._parts = parts
        self._lease = lease
        self._passage_settings = passage_settings

    def put(self, entries: Sequence[Entry], identity: Identity) -> dict[str, str]:
        coming = self._numbered(entries, identity, self._passage_settings)
        with self._bringing(coming) as connection:
            articles = [one.entry.article for one in coming]
            before = self._parts.articles.rows(connection, [article.id for article in articles])
            self._keep_texts(connection, articles, before)
            came = [replace(one, entry=_as_it_came(one.entry, before.get(one.entry.article.id))) for one in coming]
            return self._exchange(connection, before, came)

    def take_over(self, delivery: Delivery) -> str:
        parts = self._parts
        coming = self._numbered(delivery.entries, delivery.model, delivery.passages) if delivery.model and delivery.passages else []
        with self._bringing(coming) as connection:
            hold(parts, connection, delivery.state)
            if delivery.gone or coming:
                ids = [*delivery.gone, *(one.entry.article.id for one in coming)]
                self._exchange(connection, parts.articles.rows(connection, ids), coming)
            if delivery.editions_after is not None:
                parts.editions.remove_after(connection, delivery.editions_after)
                parts.editions.add(connection, [replace(one, article=self._with_its_original(connection, one.article)) for one in delivery.editions])
            if delivery.writing:
                parts.notes.take_over(connection, delivery.writing.notes, delivery.writing.last_note)
                parts.feedback.take_over(connection, delivery.writing.feedback)
            return take_for_copy(parts, connection, delivery.token)

    def relocate(self, id: str, origin: str, original: Original | None = None) -> None:
        with self._writing() as connection:
            row = self._parts.articles.row(connection, id)
            if row:
                kept = self._parts.originals.keep(connection, original) if original else None
                before, now = self._parts.articles.relocate(connection, row, origin, kept)
                self._parts.facts.exchange(connection, "articles", gone=[before], come=[now])

    def keep(self, documents: Sequence[Kept]) -> None:
        with self._writing() as connection:
            for kept in documents:
                numbers = self._parts.articles.numbers(connection, kept.ids)
                if len(numbers) == len(kept.ids):
                    self._parts.documents.keep(connection, kept, numbers)

    def remove(self, ids: Sequence[str]) -> dict[str, int]:
        parts = self._parts
        with self._writing() as connection:
            before, tally = parts.generations.last(connection), Tally()
            gone = parts.articles.rows(connection, ids)
            lost = self._take_out(connection, list(gone.values()), before.number + 1, tally)
            editions = parts.editions.remove_all(connection, ids)
            if gone or editions:
                parts.facts.exchange(connection, "articles", gone=lost)
                parts.stems.change(connection, tally)
                parts.generations.advance(connection, before, horizon=0, passages=tally.passages, words=tally.words)
            return {id: editions.get(id, 0) for id in dict.fromkeys((*(id for id in ids if id in gone), *editions))}

    def tell_missing(self) -> None:
        """Tells which articles are near-copies where that is not known, as where the database lost it: what was told stays where it ends early."""
        parts, present = self._parts, self._parts.generations.of(None)
        with self._writing() as connection:
            missing = parts.likenesses.missing(connection, present)
        for some in batched(missing, _AT_A_TIME):
            with self._writing() as connection:
                read = partial(parts.articles.sound, connection)
                articles = read(some)
                parts.likenesses.tell(connection, present, {number: articles[number] for number in some if number in articles}, read)

    def publish(self) -> None:
        """Has what was put searched from now on, and clears away what belongs to no generation any more."""
        parts = self._parts
        with self._writing() as connection:
            last = parts.generations.last(connection)
            if last != parts.generations.searched(connection):
                parts.originals.drop_unreferred(connection)
                parts.stems.publish(connection)
                parts.generations.publish(connection, last)
                written = parts.collection(connection)
            else:
                written = None
        if written and last.passages:
            written.flush()
        self._sweep(last)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._lease.guarded() as connection:
                yield connection
        except BaseException:
            # what was told of near-copies in it is not stored
            self._parts.likenesses.begin()
            raise

    def _numbered(self, entries: Sequence[Entry], identity: Identity, passages: str) -> list[Coming]:
        """The entries with their numbers, which nobody has and the archive knows to be on their way to Milvus."""
        parts = self._parts
        found = [[_words(Passage(entry.article, span)) for span in entry.spans] for entry in entries]
        self._name()
        with self._writing() as connection:
            self._bind(connection, identity, passages)
            number = parts.facts.advance(connection, "article", len(entries)) + 1
            first = parts.facts.advance(connection, "passage", sum(map(len, found))) + 1
            coming = []
            for entry, own in zip(entries, found, strict=True):
                coming.append(Coming(number, first, entry, own))
                number, first = number + 1, first + len(own)
            if coming:
                made = now(connection)
                connection.execute(insert(parts.database.tables.incoming), [{"article": one.number, "made": made} for one in coming])
        return coming

    def _name(self) -> None:
        """Gives the archive its own name, which is durable before Milvus has anything under it."""
        with self._writing() as connection:
            if self._parts.facts.get(connection, ARCHIVE) is None:
                self._parts.facts.set(connection, {ARCHIVE: uuid.uuid4().hex})

    def _bind(self, connection: Connection, identity: Identity, passages: str) -> None:
        """Has the vectors be of that model. Raises ArchiveMismatch where they are of another."""
        parts = self._parts
        built = parts.identity(connection)
        check_identity(parts.shown, built, identity, parts.facts.get(connection, "passages"), passages)
        if built is None:
            parts.collection(connection).make(identity.dimension)
            bound = {"model": identity.model, "weights": identity.sha256, "dimension": str(identity.dimension), "passages": passages}
            parts.facts.set(connection, bound)

    @contextmanager
    def _bringing(self, coming: Sequence[Coming]) -> Iterator[Connection]:
        """A transaction that stores what comes, or has what Milvus may have of it cleared away."""
        try:
            with self._writing() as connection:
                yield connection
        except BaseException:
            if coming:
                self._abandon(coming)
            raise

    def _exchange(self, connection: Connection, gone: Mapping[str, Row], coming: Sequence[Coming]) -> dict[str, str]:
        """Makes a generation in which those that came are in place of those that go; gives the id of what each near-copy copies."""
        parts, incoming = self._parts, self._parts.database.tables.incoming
        came = [replace(one, entry=self._with_its_document(connection, one.entry)) for one in coming]
        before, tally = parts.generations.last(connection), Tally()
        lost = self._take_out(connection, list(gone.values()), before.number + 1, tally)
        seals = parts.articles.write(connection, came, before.number + 1)
        parts.facts.exchange(connection, "articles", gone=lost, come=seals)
        tally.add(found for one in came for found in one.words)
        parts.stems.change(connection, tally)
        sources = parts.sources.numbered(connection, {source for one in came if (source := one.entry.article.source) is not None})
        parts.collection(connection).insert([row for one in came for row in _rows(one, sources)])
        connection.execute(delete(incoming).where(incoming.c.article.in_([one.number for one in came])))
        copied = self._copied(connection, came)
        # before this line is committed nobody sees anything of it
        horizon = max((one.first + len(one.words) - 1 for one in came), default=0)
        parts.generations.advance(connection, before, horizon=horizon, passages=tally.passages, words=tally.words)
        return copied

    def _abandon(self, coming: Sequence[Coming]) -> None:
        """Has what may be in Milvus of articles that were not stored cleared away, also where it came there after others had done so."""
        numbers, articles, incoming = [one.number for one in coming], self._parts.database.tables.articles.c, self._parts.database.tables.incoming
        with suppress(ArchiveError), self._parts.database.writing() as connection:
            # nobody may know yet whether its transaction was committed
            self._lease.wait(connection)
            stored = set(connection.execute(select(articles.n).where(articles.n.in_(numbers))).scalars())
            made = now(connection)
            insert_absent(connection, incoming, [{"article": number, "made": made} for number in numbers if number not in stored])

    def _with_its_document(self, connection: Connection, entry: Entry) -> Entry:
        """The entry as it is stored: without the document that it was read from, which is kept."""
        if len(entry.spans) != len(entry.vectors):
            # as `zip` says it where it is strict
            raise ValueError(f"zip() of {len(entry.spans)} spans and {len(entry.vectors)} vectors")
        return replace(entry, article=self._with_its_original(connection, entry.article))

    def _with_its_original(self, connection: Connection, article: Article) -> Article:
        """The article with its document kept, without its bytes; without a document where that is not here."""
        return replace(article, original=article.original and self._parts.originals.keep(connection, article.original))

    def _keep_texts(self, connection: Connection, articles: Sequence[Article], before: Mapping[str, Row]) -> None:
        """Keeps the texts of those that now have another; a text that is not what was stored cannot be kept."""
        replaced = [row for article in articles if (row := before.get(article.id)) and row[SHA256] != article.sha256]
        wholes, moment = self._parts.articles.wholes(connection, replaced), datetime.now(UTC).replace(microsecond=0)
        self._parts.editions.remove(connection, {(article.id, article.sha256) for article in articles})
        self._parts.editions.add(connection, [Edition(whole[0], moment) for whole in wholes if isinstance(whole, tuple)])

    def _take_out(self, connection: Connection, rows: Sequence[Row], generation: int, tally: Tally) -> list[str]:
        """Ends the articles of these rows, and takes the words of their passages off the tally; gives the seals that go with them."""
        seals = self._parts.articles.seals(connection, self._parts.facts, rows)
        for some in batched(rows, _AT_A_TIME):
            for whole in self._parts.articles.wholes(connection, some):
                # of one that is not what was stored nobody knows how often its words were counted
                if isinstance(whole, tuple):
                    article, spans = whole
                    tally.take(_words(Passage(article, span)) for span in spans.values())
        self._parts.originals.release(connection, [referred(row[DOCUMENT]) for row in rows])
        self._parts.generations.end(connection, [row[NUMBER] for row in rows], generation)
        return seals

    def _copied(self, connection: Connection, came: Sequence[Coming]) -> dict[str, str]:
        """Of each near-copy among those that were just written the id of the likeliest article that it is one of."""
        parts, articles = self._parts, {one.number: one.entry.article for one in came}
        copied = parts.likenesses.tell(connection, parts.generations.of(None), articles, partial(parts.articles.sound, connection))
        ids = parts.articles.ids(connection, set(copied.values()))
        return {articles[number].id: ids[other] for number, other in copied.items()}

    def _sweep(self, searched: Generation) -> None:
        """Clears away what has belonged to no generation that is searched for long enough, as much at a time as a statement takes."""
        parts, tables = self._parts, self._parts.database.tables
        articles, incoming = tables.articles.c, tables.incoming.c
        while True:
            with self._writing() as connection:
                past = now(connection) - _STAYS_SECONDS
                dead = select(articles.n).where(articles.died <= searched.number, articles.died_at < past)
                due = list(connection.execute(dead.union_all(select(incoming.article).where(incoming.made < past)).limit(MOST_VALUES)).scalars())
                collection = parts.collection(connection)
            if not due:
                return
            collection.remove(due)
            with self._writing() as connection:
                parts.articles.forget(connection, due)
                parts.likeness_rows.forget(connection, np.array(due, dtype=np.int64))
                connection.execute(delete(tables.incoming).where(incoming.article.in_(due)))


def _as_it_came(entry: Entry, before: Row | None) -> Entry:
    """The entry with when its text came in, where that is the article's already."""
    has_text = before is not None and before[SHA256] == entry.article.sha256 and row_is_sound(before)
    return replace(entry, arrived=moment_of(before[ARRIVED])) if before and has_text else entry


def _rows(one: Coming, sources: Mapping[str, int]) -> Iterator[Stored]:
    """The passages of an article as Milvus has them."""
    article = one.entry.article
    told, known = (day.toordinal() if day else 0 for day in days(article))
    source = -1 if article.source is None else sources[article.source]
    # as the seal over them takes them
    vectors = one.entry.vectors.astype(STORED).astype(np.float32)
    for place, (found, vector) in enumerate(zip(one.words, vectors, strict=True)):
        yield Stored(one.first + place, one.number, told, known, source, found, vector)


def _words(passage: Passage) -> str:
    return as_words(stems(passage.indexed_text))

"""The only writer of a shared archive: text first, then vectors, and the generation last.

Numbers are given in a transaction of their own, so that whatever a killed writer
had brought to Milvus is known, belongs to no generation and is cleared away. What is
put is acknowledged once the transaction with its text and its generation is
committed, in whose middle Milvus has acknowledged its vectors.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import numpy as np
from sqlalchemy import Connection, delete, insert, select

from rag.arrays import STORED
from rag.errors import ArticleDamaged
from rag.store.article_rows import moment_of
from rag.store.base import Delivery, Entry
from rag.store.facets import days
from rag.store.identity import check_identity
from rag.store.lexical import stems
from rag.store.packed import referred
from rag.store.sealed_rows import Row
from rag.store.shared.articles import ARRIVED, DOCUMENT, ID, NUMBER, PASSAGES, SHA256
from rag.store.shared.bm25 import as_words
from rag.store.shared.collection import Row as Stored
from rag.store.shared.database import now
from rag.store.shared.generations import Generation
from rag.store.shared.lease import Lease
from rag.store.shared.parts import ARCHIVE, Parts, vectors_digest
from rag.store.shared.whole import take_for_copy
from rag.types import Article, Edition, Identity, Kept, Original, Passage

# what belongs to no generation that is searched stays in Milvus for so long, for questions that were asked before and for writes on their way
_STAYS_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class _Coming:
    """An entry with its number and that of its first passage, and the words of each of its passages as Milvus is given them."""

    number: int
    first: int
    entry: Entry
    words: Sequence[str]

    def stored(self, sources: Mapping[str, int]) -> Iterator[Stored]:
        """Its passages as Milvus has them."""
        article = self.entry.article
        told, known = (day.toordinal() if day else 0 for day in days(article))
        source = -1 if article.source is None else sources[article.source]
        # as the seal over them takes them
        vectors = self.entry.vectors.astype(STORED).astype(np.float32)
        for place, (found, vector) in enumerate(zip(self.words, vectors, strict=True)):
            yield Stored(self.first + place, self.number, told, known, source, found, vector)


class SharedWriter:
    """Each call is one transaction: on return it is on disk, in both."""

    def __init__(self, parts: Parts, lease: Lease, passage_settings: str) -> None:
        self._parts = parts
        self._lease = lease
        self._passage_settings = passage_settings

    def put(self, entries: Sequence[Entry], identity: Identity) -> dict[str, str]:
        coming = self._numbered(entries, identity, self._passage_settings)
        with self._writing() as connection:
            came = [replace(one, entry=self._as_it_came(connection, one.entry)) for one in coming]
            articles = [one.entry.article for one in came]
            self._keep_texts(connection, articles)
            return self._exchange(connection, [article.id for article in articles], came)

    def take_over(self, delivery: Delivery) -> None:
        parts = self._parts
        coming = self._numbered(delivery.entries, delivery.model, delivery.passages) if delivery.model and delivery.passages else []
        with self._writing() as connection:
            if delivery.gone or coming:
                self._exchange(connection, [*delivery.gone, *(one.entry.article.id for one in coming)], coming)
            if delivery.editions_after is not None:
                parts.editions.remove_after(connection, delivery.editions_after)
                parts.editions.add(connection, [replace(one, article=self._with_its_original(connection, one.article)) for one in delivery.editions])
            if delivery.writing:
                parts.notes.take_over(connection, delivery.writing.notes, delivery.writing.last_note)
                parts.feedback.take_over(connection, delivery.writing.feedback)
            take_for_copy(parts, connection, delivery.token)

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
            before = parts.generations.last(connection)
            gone, lost = self._taken_out(connection, ids, before.number + 1)
            editions = parts.editions.remove_all(connection, ids)
            if gone or editions:
                parts.facts.exchange(connection, "articles", gone=[row[-1] for row in gone])
                words = parts.stems.change(connection, (), lost)
                parts.generations.advance(connection, before, horizon=0, passages=-sum(row[PASSAGES] for row in gone), words=words)
            return {id: editions.get(id, 0) for id in dict.fromkeys((*(row[ID] for row in gone), *editions))}

    def tell_missing(self) -> None:
        """Tells which articles are near-copies where that is not known, as where the database lost it."""
        present = self._parts.generations.of(None)
        with self._writing() as connection:
            for number in self._parts.likenesses.missing(connection, present):
                read = partial(self._parts.articles.sound, connection)
                if article := read(number):
                    self._parts.likenesses.tell(connection, present, number, article, read)

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
            with self._parts.database.writing() as connection:
                self._lease.check(connection)
                yield connection
                # it lasted as long as what was done in it
                self._lease.extend(connection)
        except BaseException:
            # what was told of near-copies in it is not stored
            self._parts.likenesses.begin()
            raise

    def _exchange(self, connection: Connection, ids: Sequence[str], coming: Sequence[_Coming]) -> dict[str, str]:
        """Makes a generation in which those that came are in place of all that have the ids; gives the id of what each near-copy copies."""
        parts, incoming = self._parts, self._parts.database.tables.incoming
        before = parts.generations.last(connection)
        made = before.number + 1
        gone, lost = self._taken_out(connection, ids, made)
        seals = [self._write(connection, one, made) for one in coming]
        parts.facts.exchange(connection, "articles", gone=[row[-1] for row in gone], come=seals)
        words = parts.stems.change(connection, [found for one in coming for found in one.words], lost)
        sources = parts.sources.numbered(connection, {source for one in coming if (source := one.entry.article.source) is not None})
        parts.collection(connection).insert([stored for one in coming for stored in one.stored(sources)])
        connection.execute(delete(incoming).where(incoming.c.article.in_([one.number for one in coming])))
        copied = {one.entry.article.id: of for one in coming if (of := self._copy_of(connection, one))}
        passages = sum(len(one.words) for one in coming) - sum(row[PASSAGES] for row in gone)
        horizon = max((one.first + len(one.words) - 1 for one in coming), default=0)
        # before this is committed nobody sees anything of it
        parts.generations.advance(connection, before, horizon=horizon, passages=passages, words=words)
        return copied

    def _numbered(self, entries: Sequence[Entry], identity: Identity, passages: str) -> list[_Coming]:
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
                coming.append(_Coming(number, first, entry, own))
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
        facts = parts.facts.all(connection)
        check_identity(parts.shown, parts.identity(connection), identity, facts.get("passages"), passages)
        if "model" not in facts:
            parts.collection(connection).make(identity.dimension)
            bound = {"model": identity.model, "weights": identity.sha256, "dimension": str(identity.dimension), "passages": passages}
            parts.facts.set(connection, bound)

    def _write(self, connection: Connection, one: _Coming, generation: int) -> str:
        """Writes an article's rows and gives its seal."""
        entry = replace(one.entry, article=self._with_its_original(connection, one.entry.article))
        if len(entry.spans) != len(entry.vectors):
            # as `zip` says it where it is strict
            raise ValueError(f"zip() of {len(entry.spans)} spans and {len(entry.vectors)} vectors")
        return self._parts.articles.write(connection, one.number, one.first, entry, vectors_digest(entry.vectors), generation)

    def _with_its_original(self, connection: Connection, article: Article) -> Article:
        """The article with its document kept, without its bytes; without a document where that is not here."""
        return replace(article, original=article.original and self._parts.originals.keep(connection, article.original))

    def _as_it_came(self, connection: Connection, entry: Entry) -> Entry:
        """The entry, with when its text came in where that is the article's already."""
        row = self._parts.articles.sound_row(connection, entry.article.id)
        if row and row[SHA256] == entry.article.sha256:
            return replace(entry, arrived=moment_of(row[ARRIVED]))
        return entry

    def _keep_texts(self, connection: Connection, articles: Sequence[Article]) -> None:
        """Keeps the texts of those that now have another; a text that is not what was stored cannot be kept."""
        before = []
        for article in articles:
            row = self._parts.articles.row(connection, article.id)
            if row and row[SHA256] != article.sha256:
                with suppress(ArticleDamaged):
                    before.append(Edition(self._parts.articles.article(connection, row), datetime.now(UTC).replace(microsecond=0)))
        self._parts.editions.remove(connection, {(article.id, article.sha256) for article in articles})
        self._parts.editions.add(connection, before)

    def _taken_out(self, connection: Connection, ids: Sequence[str], generation: int) -> tuple[list[Row], list[str]]:
        """Ends those of the articles that are there; gives their rows, and the words of each of their passages."""
        parts = self._parts
        gone = [row for id in dict.fromkeys(ids) if (row := parts.articles.row(connection, id))]
        lost: list[str] = []
        for row in gone:
            # of one that is not what was stored nobody knows how often its words were counted
            with suppress(ArticleDamaged):
                lost += [_words(passage) for passage in parts.articles.passages_of(connection, row)]
        parts.originals.release(connection, [referred(row[DOCUMENT]) for row in gone])
        parts.generations.end(connection, [row[NUMBER] for row in gone], generation, now(connection))
        return gone, lost

    def _copy_of(self, connection: Connection, one: _Coming) -> str | None:
        """The id of the likeliest article that one which was just written is a near-copy of."""
        present, read = self._parts.generations.of(None), partial(self._parts.articles.sound, connection)
        number = self._parts.likenesses.tell(connection, present, one.number, one.entry.article, read)
        row = None if number is None else self._parts.articles.at(connection, number)
        return row[ID] if row else None

    def _sweep(self, searched: Generation) -> None:
        parts, tables = self._parts, self._parts.database.tables
        with self._writing() as connection:
            past = now(connection) - _STAYS_SECONDS
            one, incoming = tables.articles.c, tables.incoming.c
            dead = list(connection.execute(select(one.n).where(one.died <= searched.number, one.died_at < past)).scalars())
            stranded = list(connection.execute(select(incoming.article).where(incoming.made < past)).scalars())
        if dead or stranded:
            with self._writing() as connection:
                collection = parts.collection(connection)
            collection.remove([*dead, *stranded])
            with self._writing() as connection:
                parts.articles.forget(connection, dead)
                parts.likeness_rows.forget(connection, np.array(dead, dtype=np.int64))
                connection.execute(delete(tables.incoming).where(incoming.article.in_(stranded)))


def _words(passage: Passage) -> str:
    return as_words(stems(passage.indexed_text))

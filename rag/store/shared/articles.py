"""The rows of articles: their texts, facts and passages, under the seals that the local store has too."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from cachetools import LRUCache
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from rag.arrays import Numbers
from rag.errors import ArticleDamaged
from rag.store.article_rows import article_of, document_of, facts_of, parts_of, second_of, with_original
from rag.store.base import Entry, Passages
from rag.store.inventory import vectors_digest
from rag.store.packed import referred
from rag.store.seal import seal, total
from rag.store.sealed_rows import SEALED, Row, lacks, row_is_sound, row_seal
from rag.store.shared.database import MOST_VALUES, batched
from rag.store.shared.facts import Facts, damaged
from rag.store.shared.filtering import derived
from rag.store.shared.generations import Generation, Generations, life
from rag.store.shared.tables import Tables, key_of
from rag.types import Article, Original, Passage, Span

# what a row's seal is over, and the seal
_SEALED = ("n", *SEALED.split(", "), "seal")
NUMBER, ID, SHA256, ORIGIN, SPANS, VECTORS, DOCUMENT, ARRIVED = 0, 1, 7, 8, 11, 12, 13, 14
# so many characters of texts that were read and found to be what was stored are kept for the next question
_REMEMBERED = 64 * 1024 * 1024

# an article with its passages' spans by number
Whole = tuple[Article, dict[int, Span]]


@dataclass(frozen=True, slots=True)
class Coming:
    """An entry with its number and that of its first passage, and the words of each of its passages as Milvus is given them."""

    number: int
    first: int
    entry: Entry
    words: Sequence[str]

    def spans(self) -> list[tuple[int, int, int]]:
        """Number, start and end of each of its passages."""
        return [(self.first + place, span.start, span.end) for place, span in enumerate(self.entry.spans)]


class Articles:
    """For use in a transaction."""

    def __init__(self, tables: Tables, generations: Generations) -> None:
        self._tables = tables
        self._table = tables.articles
        self._columns = [self._table.c[name] for name in _SEALED]
        self._generations = generations
        # a row of a number and a seal has one text for ever
        self._read: LRUCache[tuple[int, str], Whole] = LRUCache(_REMEMBERED, getsizeof=lambda one: 1 + len(one[0].text))
        self._lock = threading.Lock()

    def row(self, connection: Connection, id: str) -> Row | None:
        """That of the article that has the id."""
        return next(self._rows(connection, self._table.c.key == key_of(id), None), None)

    def rows(self, connection: Connection, ids: Iterable[str], generation: Generation | None = None) -> dict[str, Row]:
        """Those of the articles that a generation has, or the last, by the ids that were asked for, sound or not."""
        asked = {key_of(id): id for id in ids}
        found: dict[str, Row] = {}
        for some in batched(asked):
            of_keys = select(self._table.c.key, *self._columns).where(self._table.c.key.in_(some), self._generations.of(generation))
            found |= {asked[key]: tuple(row) for key, *row in connection.execute(of_keys)}
        return found

    def each(self, connection: Connection) -> Iterator[Row]:
        """Those of all articles, sound or not, in the order in which they came."""
        asked = select(*self._columns).where(self._generations.of(None)).order_by(self._table.c.n)
        yield from map(tuple, connection.execute(asked, execution_options={"yield_per": MOST_VALUES}))

    def numbers(self, connection: Connection, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the articles' rows, of those that are there and what was stored."""
        return {id: row[NUMBER] for id, row in self.rows(connection, ids).items() if row_is_sound(row)}

    def sound(self, connection: Connection, numbers: Collection[int], generation: Generation | None = None) -> dict[int, Article]:
        """Those of the articles of these numbers that are there, in a generation or in the last, and are what was stored."""
        rows = [row for some in batched(numbers) for row in self._rows(connection, self._table.c.n.in_(some), generation)]
        return {row[NUMBER]: whole[0] for row, whole in zip(rows, self.wholes(connection, rows), strict=True) if isinstance(whole, tuple)}

    def ids(self, connection: Connection, numbers: Collection[int]) -> dict[int, str]:
        """Those of the articles of these numbers that are there, sound or not."""
        asked = select(self._table.c.n, self._table.c.id).where(self._generations.of(None))
        return {number: id for some in batched(numbers) for number, id in connection.execute(asked.where(self._table.c.n.in_(some)))}

    def in_order(self, connection: Connection) -> Numbers:
        """The numbers of all articles, int64 [n], in the order of their ids."""
        wanted = select(self._table.c.n).where(self._generations.of(None)).order_by(self._table.c.id)
        return np.fromiter(connection.execute(wanted, execution_options={"yield_per": MOST_VALUES}).scalars(), dtype=np.int64)

    def of_numbers(self, connection: Connection, numbers: Sequence[int]) -> list[Article | ArticleDamaged]:
        """The articles that have or had these numbers, or what is wrong with them, in the order of their ids: none that is gone."""
        # who was replaced since has another number
        keys = select(self._table.c.key).where(self._table.c.n.in_(numbers))
        wanted = select(self._table.c.key, *self._columns).where(self._generations.of(None), self._table.c.key.in_(keys))
        found = [(key, tuple(row)) for key, *row in connection.execute(wanted.order_by(self._table.c.id))]
        wholes = self.wholes(connection, [row for _, row in found])
        # one that has another's key is found by nobody who asks for it
        of_key = [whole if key == key_of(row[ID]) else damaged(row[ID]) for (key, row), whole in zip(found, wholes, strict=True)]
        return [whole[0] if isinstance(whole, tuple) else whole for whole in of_key]

    def check(self, connection: Connection, facts: Facts) -> None:
        """Raises ArchiveDamaged where a row is lost."""
        facts.check(connection, "articles", self._seals(connection))

    def seals(self, connection: Connection, facts: Facts, rows: Sequence[Row]) -> list[str]:
        """The seals of rows as the sum of all seals has them: of one that is not what was stored its own may be what is changed of it."""
        lacking = total([])
        if not all(map(row_is_sound, rows)):
            lacking = facts.lacking(connection, "articles", self._seals(connection))
        return [row_seal(row[1:-1]) if lacks(row) == lacking else row[-1] for row in rows]

    def _seals(self, connection: Connection) -> Iterator[str]:
        """Those of all articles."""
        wanted = select(self._table.c.seal).where(self._generations.of(None))
        yield from connection.execute(wanted, execution_options={"yield_per": MOST_VALUES}).scalars()

    def whole(self, connection: Connection, row: Row) -> Whole:
        """The article of a row with its passages' spans, in their order. Raises ArticleDamaged."""
        (whole,) = self.wholes(connection, [row])
        if isinstance(whole, ArticleDamaged):
            raise whole
        return whole

    def passages(self, connection: Connection, numbers: Iterable[int], generation: Generation) -> Passages:
        """Those of a generation; the passages of one article share it."""
        owners: dict[int, list[int]] = {}
        table = self._tables.passages.c
        for some in batched(numbers):
            for number, owner in connection.execute(select(table.n, table.article).where(table.n.in_(some))):
                owners.setdefault(owner, []).append(number)
        rows = [row for some in batched(owners) for row in self._rows(connection, self._table.c.n.in_(some), generation)]
        found: dict[int, Passage] = {}
        errors = []
        for row, whole in zip(rows, self.wholes(connection, rows), strict=True):
            own = owners[row[NUMBER]]
            if isinstance(whole, ArticleDamaged):
                errors.append(whole)
            # what was read before may have been changed since
            elif not whole[1].keys() >= set(own):
                errors.append(damaged(row[ID]))
            else:
                article, spans = whole
                found |= {number: Passage(article, spans[number]) for number in own}
        return Passages(found, errors)

    def write(self, connection: Connection, coming: Sequence[Coming], generation: int) -> list[str]:
        """Writes the rows of articles, and gives their seals."""
        rows = [{**_values(one), "born": generation, "life": life(one.number, generation, 0)} for one in coming]
        passages = [{"n": n, "article": one.number, "start": start, "stop": stop} for one in coming for n, start, stop in one.spans()]
        for table, values in ((self._table, rows), (self._tables.passages, passages)):
            if values:
                connection.execute(insert(table), values)
        return [str(row["seal"]) for row in rows]

    def relocate(self, connection: Connection, row: Row, origin: str, kept: Original | None) -> tuple[str, str]:
        """Records where it was read from, and gives its seals of before and now. Raises ArticleDamaged."""
        facts = list(self._checked(row)[1:-1])
        facts[ORIGIN - 1] = origin
        if kept:
            facts[DOCUMENT - 1] = with_original(facts[DOCUMENT - 1], kept)
        moved = row_seal(tuple(facts))
        values = {"origin": origin, "document": facts[DOCUMENT - 1], "original": referred(facts[DOCUMENT - 1]), "seal": moved}
        connection.execute(update(self._table).where(self._table.c.n == row[NUMBER]).values(values))
        return row[-1], moved

    def forget(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Removes the rows of articles that belong to no generation that is searched."""
        connection.execute(delete(self._tables.passages).where(self._tables.passages.c.article.in_(numbers)))
        connection.execute(delete(self._table).where(self._table.c.n.in_(numbers)))

    def _rows(self, connection: Connection, which: ColumnElement[bool], generation: Generation | None) -> Iterator[Row]:
        yield from map(tuple, connection.execute(select(*self._columns).where(which, self._generations.of(generation))))

    def wholes(self, connection: Connection, rows: Sequence[Row]) -> list[Whole | ArticleDamaged]:
        """What the rows are of, or what is wrong with it; what was read before is not read again."""
        with self._lock:
            known = {row[NUMBER]: self._read.get((row[NUMBER], row[-1])) if row_is_sound(row) else None for row in rows}
        unread = [row[NUMBER] for row in rows if known[row[NUMBER]] is None]
        one, passages = self._table.c, self._tables.passages.c
        texts: dict[int, tuple[str, str]] = {}
        spans: dict[int, list[tuple[int, int, int]]] = {number: [] for number in unread}
        for some in batched(unread):
            texts |= {n: (text, parts) for n, text, parts in connection.execute(select(one.n, one.text, one.parts).where(one.n.in_(some)))}
            in_order = select(passages.article, passages.n, passages.start, passages.stop).where(passages.article.in_(some)).order_by(passages.n)
            for article, *span in connection.execute(in_order):
                spans[article].append(tuple(span))
        return [known[row[NUMBER]] or self._made(row, texts[row[NUMBER]], spans[row[NUMBER]]) for row in rows]

    def _made(self, row: Row, texts: tuple[str, str], spans: list[tuple[int, int, int]]) -> Whole | ArticleDamaged:
        article = article_of(row[ID : ORIGIN + 1], row[DOCUMENT], *texts) if row_is_sound(row) else None
        if article is None or seal(spans) != row[SPANS]:
            return damaged(row[ID])
        whole = article, {n: Span(start, stop) for n, start, stop in spans}
        if len(article.text) < _REMEMBERED:
            with self._lock:
                self._read[row[NUMBER], row[-1]] = whole
        return whole

    def _checked(self, row: Row) -> Row:
        if not row_is_sound(row):
            raise damaged(row[ID])
        return row


def _values(one: Coming) -> Mapping[str, object]:
    """The row of an article."""
    article, parts, spans = one.entry.article, parts_of(one.entry.article), one.spans()
    document, arrived = document_of(article, parts), second_of(one.entry.arrived) if one.entry.arrived else None
    facts = (*facts_of(article), len(article.text), len(spans), seal(spans), vectors_digest(one.entry.vectors), document, arrived)
    sealed = dict(zip(_SEALED, (one.number, *facts, row_seal(facts)), strict=True))
    return {**sealed, "key": key_of(article.id), "text": article.text, "parts": parts, "original": referred(document), **derived(article)}

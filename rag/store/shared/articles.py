"""The rows of articles: their texts, facts and passages, under the seals that the local store has too."""

import threading
from collections.abc import Iterable, Iterator, Sequence

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from rag.errors import ArticleDamaged
from rag.store.article_rows import article_of, document_of, facts_of, parts_of, second_of, with_original
from rag.store.base import Entry, Passages
from rag.store.packed import referred
from rag.store.seal import seal
from rag.store.sealed_rows import SEALED, Row, row_is_sound, row_seal
from rag.store.shared.database import MOST_VALUES, batched
from rag.store.shared.facts import WAY_OUT
from rag.store.shared.filtering import derived
from rag.store.shared.generations import Generation, Generations
from rag.store.shared.tables import Tables, key_of
from rag.types import Article, Original, Passage, Span

# what a row's seal is over, and the seal
_SEALED = ("n", *SEALED.split(", "), "seal")
NUMBER, ID, SHA256, ORIGIN, PASSAGES, SPANS, VECTORS, DOCUMENT, ARRIVED = 0, 1, 7, 8, 10, 11, 12, 13, 14
# so many characters of texts that were read and found to be what was stored are kept for the next question
_REMEMBERED = 64 * 1024 * 1024

# an article with its passages' spans by number
Whole = tuple[Article, dict[int, Span]]


class Articles:
    """For use in a transaction."""

    def __init__(self, tables: Tables, generations: Generations) -> None:
        self._tables = tables
        self._table = tables.articles
        self._sealed = [self._table.c[name] for name in _SEALED]
        self._generations = generations
        # a row of a number and a seal has one text for ever
        self._read: LRUCache[tuple[int, str], Whole] = LRUCache(_REMEMBERED, getsizeof=lambda one: 1 + len(one[0].text))
        self._lock = threading.Lock()

    def row(self, connection: Connection, id: str) -> Row | None:
        """That of the article that has the id now."""
        return next(self._rows(connection, self._table.c.key == key_of(id), None), None)

    def sound_row(self, connection: Connection, id: str) -> Row | None:
        """The same, if it is what was stored."""
        row = self.row(connection, id)
        return row if row and row_is_sound(row) else None

    def numbers(self, connection: Connection, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the articles' rows, of those that are there and what was stored."""
        found = (self._rows(connection, self._table.c.key.in_(some), None) for some in batched(map(key_of, ids)))
        return {row[ID]: row[NUMBER] for rows in found for row in rows if row_is_sound(row)}

    def at(self, connection: Connection, number: int) -> Row | None:
        """That of the article of a number, which it has now."""
        return next(self._rows(connection, self._table.c.n == number, None), None)

    def sound(self, connection: Connection, number: int) -> Article | None:
        """The article of a number, None where it is there no more, or is not what was stored."""
        row = self.at(connection, number)
        whole = self._wholes(connection, [row])[0] if row else None
        return whole[0] if isinstance(whole, tuple) else None

    def rows(self, connection: Connection) -> Iterator[Row]:
        """Those of all articles, sound or not, in the order in which they came."""
        asked = select(*self._sealed).where(self._generations.of(None)).order_by(self._table.c.n)
        yield from map(tuple, connection.execute(asked, execution_options={"yield_per": MOST_VALUES}))

    def ids(self, connection: Connection, after: str, count: int) -> list[str]:
        """`count` ids behind that one, in their order."""
        found = select(self._table.c.id).where(self._generations.of(None), self._table.c.id > after).order_by(self._table.c.id).limit(count)
        return list(connection.execute(found).scalars())

    def article(self, connection: Connection, row: Row) -> Article:
        """Raises ArticleDamaged."""
        return self._whole(connection, row)[0]

    def spans(self, connection: Connection, row: Row) -> dict[int, Span]:
        """Those of its passages, by their numbers, in their order. Raises ArticleDamaged."""
        return self._whole(connection, row)[1]

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
        for row, whole in zip(rows, self._wholes(connection, rows), strict=True):
            if isinstance(whole, ArticleDamaged):
                errors.append(whole)
                continue
            article, spans = whole
            found |= {number: Passage(article, spans[number]) for number in owners[row[NUMBER]]}
        return Passages(found, errors)

    def passages_of(self, connection: Connection, row: Row) -> list[Passage]:
        """All of an article's, in their order. Raises ArticleDamaged."""
        article, spans = self._whole(connection, row)
        return [Passage(article, span) for span in spans.values()]

    def write(self, connection: Connection, number: int, first: int, entry: Entry, vectors: str, generation: int) -> str:
        """Writes the rows of an article whose passages have the numbers from `first` on, and gives its seal; `vectors` is the digest of these."""
        article, parts = entry.article, parts_of(entry.article)
        rows = [(first + place, span.start, span.end) for place, span in enumerate(entry.spans)]
        document, arrived = document_of(article, parts), second_of(entry.arrived) if entry.arrived else None
        facts = (*facts_of(article), len(article.text), len(rows), seal(rows), vectors, document, arrived)
        values = dict(zip(_SEALED, (number, *facts, row_seal(facts)), strict=True))
        values |= {
            "key": key_of(article.id),
            "born": generation,
            "text": article.text,
            "parts": parts,
            "original": referred(document),
            **derived(article),
        }
        connection.execute(insert(self._table), values)
        if rows:
            passages = [{"n": n, "article": number, "start": start, "stop": stop} for n, start, stop in rows]
            connection.execute(insert(self._tables.passages), passages)
        return str(values["seal"])

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
        yield from map(tuple, connection.execute(select(*self._sealed).where(which, self._generations.of(generation))))

    def _whole(self, connection: Connection, row: Row) -> Whole:
        (whole,) = self._wholes(connection, [row])
        if isinstance(whole, ArticleDamaged):
            raise whole
        return whole

    def _wholes(self, connection: Connection, rows: Sequence[Row]) -> list[Whole | ArticleDamaged]:
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
            return damaged(row)
        whole = article, {n: Span(start, stop) for n, start, stop in spans}
        if len(article.text) < _REMEMBERED:
            with self._lock:
                self._read[row[NUMBER], row[-1]] = whole
        return whole

    def _checked(self, row: Row) -> Row:
        if not row_is_sound(row):
            raise damaged(row)
        return row


def damaged(row: Row) -> ArticleDamaged:
    return ArticleDamaged(f"article {row[ID]} is not what was stored; {WAY_OUT}", str(row[ID]))

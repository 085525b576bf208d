"""The truth: one SQLite file with articles, passage windows, vectors and the identity of their model; notes and feedback too."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from rag.arrays import Numbers, Vectors
from rag.errors import ArchiveDamaged
from rag.listing import Listed, Order, Place, Shelf
from rag.store.base import Entry
from rag.store.database import Access, Database
from rag.store.feedback import FeedbackLog
from rag.store.notes import Notes
from rag.store.seal import seal
from rag.types import Article, Filters, Identity, Passage, Searched, Span

_COLUMNS = "id, title, source, author, published, url, text, sha256, origin, seal"
# where the words that a list is searched for may stand: no word has a line feed in it, so none runs across two names
_NAMES = "a.title || char(10) || coalesce(a.source, '') || char(10) || coalesce(a.author, '')"
# what a list is sorted by, how a place's key is compared with that, and which way it runs; NULLs are last
_ORDERS = {
    Order.NEWEST: ("a.published", "?", "DESC"),
    Order.OLDEST: ("a.published", "?", "ASC"),
    Order.TITLE: ("folded(a.title)", "folded(?)", "ASC"),
    Order.SOURCE: ("folded(a.source)", "folded(?)", "ASC"),
    Order.LONGEST: ("length(a.text)", "?", "DESC"),
}
# vectors are kept in half precision: half the size, and cosines change by less than 0.001
_STORED = np.float16

Row = tuple[str, str, str | None, str | None, str | None, str | None, str, str, str, str]


class Truth:
    """One connection to the file; a file that is not there yet reads as an empty one. Raises ArchiveDamaged."""

    def __init__(self, folder: Path, access: Access = Access.READ) -> None:
        self._db = Database(folder, access)
        self.notes = Notes(self._db)
        self.feedback = FeedbackLog(self._db)

    def close(self) -> None:
        self._db.close()

    @property
    def is_current(self) -> bool:
        """Whether this connection sees what is written from now on."""
        return self._db.is_current

    @property
    def generation(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(n), 0) FROM generations").fetchone()[0])

    @property
    def token(self) -> str:
        """A name for this generation that no other has: a file restored from a copy counts on from the copy's number."""
        row = self._db.execute("SELECT token FROM generations ORDER BY n DESC LIMIT 1").fetchone()
        return row[0] if row else ""

    def has_been(self, token: str) -> bool:
        """Whether this or an earlier generation has that token."""
        return self._db.execute("SELECT 1 FROM generations WHERE token = ?", (token,)).fetchone() is not None

    @property
    def identity(self) -> Identity | None:
        """The model of the vectors, or None while there are none."""
        model = self._meta("model")
        if model is None:
            return None
        return Identity(model, self._meta("weights") or "", int(self._meta("dimension") or 0))

    @property
    def passage_settings(self) -> str | None:
        return self._meta("passages")

    @contextmanager
    def transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """One generation to read, or with "IMMEDIATE" one to write: all of it, or on an exception none."""
        with self._db.transaction(kind):
            yield

    def bind(self, identity: Identity, passage_settings: str) -> None:
        """Records what the vectors are made with. For use in a writing transaction."""
        values = {"model": identity.model, "weights": identity.sha256, "dimension": str(identity.dimension), "passages": passage_settings}
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def put(self, entries: Sequence[Entry]) -> None:
        """Writes articles in place of those with their ids. For use in a writing transaction."""
        for entry in entries:
            self._db.execute("DELETE FROM articles WHERE id = ?", (entry.article.id,))
            inserted = self._db.execute(f"INSERT INTO articles ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(entry.article))
            self._db.executemany(
                "INSERT INTO passages (article, start, stop, vector) VALUES (?, ?, ?, ?)",
                (
                    (inserted.lastrowid, span.start, span.end, vector.astype(_STORED).tobytes())
                    for span, vector in zip(entry.spans, entry.vectors, strict=True)
                ),
            )
        self._advance()

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Removes articles and gives back the ids that were there. For use in a writing transaction."""
        removed = [id for id in ids if self._db.execute("DELETE FROM articles WHERE id = ?", (id,)).rowcount]
        if removed:
            self._advance()
        return removed

    def relocate(self, id: str, origin: str) -> None:
        """Records that an article was read from elsewhere. For use in a writing transaction."""
        article = self.article(id)
        if article:
            moved = _row(replace(article, origin=origin))
            self._db.execute("UPDATE articles SET origin = ?, seal = ? WHERE id = ?", (origin, moved[-1], id))

    def article(self, id: str) -> Article | None:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", (id,)).fetchall()
        return _article(rows[0]) if rows else None

    def ids(self) -> list[str]:
        return [id for (id,) in self._db.execute("SELECT id FROM articles ORDER BY id")]

    def origins(self) -> dict[str, str]:
        """Where each article was read from, by its id."""
        return dict(self._db.execute("SELECT id, origin FROM articles"))

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """The passages by number; those of one article share it, and one that is gone is left out."""
        articles: dict[int, Article] = {}
        found = {}
        for number in numbers:
            row = self._db.execute("SELECT article, start, stop FROM passages WHERE n = ?", (int(number),)).fetchone()
            if row is None:
                continue
            if row[0] not in articles:
                articles[row[0]] = _article(self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE n = ?", row[:1]).fetchone())
            found[int(number)] = Passage(articles[row[0]], Span(row[1], row[2]))
        return found

    def vectors(self, dimension: int) -> tuple[Numbers, Vectors]:
        """All passages' numbers, ascending, and their vectors, float32 [passages, dimension]."""
        rows = self._db.execute("SELECT n, vector FROM passages ORDER BY n").fetchall()
        numbers = np.array([n for n, _ in rows], dtype=np.int64)
        return numbers, self._joined([vector for _, vector in rows], dimension)

    def entry(self, id: str) -> Entry | None:
        """An article with its passages and their vectors, float32 [passages, dimension]; None for an unknown id."""
        row = self._db.execute(f"SELECT {_COLUMNS}, n FROM articles WHERE id = ?", (id,)).fetchone()
        if row is None:
            return None
        rows = self._db.execute("SELECT start, stop, vector FROM passages WHERE article = ? ORDER BY n", row[-1:]).fetchall()
        spans = [Span(start, stop) for start, stop, _ in rows]
        return Entry(_article(row[:-1]), spans, self._joined([vector for *_, vector in rows], int(self._meta("dimension") or 0)))

    def texts(self) -> Iterator[tuple[int, str, str | None, str | None]]:
        """For every passage its number, its title and text, its source and its date."""
        last: tuple[int, Row] | None = None
        for number, article, start, stop in self._db.execute("SELECT n, article, start, stop FROM passages ORDER BY n"):
            if last is None or last[0] != article:
                last = article, self._db.execute(f"SELECT {_COLUMNS} FROM articles WHERE n = ?", (article,)).fetchone()
            _, title, source, _, published, _, text, *_ = last[1]
            yield number, f"{title}\n{text[start:stop]}", source, published

    def numbers(self, filters: Filters) -> Numbers:
        """The numbers of the passages that the filters leave, ascending."""
        where, values = _where(filters)
        rows = self._db.execute(f"SELECT p.n FROM passages p JOIN articles a ON a.n = p.article {where} ORDER BY p.n", values)
        return np.fromiter((n for (n,) in rows), dtype=np.int64)

    def searched(self, filters: Filters) -> Searched:
        where, values = _where(filters)
        count, earliest, latest, undated = self._db.execute(
            f"SELECT count(*), min(published), max(published), count(*) - count(published) FROM articles a {where}", values
        ).fetchone()
        joined = f"JOIN articles a ON a.n = p.article {where}" if filters else ""
        passages = self._db.execute(f"SELECT count(*) FROM passages p {joined}", values).fetchone()[0]
        return Searched(count, passages, _date(earliest), _date(latest), undated, filters)

    def shelf(self, words: Sequence[str], filters: Filters, order: Order, offset: int, limit: int, past: Place | None) -> Shelf:
        """The articles that the filters leave and that have every one of `words` in title, source or author; those behind `past`."""
        where, values = _where(filters)
        where += f" AND instr(folded({_NAMES}), ?)" * len(words)
        values += [word.casefold() for word in words]
        total = self._db.execute(f"SELECT count(*) FROM articles a {where}", values).fetchone()[0]
        behind, place = _behind(order, past)
        column, _, way = _ORDERS[order]
        # the rows are sorted before the lengths of the texts are asked for, which takes reading them
        found = self._db.execute(
            f"SELECT n FROM articles a {where}{behind} ORDER BY {column} {way} NULLS LAST, a.id LIMIT ? OFFSET ?",
            [*values, *place, limit, min(offset, total)],
        ).fetchall()
        return Shelf(total, tuple(self._listed(n) for (n,) in found))

    def sources(self) -> dict[str, int]:
        """How many articles each named source has."""
        return dict(self._db.execute("SELECT source, count(*) FROM articles WHERE source IS NOT NULL GROUP BY source ORDER BY source"))

    def _joined(self, vectors: Sequence[bytes], dimension: int) -> Vectors:
        """Stored vectors as one array, float32 [len(vectors), dimension]."""
        joined = b"".join(vectors)
        data = np.frombuffer(joined[: len(joined) // 2 * 2], dtype=_STORED)
        if data.size != len(vectors) * dimension:
            raise ArchiveDamaged(f"{self._db.path} is damaged: a vector has not the length of the others; add the articles to a new folder")
        return data.astype(np.float32).reshape(len(vectors), dimension)

    def _listed(self, n: int) -> Listed:
        row = self._db.execute("SELECT id, title, source, author, published, url, length(text) FROM articles WHERE n = ?", (n,)).fetchone()
        id, title, source, author, published, url, characters = row
        return Listed(id, title, source, author, _date(published), url, characters)

    def _meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _advance(self) -> None:
        self._db.execute("INSERT INTO generations (token) VALUES (?)", (uuid.uuid4().hex,))


def _row(article: Article) -> Row:
    published = article.published.isoformat() if article.published else None
    facts = (
        article.id, article.title, article.source, article.author, published, article.url, article.text, article.sha256, article.origin,
    )  # fmt: skip
    return *facts, seal(facts)


def _article(row: Row) -> Article:
    facts, sealed = row[:-1], row[-1]
    id, title, source, author, published, url, text, sha256, origin = facts
    if sealed != seal(facts):
        raise ArchiveDamaged(f"article {id} is not what was stored; remove it and add it again")
    return Article(id, title, source, author, _date(published), url, text, sha256, origin)


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _where(filters: Filters) -> tuple[str, list[str]]:
    """A WHERE clause over articles `a`, and its values. NULL, an unknown date or source, is outside every filter."""
    clauses, values = ["TRUE"], []
    if filters.after:
        clauses.append("a.published >= ?")
        values.append(filters.after.isoformat())
    if filters.before:
        clauses.append("a.published <= ?")
        values.append(filters.before.isoformat())
    if filters.sources is not None:
        clauses.append(f"a.source IN ({', '.join('?' * len(filters.sources))})")
        values += filters.sources
    return f"WHERE {' AND '.join(clauses)}", values


def _behind(order: Order, past: Place | None) -> tuple[str, list[str | int]]:
    """More of a WHERE clause, for what stands behind that place, and its values."""
    if past is None:
        return "", []
    column, key, way = _ORDERS[order]
    if past.key is None:
        return f" AND {column} IS NULL AND a.id > ?", [past.id]
    beyond = "<" if way == "DESC" else ">"
    return f" AND ({column} IS NULL OR {column} {beyond} {key} OR ({column} = {key} AND a.id > ?))", [past.key, past.key, past.id]

"""The generations of a shared archive: which one is searched, and what of all that is stored belongs to it.

A writer makes a generation with everything that it puts, and names the last one as
searched when it ends. Where it was killed, what it had acknowledged is searched as
soon as its lease has run out.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from rag.store.shared.facts import Facts
from rag.store.shared.tables import Tables

_SEARCHED = "searched"


@dataclass(frozen=True, slots=True)
class Generation:
    """`horizon` is the number of its last passage; `passages` and `words` are how many passages it has, and how many stems stand in them."""

    number: int
    token: str
    horizon: int
    passages: int
    words: int


NONE = Generation(0, "", 0, 0, 0)


class Generations:
    """For use in a transaction."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self._tables = tables
        self._facts = facts

    def last(self, connection: Connection) -> Generation:
        """The one that everything which was acknowledged belongs to."""
        table = self._tables.generations
        row = connection.execute(select(table).order_by(table.c.n.desc()).limit(1)).one_or_none()
        return Generation(*row) if row else NONE

    def searched(self, connection: Connection) -> Generation:
        """The one that a writer named as it ended."""
        number = int(self._facts.get(connection, _SEARCHED) or 0)
        table = self._tables.generations
        row = connection.execute(select(table).where(table.c.n == number)).one_or_none()
        return Generation(*row) if row else NONE

    def advance(self, connection: Connection, before: Generation, *, horizon: int, passages: int, words: int) -> Generation:
        """Makes the next one, of so many passages and words more or fewer."""
        made = Generation(before.number + 1, uuid.uuid4().hex, max(before.horizon, horizon), before.passages + passages, before.words + words)
        values = dict(zip(self._tables.generations.c.keys(), (made.number, made.token, made.horizon, made.passages, made.words), strict=True))
        connection.execute(insert(self._tables.generations), values)
        return made

    def publish(self, connection: Connection, generation: Generation) -> None:
        """Has it searched from now on."""
        self._facts.set(connection, {_SEARCHED: str(generation.number)})

    def has_been(self, connection: Connection, token: str) -> bool:
        """Whether one has that token."""
        table = self._tables.generations.c
        return connection.execute(select(table.n).where(table.token == token)).first() is not None

    def hidden(self, connection: Connection, generation: Generation) -> tuple[int, ...]:
        """The numbers of the articles whose passages Milvus may have up to its horizon, and that do not belong to it."""
        articles, incoming = self._tables.articles.c, self._tables.incoming.c
        gone = select(articles.n).where(articles.died <= generation.number)
        return tuple(connection.execute(gone.union_all(select(incoming.article))).scalars())

    def of(self, generation: Generation | None) -> ColumnElement[bool]:
        """Holds of the rows of articles that belong to a generation, or to the last one."""
        articles = self._tables.articles.c
        if generation is None:
            now: ColumnElement[bool] = articles.died.is_(None)
            return now
        return and_(articles.born <= generation.number, or_(articles.died.is_(None), articles.died > generation.number))

    def end(self, connection: Connection, articles: list[int], generation: int, now: float) -> None:
        """Records that the articles with these numbers do not belong to `generation` and those after it."""
        table = self._tables.articles
        connection.execute(update(table).where(table.c.n.in_(articles)).values(died=generation, died_at=now))

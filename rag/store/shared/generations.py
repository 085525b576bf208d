"""The generations of a shared archive: which one is searched, and what of all that is stored belongs to it.

A writer makes a generation with everything that it puts, and names the last one as
searched when it ends. Where it was killed, what it had acknowledged is searched as
soon as its lease has run out. Of each of the two the archive says what it is as a fact
under a seal, and of those before them only what they were called.
"""

import json
import uuid
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from rag.errors import ArchiveDamaged
from rag.store.shared.checksum import checksum
from rag.store.shared.database import batched, now
from rag.store.shared.facts import WAY_OUT, Facts
from rag.store.shared.tables import Tables

_LAST, _SEARCHED = "last generation", "searched generation"


@dataclass(frozen=True, slots=True)
class Generation:
    """`horizon` is the number of its last passage; `passages` and `words` are how many passages it has, and how many stems stand in them."""

    number: int
    token: str
    horizon: int
    passages: int
    words: int


NONE = Generation(0, "", 0, 0, 0)


def life(number: Any, born: Any, died: Any) -> Any:
    """A checksum of when a row came and went (0 for not yet), of numbers or of columns: SQL can make it as well as Python."""
    return checksum(number + born, number + died)


class Generations:
    """For use in a transaction."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self._tables = tables
        self._facts = facts

    def last(self, connection: Connection) -> Generation:
        """The one that everything which was acknowledged belongs to. Raises ArchiveDamaged."""
        return self._told(connection, _LAST)

    def searched(self, connection: Connection) -> Generation:
        """The one that a writer named as it ended. Raises ArchiveDamaged."""
        return self._told(connection, _SEARCHED)

    def advance(self, connection: Connection, before: Generation, *, horizon: int, passages: int, words: int) -> None:
        """Makes the next one, of so many passages and words more or fewer."""
        made = Generation(before.number + 1, uuid.uuid4().hex, max(before.horizon, horizon), before.passages + passages, before.words + words)
        if before == NONE:
            # where either is not known later, it is lost
            self._name_searched(connection, NONE)
        self._facts.set(connection, {_LAST: json.dumps(astuple(made))})
        connection.execute(insert(self._tables.tokens), {"token": made.token})

    def publish(self, connection: Connection, generation: Generation) -> None:
        """Has it searched from now on."""
        table = self._tables.articles
        # until now they were searched, however long ago they ended
        ended = update(table).where(table.c.died > self.searched(connection).number)
        connection.execute(ended.values(died_at=now(connection)))
        self._name_searched(connection, generation)

    def has_been(self, connection: Connection, token: str) -> bool:
        """Whether one has, or had, that token."""
        tokens = self._tables.tokens.c.token
        return connection.execute(select(tokens).where(tokens == token)).first() is not None

    def hidden(self, connection: Connection, generation: Generation) -> tuple[int, ...]:
        """The numbers of the articles whose passages Milvus may have up to its horizon, and that do not belong to it."""
        articles, incoming = self._tables.articles.c, self._tables.incoming.c
        gone = select(articles.n).where(articles.died <= generation.number, self._is_sound)
        return tuple(connection.execute(gone.union_all(select(incoming.article))).scalars())

    def of(self, generation: Generation | None) -> ColumnElement[bool]:
        """Holds of the rows of articles that belong to a generation, or to the last one."""
        articles = self._tables.articles.c
        if generation is None:
            return and_(articles.died.is_(None), self._is_sound)
        return and_(articles.born <= generation.number, or_(articles.died.is_(None), articles.died > generation.number), self._is_sound)

    def end(self, connection: Connection, articles: list[int], generation: int) -> None:
        """Records that the articles with these numbers do not belong to `generation` and those after it."""
        table, columns = self._tables.articles, self._tables.articles.c
        ended = {"died": generation, "died_at": now(connection), "life": life(columns.n, columns.born, generation)}
        for some in batched(articles):
            connection.execute(update(table).where(columns.n.in_(some)).values(ended))

    def _name_searched(self, connection: Connection, generation: Generation) -> None:
        self._facts.set(connection, {_SEARCHED: json.dumps(astuple(generation))})

    @property
    def _is_sound(self) -> ColumnElement[bool]:
        """Holds where a row came and went when it says, as far as one can see: one that was removed does not come back by itself."""
        articles = self._tables.articles.c
        found: ColumnElement[bool] = articles.life == life(articles.n, articles.born, func.coalesce(articles.died, 0))
        return found

    def _told(self, connection: Connection, name: str) -> Generation:
        told = self._facts.get(connection, name)
        if told:
            return Generation(*json.loads(told))
        if connection.execute(select(self._tables.articles.c.n).limit(1)).first():
            raise ArchiveDamaged(f"{self._facts.shown} is damaged: what its {name} is was lost; {WAY_OUT}")
        return NONE

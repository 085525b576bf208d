"""The documents that articles of a shared archive were read from, each once, by the SHA-256 of its bytes.

Articles and earlier texts say by a column which one they were read from. Whoever takes
some away releases theirs, and of all documents only those that were released are looked at.
"""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, delete, exists, func, insert, select

from rag.errors import ArchiveDamaged
from rag.store.packed import Packed, pack
from rag.store.seal import seal
from rag.store.shared.database import MOST_VALUES
from rag.store.shared.facts import Facts
from rag.store.shared.inserting import insert_absent
from rag.store.shared.tables import Tables
from rag.types import Original

_BYTES = "bytes of originals"


class Originals:
    """For use in a transaction, a writing one where something is changed."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self._table, self._released = tables.originals, tables.released
        self._articles, self._editions = tables.articles.c, tables.editions.c
        # as it is sealed: its SHA-256, how many bytes it has, and how many it takes
        self._row = self._table.c.sha256, self._table.c.bytes, func.length(self._table.c.packed).label("takes")
        self._facts = facts

    def keep(self, connection: Connection, original: Original) -> Original | None:
        """Keeps a document unless it is there; gives it without its bytes, None where it is not there and they are not given."""
        if not connection.execute(select(1).where(self._table.c.sha256 == original.sha256)).first():
            if original.data is None:
                return None
            made = pack(original, original.data)
            connection.execute(insert(self._table), {"sha256": made.sha256, "bytes": made.length, "packed": made.packed})
            self._facts.exchange(connection, "originals", come=[made.seal])
            self._weigh(connection, len(made.packed))
        return replace(original, data=None)

    def packed(self, connection: Connection, sha256: str) -> Packed | None:
        """None where it is not there."""
        row = connection.execute(select(self._table).where(self._table.c.sha256 == sha256)).one_or_none()
        return Packed(*row) if row else None

    def check(self, connection: Connection) -> None:
        """Raises ArchiveDamaged where one is lost; they themselves are not read. For a reading transaction."""
        rows = connection.execute(select(*self._row).execution_options(yield_per=MOST_VALUES))
        self._facts.check(connection, "originals", (seal(tuple(row)) for row in rows))

    def size(self, connection: Connection) -> int | None:
        """How many bytes all of them take; None where one is lost, which is no reason not to use the articles. For a reading transaction."""
        try:
            recorded = int(self._facts.get(connection, _BYTES) or 0)
        except ArchiveDamaged:
            return None
        found = int(connection.execute(select(func.coalesce(func.sum(func.length(self._table.c.packed)), 0))).scalar_one())
        return found if found == recorded else None

    def release(self, connection: Connection, originals: Iterable[str | None]) -> None:
        """Records that articles or earlier texts are gone that were read from the documents of these SHA-256."""
        insert_absent(connection, self._released, [{"sha256": sha256} for sha256 in sorted({one for one in originals if one})])

    def drop_unreferred(self, connection: Connection) -> None:
        """Removes those that were released and that no article of the last generation, and no earlier text, refers to."""
        sha256 = self._table.c.sha256
        is_referred = (
            exists().where(self._articles.original == sha256, self._articles.died.is_(None)),
            exists().where(self._editions.original == sha256),
        )
        removal = delete(self._table).where(sha256.in_(select(self._released.c.sha256)), *(~one for one in is_referred)).returning(*self._row)
        gone = connection.execute(removal).all()
        connection.execute(delete(self._released))
        if gone:
            self._facts.exchange(connection, "originals", gone=[seal(tuple(row)) for row in gone])
            self._weigh(connection, -sum(row.takes for row in gone))

    def _weigh(self, connection: Connection, more: int) -> None:
        """Records that all of them take so many bytes more."""
        self._facts.set(connection, {_BYTES: str(int(self._facts.get(connection, _BYTES, change=True) or 0) + more)})

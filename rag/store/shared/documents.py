"""The documents that were read into a shared archive, and what was in each: what is unchanged need not be read again.

It is memory, not truth: where a row is lost or damaged, its document is read again.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from rag.store.document_rows import kept_of, row_of
from rag.store.inventory import kept_seal
from rag.store.shared.database import batched
from rag.store.shared.tables import Tables, key_of
from rag.types import Kept

_NAMES = ("origin", "sha256", "reader", "columns", "found", "seal")


class Documents:
    """For use in a transaction."""

    def __init__(self, tables: Tables) -> None:
        self._table, self._held = tables.documents, tables.held
        self._rows = select(*(self._table.c[name] for name in _NAMES))

    def keep(self, connection: Connection, kept: Kept, numbers: Mapping[str, int]) -> None:
        """Records what was in a document, in place of what is recorded under its origin. For use in a writing transaction.

        `numbers` are those of the rows of its articles, by their ids.
        """
        key = key_of(kept.document.origin)
        connection.execute(delete(self._table).where(self._table.c.key == key))
        connection.execute(delete(self._held).where(self._held.c.document == key))
        connection.execute(insert(self._table), dict(zip(_NAMES, row_of(kept, numbers), strict=True)) | {"key": key})
        if numbers:
            connection.execute(insert(self._held), [{"document": key, "article": number} for number in sorted(set(numbers.values()))])

    def kept(self, connection: Connection, origin: str) -> tuple[Kept, Mapping[str, int]] | None:
        """What was in the document that was read from there, and the numbers of its articles' rows; None where nobody knows."""
        row = connection.execute(self._rows.where(self._table.c.key == key_of(origin))).one_or_none()
        found = kept_of(row) if row else None
        return found if found and found[0].document.origin == origin else None

    def seals(self, connection: Connection, numbers: Mapping[str, int]) -> dict[str, str]:
        """By their origins the seals of those whose articles all have the rows of these numbers."""
        found = map(kept_of, connection.execute(self._rows))
        return {one[0].document.origin: kept_seal(one[0]) for one in found if one and one[1].items() <= numbers.items()}

    def holding(self, connection: Connection, numbers: Mapping[str, int]) -> Iterable[tuple[str, str]]:
        """Each of the articles, whose rows have these numbers, with the place of each document that has it."""
        keys: set[str] = set()
        for some in batched(numbers.values()):
            keys.update(connection.execute(select(self._held.c.document).where(self._held.c.article.in_(some))).scalars())
        for some_keys in batched(sorted(keys)):
            for row in connection.execute(self._rows.where(self._table.c.key.in_(some_keys)).order_by(self._table.c.origin)):
                kept, rows = kept_of(row) or (None, {})
                if kept:
                    yield from ((id, kept.document.place) for id in rows.keys() & numbers.keys() if rows[id] == numbers[id])

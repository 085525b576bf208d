"""The documents that were read, and what was in each: what is unchanged need not be read again.

It is memory, not truth: where a row is lost or damaged, its document is read again.
"""

from collections.abc import Iterable, Mapping

from rag.store.database import Database
from rag.store.document_rows import kept_of, row_of
from rag.store.inventory import kept_seal
from rag.types import Kept

_ALL = "SELECT origin, sha256, reader, columns, found, seal FROM documents"


class Documents:
    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, kept: Kept, numbers: Mapping[str, int]) -> None:
        """Records what was in a document, in place of what is recorded under its origin. For use in a writing transaction.

        `numbers` are those of the rows of its articles, by their ids.
        """
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", row_of(kept, numbers))

    def kept(self, origin: str) -> tuple[Kept, Mapping[str, int]] | None:
        """What was in the document that was read from there, and the numbers of its articles' rows; None where nobody knows."""
        row = self._db.execute(f"{_ALL} WHERE origin = ?", (origin,)).fetchone()
        return kept_of(row) if row else None

    def seals(self, numbers: Mapping[str, int]) -> dict[str, str]:
        """By their origins the seals of those whose articles all have the rows of these numbers."""
        found = (kept_of(row) for row in self._db.execute(_ALL))
        return {one[0].document.origin: kept_seal(one[0]) for one in found if one and one[1].items() <= numbers.items()}

    def holding(self, numbers: Mapping[str, int]) -> Iterable[tuple[str, str]]:
        """Each of the articles, whose rows have these numbers, with the place of each document that has it."""
        # most often nothing is asked for, and there may be many documents
        for row in self._db.execute(_ALL) if numbers else ():
            kept, rows = kept_of(row) or (None, {})
            if kept:
                yield from ((id, kept.document.place) for id in rows.keys() & numbers.keys() if rows[id] == numbers[id])

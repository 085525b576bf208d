"""The documents that were read, and what was in each: what is unchanged need not be read again.

It is memory, not truth: where a row is lost or damaged, its document is read again.
"""

import json
from collections.abc import Iterable
from dataclasses import astuple, replace

from rag.store.database import Database
from rag.store.seal import seal
from rag.types import Document, Kept, Refusal


class Documents:
    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, documents: Iterable[Kept]) -> None:
        """Records what was in documents, each in place of what is recorded under its origin. For use in a writing transaction."""
        rows = [
            (*astuple(kept.document), json.dumps({"ids": kept.ids, "refused": [(one.origin, one.reason) for one in kept.refused]}))
            for kept in documents
        ]
        self._db.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", [(*row, seal(row)) for row in rows])

    def kept(self, document: Document) -> Kept | None:
        """What was in a document of these bytes, if it was read from there, by the same columns; None where nobody knows.

        What readers refused is only known of their version.
        """
        row = self._db.execute("SELECT origin, sha256, reader, columns, found, seal FROM documents WHERE origin = ?", (document.origin,)).fetchone()
        if row is None or row[-1] != seal(row[:-1]):
            return None
        before, found = Document(*row[:4]), json.loads(row[4])
        if replace(before, reader=document.reader) != document or (found["refused"] and before != document):
            return None
        return Kept(document, tuple(found["ids"]), tuple(Refusal(origin, reason) for origin, reason in found["refused"]))

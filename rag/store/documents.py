"""The documents that were read, and what was in each: what is unchanged need not be read again.

It is memory, not truth: where a row is lost or damaged, its document is read again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

from rag.store.database import Database
from rag.store.inventory import kept_seal
from rag.store.seal import seal
from rag.types import Document, Kept, Refusal, Validators

# under what each article's id stands with the number of its row: another text of it has another row
_ROWS = "rows"
_ALL = "SELECT origin, sha256, reader, columns, found, seal FROM documents"


class Documents:
    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, kept: Kept, numbers: Mapping[str, int]) -> None:
        """Records what was in a document, in place of what is recorded under its origin. For use in a writing transaction.

        `numbers` are those of the rows of its articles, by their ids.
        """
        document = kept.document
        validators = astuple(document.validators) if document.validators else None
        found = json.dumps({_ROWS: numbers, "refused": [(one.origin, one.reason) for one in kept.refused], "validators": validators})
        row = (document.origin, document.sha256, document.reader, document.columns, found)
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", (*row, seal(row)))

    def kept(self, origin: str) -> tuple[Kept, Mapping[str, int]] | None:
        """What was in the document that was read from there, and the numbers of its articles' rows; None where nobody knows."""
        row = self._db.execute(f"{_ALL} WHERE origin = ?", (origin,)).fetchone()
        return _kept(row) if row else None

    def seals(self, numbers: Mapping[str, int]) -> dict[str, str]:
        """By their origins the seals of those whose articles all have the rows of these numbers."""
        found = (_kept(row) for row in self._db.execute(_ALL))
        return {one[0].document.origin: kept_seal(one[0]) for one in found if one and one[1].items() <= numbers.items()}

    def holding(self, numbers: Mapping[str, int]) -> Iterable[tuple[str, str]]:
        """Each of the articles, whose rows have these numbers, with the place of each document that has it."""
        # most often nothing is asked for, and there may be many documents
        for row in self._db.execute(_ALL) if numbers else ():
            kept, rows = _kept(row) or (None, {})
            if kept:
                yield from ((id, kept.document.place) for id in rows.keys() & numbers.keys() if rows[id] == numbers[id])


def _kept(row: Sequence[Any]) -> tuple[Kept, Mapping[str, int]] | None:
    if row[-1] != seal(row[:-1]):
        return None
    found = json.loads(row[4])
    validators = Validators(*found["validators"]) if found["validators"] else None
    refused = tuple(Refusal(origin, reason) for origin, reason in found["refused"])
    return Kept(replace(Document(*row[:4]), validators=validators), tuple(found[_ROWS]), refused), found[_ROWS]

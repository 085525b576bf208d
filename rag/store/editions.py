"""The SQL of earlier texts of articles: what was quoted stays to be shown, and none of it is searched."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from rag.errors import ArchiveDamaged
from rag.store.article_rows import FACTS, document_of, facts_of, parts_of
from rag.store.database import Database
from rag.store.edition_rows import ID, SEALED, edition_of, is_whole, told
from rag.store.inventory import Earlier, edition_row_seal
from rag.store.meta import WAY_OUT, Meta
from rag.store.seal import seal
from rag.types import Edition

_SHA256 = 7

# an edition's number, its facts, what its document told, when it was replaced, and the seal of these
Row = tuple[Any, ...]


class Editions:
    """For use in a transaction. No two of an article have one text, and none has the text that the article has now."""

    def __init__(self, db: Database, meta: Meta) -> None:
        self._db = db
        self._meta = meta
        self._known: tuple[str, Mapping[str, list[int]]] = "", {}

    def of(self, id: str | None) -> list[Edition]:
        """The earlier texts of an article, or all, what was replaced last first. Raises ArchiveDamaged."""
        known = self._numbers()
        numbers = known.get(id, []) if id is not None else sorted(number for some in known.values() for number in some)
        return [self.edition(number) for number in reversed(numbers)]

    def edition(self, number: int) -> Edition:
        """The one of that number. Raises ArchiveDamaged where it is lost or is not what was stored."""
        row: Row | None = self._db.execute(f"SELECT {SEALED}, seal, text, parts FROM editions WHERE n = ?", (number,)).fetchone()
        if row is None:
            raise ArchiveDamaged(f"{self._db.path} is damaged: an earlier text of an article is lost; {WAY_OUT}")
        edition = edition_of(row)
        if edition is None:
            raise _damaged(row)
        return edition

    def find(self, id: str, sha256: str) -> Edition | None:
        """The one of an article that has that text; None where there is none. Raises ArchiveDamaged where it is not what was stored."""
        found = self._db.execute("SELECT n FROM editions WHERE id = ? AND sha256 = ?", (id, sha256)).fetchone()
        return self.edition(found[0]) if found else None

    def counts(self, ids: Collection[str]) -> Mapping[str, int]:
        """How many there are of each of the articles; texts are not read. Raises ArchiveDamaged."""
        known = self._numbers()
        return {id: len(known.get(id, ())) for id in ids}

    def earlier(self) -> list[Earlier]:
        """All that are what was stored, what was replaced first first, by their seals; their texts are not read."""
        return [
            Earlier(row[ID], row[_SHA256], edition_row_seal(row[1:-3], row[-3], datetime.fromisoformat(row[-2])))
            for row in self._rows()
            if row[-1] == seal(row[:-1])
        ]

    def check(self) -> None:
        """Raises ArchiveDamaged where one is lost; what the others have is not looked at."""
        self._meta.check("editions", (row[-1] for row in self._rows()))

    def add(self, editions: Sequence[Edition]) -> None:
        if editions:
            self._meta.exchange("editions", come=[self._added(edition) for edition in editions])

    def remove(self, texts: Collection[tuple[str, str]]) -> None:
        """Removes those that have one of the texts, each an article's id and a SHA-256: what an article has again is no earlier text."""
        # by the table's index: whoever replaces thousands of articles asks as often
        found = f"SELECT {SEALED}, seal FROM editions WHERE id = ? AND sha256 = ?"
        self._remove([row for text in texts for row in self._db.execute(found, text)])

    def remove_after(self, count: int) -> bool:
        """Removes all but the first so many; whether there were others."""
        gone = self._rows()[count:]
        self._remove(gone)
        return bool(gone)

    def remove_all(self, ids: Collection[str]) -> Mapping[str, int]:
        """Removes all of the articles, and gives how many each had."""
        wanted = set(ids)
        gone = [row for row in self._rows() if row[ID] in wanted]
        self._remove(gone)
        return Counter(row[ID] for row in gone)

    def _numbers(self) -> Mapping[str, list[int]]:
        """The numbers of each article's, in the order in which they were replaced: read once for each state of the table."""
        total = self._meta.facts()["editions"]
        if self._known[0] != total:
            rows = self._rows()
            self._meta.check("editions", (row[-1] for row in rows))
            known: dict[str, list[int]] = {}
            for row in rows:
                if not is_whole(row):
                    raise _damaged(row)
                known.setdefault(row[ID], []).append(row[0])
            self._known = total, known
        return self._known[1]

    def _rows(self) -> list[Row]:
        """All without their texts, sound or not, in the order in which they were replaced."""
        return self._db.execute(f"SELECT {SEALED}, seal FROM editions ORDER BY n").fetchall()

    def _added(self, edition: Edition) -> str:
        """Writes a row and gives its seal."""
        article = edition.article
        parts = parts_of(article)
        facts = (*facts_of(article), document_of(article, parts), edition.replaced.isoformat())
        written = self._db.execute(
            f"INSERT INTO editions ({FACTS}, document, replaced, seal, text, parts) VALUES ({', '.join('?' * 13)})", (*facts, "", article.text, parts)
        )
        sealed = seal((written.lastrowid, *facts))
        self._db.execute("UPDATE editions SET seal = ? WHERE n = ?", (sealed, written.lastrowid))
        return sealed

    def _remove(self, gone: Sequence[Row]) -> None:
        if gone:
            self._db.executemany("DELETE FROM editions WHERE n = ?", [row[:1] for row in gone])
            self._meta.exchange("editions", gone=[row[-1] for row in gone])


def _damaged(row: Row) -> ArchiveDamaged:
    return ArchiveDamaged(f"{told(row)}; {WAY_OUT}")

"""The documents that articles were read from, each once, by the SHA-256 of its bytes, which says whether they are what was stored."""

from dataclasses import replace

from rag.errors import ArchiveDamaged
from rag.store.database import Database
from rag.store.meta import Meta
from rag.store.packed import Packed, pack, referred
from rag.store.seal import seal
from rag.types import Original

# what articles and their earlier texts say of their documents, as JSON
_SAID = ("SELECT document FROM articles NOT INDEXED", "SELECT document FROM editions NOT INDEXED")


class Originals:
    """For use in a transaction, a writing one where something is changed."""

    def __init__(self, db: Database, meta: Meta) -> None:
        self._db = db
        self._meta = meta

    def keep(self, original: Original) -> Original | None:
        """Keeps a document unless it is there; gives it without its bytes, None where it is not there and they are not given."""
        if not self._db.execute("SELECT 1 FROM originals WHERE sha256 = ?", (original.sha256,)).fetchone():
            if original.data is None:
                return None
            made = pack(original, original.data)
            self._db.execute("INSERT INTO originals VALUES (?, ?, ?)", (made.sha256, made.length, made.packed))
            self._meta.exchange("originals", come=[made.seal])
        return replace(original, data=None)

    def packed(self, sha256: str) -> Packed | None:
        """None where it is not there."""
        row = self._db.execute("SELECT sha256, bytes, packed FROM originals WHERE sha256 = ?", (sha256,)).fetchone()
        return Packed(*row) if row else None

    def check(self) -> None:
        """Raises ArchiveDamaged where one is lost; they themselves are not read."""
        self._meta.check("originals", map(seal, self._rows()))

    @property
    def size(self) -> int | None:
        """How many bytes all of them take; None where one is lost, which is no reason not to use the articles."""
        try:
            with self._db.told():
                self.check()
                return sum(packed for *_, packed in self._rows())
        except ArchiveDamaged:
            return None

    def drop_unreferred(self) -> None:
        """Removes those that no article and no earlier text of one refers to."""
        rows = self._rows()
        if not rows:
            return
        wanted = {referred(document) for documents in _SAID for (document,) in self._db.execute(documents)}
        gone = [row for row in rows if row[0] not in wanted]
        if gone:
            self._db.executemany("DELETE FROM originals WHERE sha256 = ?", [row[:1] for row in gone])
            self._meta.exchange("originals", gone=map(seal, gone))

    def _rows(self) -> list[tuple[str, int, int]]:
        """Each one's SHA-256, how many bytes it has, and how many it takes."""
        return self._db.execute("SELECT sha256, bytes, length(packed) FROM originals NOT INDEXED").fetchall()

"""The documents that articles were read from, each once, by the SHA-256 of its bytes, which says whether they are what was stored."""

import hashlib
import re
import zlib
from dataclasses import dataclass, replace

from rag.errors import ArchiveDamaged
from rag.store.database import Database
from rag.store.meta import Meta
from rag.store.seal import seal
from rag.types import Original

# what articles and their earlier texts say of their documents, as JSON
_SAID = ("SELECT document FROM articles NOT INDEXED", "SELECT document FROM editions NOT INDEXED")
_REFERENCE = re.compile(r'"original": \["([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as it is stored: the SHA-256 of its bytes, how many they are, and what zlib made of them."""

    sha256: str
    length: int
    packed: bytes

    def unpacked(self) -> bytes | None:
        """Its bytes, None where they are not what was stored."""
        try:
            data = zlib.decompressobj().decompress(self.packed, self.length + 1) if self.length > 0 else b""
        # damage can make another type of a value
        except (OverflowError, TypeError, ValueError, zlib.error):
            return None
        return data if len(data) == self.length and hashlib.sha256(data).hexdigest() == self.sha256 else None


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
            packed = zlib.compress(original.data)
            self._db.execute("INSERT INTO originals VALUES (?, ?, ?)", (original.sha256, len(original.data), packed))
            self._meta.exchange("originals", come=[seal((original.sha256, len(original.data), len(packed)))])
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
        said = (document for documents in _SAID for (document,) in self._db.execute(documents) if isinstance(document, str))
        referred = {sha256 for document in said for sha256 in _REFERENCE.findall(document)}
        gone = [row for row in rows if row[0] not in referred]
        if gone:
            self._db.executemany("DELETE FROM originals WHERE sha256 = ?", [row[:1] for row in gone])
            self._meta.exchange("originals", gone=map(seal, gone))

    def _rows(self) -> list[tuple[str, int, int]]:
        """Each one's SHA-256, how many bytes it has, and how many it takes."""
        return self._db.execute("SELECT sha256, bytes, length(packed) FROM originals NOT INDEXED").fetchall()

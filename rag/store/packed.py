"""A document that articles were read from, as it is stored, and who refers to it."""

import hashlib
import re
import zlib
from dataclasses import dataclass

from rag.store.seal import seal
from rag.types import Original

_REFERENCE = re.compile(r'"original": \["([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Packed:
    """The SHA-256 of its bytes, how many they are, and what zlib made of them."""

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

    @property
    def seal(self) -> str:
        return seal((self.sha256, self.length, len(self.packed)))


def pack(original: Original, data: bytes) -> Packed:
    return Packed(original.sha256, len(data), zlib.compress(data))


def referred(document: str | None) -> str | None:
    """The SHA-256 of the original that what `article_rows.document_of` gave refers to; None where it refers to none."""
    found = _REFERENCE.search(document) if isinstance(document, str) else None
    return found[1] if found else None

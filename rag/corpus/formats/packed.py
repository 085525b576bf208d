"""Unpacking within bounds: a small file must not become one that fills the memory."""

import gzip
import io
import zlib
from typing import IO
from zipfile import BadZipFile

from rag.errors import InputError

# What one document may unpack to, and all documents of a file together.
MOST_BYTES, MOST_BYTES_TOGETHER = 50_000_000, 400_000_000
# Prose is packed to a third, tables of numbers and markup to a fiftieth; what unpacks to more is the same over and over.
_MOST_TIMES, _SMALL = 200, 1_000_000


def gunzipped(data: bytes) -> bytes:
    """The file that gzip packed. Raises InputError where it unpacks to too much, or is damaged."""
    return unpacked(gzip.GzipFile(fileobj=io.BytesIO(data)), len(data))


def unpacked(file: IO[bytes] | io.BufferedIOBase, packed_bytes: int) -> bytes:
    """What `packed_bytes` unpack to, read from `file`. Raises InputError where that is too much, or they are damaged."""
    most = min(MOST_BYTES, max(_SMALL, packed_bytes * _MOST_TIMES))
    try:
        data = file.read(most + 1)
    # an end too early, a wrong checksum, and what is no packed data
    except (EOFError, OSError, BadZipFile, zlib.error) as error:
        raise InputError(f"it is damaged, and cannot be unpacked ({str(error)[:80]})") from None
    if len(data) > most:
        raise InputError(f"it unpacks to more than {most:,} bytes; unpack it yourself, and add what is in it")
    return data

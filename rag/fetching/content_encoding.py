"""Bytes as they were before they were compressed, made in small pieces, so that a few bytes that stand for many can be stopped at."""

import zlib
from collections.abc import Iterable, Iterator

# what is asked for; every server that compresses has it
ACCEPTED = "gzip"
_PIECE = 65_536


def decoded(chunks: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The bytes that `coding`, a Content-Encoding, was applied to. Raises ValueError for another than gzip, and where they are damaged."""
    if coding.strip().lower() in ("", "identity"):
        return iter(chunks)
    if coding.strip().lower() in ("gzip", "x-gzip"):
        return gunzipped(chunks)
    raise ValueError(f"it came compressed as {coding[:40]!a}, which was not asked for")


def gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What was compressed by gzip, in one member or several, at most 64 kB at a time. Raises ValueError where it is damaged."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if inflater.eof:
                    inflater = zlib.decompressobj(wbits=31)
                yield inflater.decompress(rest, _PIECE)
                rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    except zlib.error:
        raise ValueError("what was compressed is damaged") from None
    if not inflater.eof:
        raise ValueError("what was compressed ends too early")

"""Checksums over all that is stored, checked whenever it is read: what the disk changed is not given out."""

import hashlib
import json
from collections.abc import Iterable, Sequence

_MODULUS = 2**256


def seal(facts: Sequence[object]) -> str:
    # what damage made of another type has no seal that could match
    return hashlib.sha256(json.dumps(facts, default=repr).encode()).hexdigest()


def known(facts: Sequence[object]) -> Sequence[object]:
    """Facts up to the last that is known: what later versions added stands at their end, and is no part of the seals of rows that lack it."""
    last = max((place for place, fact in enumerate(facts) if fact is not None), default=-1)
    return facts[: last + 1]


def digest(blobs: Iterable[bytes]) -> str:
    """Of bytes one after the other."""
    hashed = hashlib.sha256()
    for blob in blobs:
        hashed.update(blob if isinstance(blob, bytes) else repr(blob).encode())
    return hashed.hexdigest()


def total(seals: Iterable[str], less: Iterable[str] = ()) -> str:
    """The sum of seals, those of `less` taken away: it tells whether one of them is gone, in whatever order they are read."""
    return f"{(sum(map(_number, seals)) - sum(map(_number, less))) % _MODULUS:064x}"


def _number(sealed: str) -> int:
    try:
        return int(sealed, 16)
    except (TypeError, ValueError):
        return 0

"""Cursors of the list of articles: opaque to the caller, and proof against articles that come and go between pages.

A cursor is the place of a page's last entry and a checksum over it and the list
that it belongs to (order, filters, words). It gives no right to anything, so it
needs no secret, and outlives the server.
"""

import base64
import hashlib
import json
from collections.abc import Sequence

from rag.errors import InputError
from rag.listing import Place

_CHECK_BYTES = 9
_LONGEST = 4_000
_MOST = 2**63 - 1
_WRONG = "the cursor is not one that this list gave; leave it out to begin anew"


def cursor(place: Place, of: Sequence[object]) -> str:
    """The cursor behind `place` in the list that was asked for by `of`, which is JSON."""
    payload = json.dumps([place.key, place.id]).encode()
    return base64.urlsafe_b64encode(_check(payload, of) + payload).decode().rstrip("=")


def place(given: str, of: Sequence[object]) -> Place:
    """The place that `cursor` was made of. Raises InputError for a cursor that was altered or belongs to another list."""
    if len(given) > _LONGEST:
        raise InputError(_WRONG)
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
        check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
        key, id = json.loads(payload) if check == _check(payload, of) else (None, None)
        json.dumps([key, id], ensure_ascii=False).encode()
    except (ValueError, TypeError, RecursionError):
        raise InputError(_WRONG) from None
    if not (isinstance(id, str) and (key is None or isinstance(key, str) or (type(key) is int and 0 <= key <= _MOST))):
        raise InputError(_WRONG)
    return Place(key, id)


def _check(payload: bytes, of: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(of).encode() + b"\n" + payload).digest()[:_CHECK_BYTES]

"""The rows of articles, each under a seal over its facts: whoever reads one can tell that it is what was stored.

A row is an article's number, its facts in the order of `SEALED`, and their seal. The
number is no part of it; texts and vectors are, by their digests.
"""

from typing import Any

from rag.store.article_rows import FACTS
from rag.store.seal import known, seal, total

# the columns that are sealed, in the order in which they are
SEALED = f"{FACTS}, characters, passages, spans, vectors, document, arrived"

Row = tuple[Any, ...]


def row_seal(facts: Row) -> str:
    """The seal of an article's facts; where no document told of it, or nobody knows when it came in, that is no part of it."""
    return seal(known(facts))


def lacks(row: Row) -> str:
    """What the sum of all seals lacks where this row's own is all that is changed of it."""
    return total([row_seal(row[1:-1])], row[-1:])


def row_is_sound(row: Row) -> bool:
    return bool(row[-1] == row_seal(row[1:-1]))

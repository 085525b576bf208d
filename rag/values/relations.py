"""A value given by its difference from another: 48 more than the 54."""

import math

from rag.values.amounts import amount
from rag.values.bounds import ABOUT, opened
from rag.values.nouns import noun
from rag.values.numbers import Number
from rag.values.quantity import Kind, Quantity, Reading, Role
from rag.values.tokens import Tokens
from rag.values.words import DETERMINERS, FORMER

_SIGNS = {"more": 1, "fewer": -1, "less": -1}
_FURTHEST = 7
_BREAKS = frozenset(", . ; and or".split())
_BEFORE_BASE = DETERMINERS | FORMER | {"about", "around"}


def relation(tokens: Tokens, at: int, more: Number, side: str) -> Reading | None:
    """48 more [stations] than the 54: their sum, and both of them for where the text states the sum itself."""
    base = _base(tokens, more)
    if base is None or not tokens.free_after(base.end):
        return None
    head, thing, _ = noun(tokens, more.end + 1)
    if not head:
        head, thing, _ = noun(tokens, base.end)
    total = base.value + _SIGNS[tokens.words[more.end]] * more.value
    known = Quantity(tokens.span(at, base.end), *opened(total, total, side), "", head, Kind.COUNT, thing, approximate=side == ABOUT)
    parts = [
        Quantity(tokens.span(first, number.end), number.value, number.value, "", head, Kind.COUNT, thing, number.place, role=Role.COMPARISON)
        for first, number in ((at, more), (base.first, base))
    ]
    return (known, *parts), base.end


def _base(tokens: Tokens, more: Number) -> Number | None:
    """The number that the other is more, fewer or less than."""
    if more.unit or tokens.words[more.end] not in _SIGNS:
        return None
    between = tokens.words[more.end + 1 : more.end + _FURTHEST]
    if "than" not in between or not _BREAKS.isdisjoint(between[: between.index("than")]):
        return None
    first = more.end + 2 + between.index("than")
    for at in range(first, first + 3):
        base = amount(tokens, at)
        if base:
            return None if base.unit or base.plain or math.isnan(base.value) else base
        if tokens.words[at] not in _BEFORE_BASE:
            break
    return None

"""Numbers in words: twenty-one, a hundred and five, two and a half million, half a dozen."""

import math

from rag.values.cardinals import CARDINALS, SCALES, TENS, below_hundred
from rag.values.numbers import ROUNDED_FROM, Number
from rag.values.tokens import Tokens

_FRACTIONS = frozenset("third thirds quarter quarters half halves fifth fifths tenth tenths eighths sixth sixths".split())
_AND_A_HALF = ["and", "a", "half"]


def in_words(tokens: Tokens, at: int) -> Number | None:
    """The number in words at the token; its value is no number for a fraction, which is no quantity here."""
    if tokens.words[at] in {"a", "half"}:
        return _of_scale(tokens, at)
    value, end = below_hundred(tokens, at)
    if not value:
        return None
    total, end = _chain(tokens, end, value)
    following = tokens.words[end] if tokens.words[end] != "-" else tokens.words[end + 1]
    if following in _FRACTIONS or following in CARDINALS or following in TENS:
        return Number(at, min(end + 2, len(tokens)), math.nan, 0.0)
    return Number(at, end, total, _place(total, tokens.words[end - 1]), written=True)


def _of_scale(tokens: Tokens, at: int) -> Number | None:
    """A million; half a million; not "half million" nor "of a million"."""
    half = tokens.words[at] == "half"
    if half and tokens.words[at + 1] != "a":
        return None
    first = at + 1 + half
    if tokens.words[first] not in SCALES or tokens.words[at - 1] == "of":
        return None
    value, end = _chain(tokens, first, 0.5 if half else 1.0)
    largest = max((scale for scale in SCALES.values() if scale <= value), default=1.0)
    return Number(at, end, value, _place(value, tokens.words[first]), largest, written=True)


def _place(value: float, last: str) -> float:
    scale = SCALES.get(last, 1.0)
    return scale / 2 if scale >= ROUNDED_FROM and value % scale == 0 else 0.5


def _chain(tokens: Tokens, at: int, value: float) -> tuple[float, int]:
    """`value` times and plus what follows it: [two] hundred [and] fifty thousand; at most six steps."""
    total = 0.0
    for _ in range(6):
        if tokens.words[at : at + 3] == _AND_A_HALF:
            value, at = value + 0.5, at + 3
        scale = SCALES.get(tokens.words[at], 0.0)
        if not scale:
            break
        value, at = _scaled(tokens, at + 1, value * scale, scale)
        more, end = below_hundred(tokens, at + (tokens.words[at] == "and"))
        following = tokens.words[end]
        if not more or scale == SCALES["dozen"] or following in {"of", "more"}:
            break
        if SCALES.get(following, 0.0) > scale or (following != "hundred" and value % 1000 and following in SCALES):
            value, at = value + more, end  # two hundred and fifty [thousand]
            continue
        total, value, at = total + value, more, end
        if following not in SCALES:
            break
    return total + value, at


def _scaled(tokens: Tokens, at: int, value: float, scale: float) -> tuple[float, int]:
    """`value` times the scales of the same size or more that follow: a hundred [thousand million]."""
    while scale <= SCALES.get(tokens.words[at], 0.0) and tokens.words[at] != "dozen":
        value, at = value * SCALES[tokens.words[at]], at + 1
    return value, at

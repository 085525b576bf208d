"""Numbers in digits and in words: 54, 1,234, 1.5m, 2 million, twenty-one, half a dozen."""

import math
from typing import NamedTuple

from rag.english.words import CARDINALS, SCALES, TENS
from rag.values.nouns import noun
from rag.values.quantity import ValueKind
from rag.values.tokens import DASHES, Tokens, plain

# A figure with zeros at its end may be rounded, from this size on, but never to less than two digits.
ROUNDED_FROM = 1000
_LONGEST = 15
GLUED = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3}
_FRACTIONS = frozenset("half halves third thirds quarter quarters fifth fifths tenth tenths".split())
_AND_A_HALF = ["and", "a", "half"]


class Number(NamedTuple):
    """A number and the unit written to it: the tokens from `first` up to `end`."""

    first: int
    end: int
    value: float
    place: float  # half of the last digit's
    scale: float = 1.0
    factor: float = 1.0  # of the unit it is written in, to its base unit
    unit: str = ""
    kind: ValueKind = ValueKind.COUNT
    plain: bool = False  # four digits that may be a year
    aged: bool = False
    written: bool = False


def in_digits(tokens: Tokens, at: int, *, money: bool) -> Number | None:
    """The number in digits at the token."""
    text, digits = tokens.texts[at], plain(tokens.texts[at]) if tokens.digits(at) else ""
    if not 0 < len(digits) <= _LONGEST:
        return None
    value, decimals = float(digits), len(digits.partition(".")[2])
    scale, end = _scale_after(tokens, at + 1, money=money)
    bare = end == at + 1
    place = 0.5 * 10.0**-decimals * scale
    if bare and not decimals and value >= ROUNDED_FROM:
        place *= 10.0 ** min(len(digits) - len(digits.rstrip("0")), len(str(int(value))) - 2)
    return Number(at, end, value * scale, place, scale, plain=bare and len(text) == 4 and text.isdigit() and 1500 <= value <= 2099)


def _scale_after(tokens: Tokens, at: int, *, money: bool) -> tuple[float, int]:
    """What the words after a number multiply it by, and the token after them."""
    word = tokens.words[at]
    if word in GLUED:
        return (GLUED[word], at + 1) if _stands_for_scale(tokens, at, word, money=money) else (1.0, at)
    scale, end = 1.0, at + (word == "-" and tokens.glued(at) and tokens.words[at + 1] in SCALES)
    while tokens.words[end] in SCALES and end < at + 3:
        scale, end = scale * SCALES[tokens.words[end]], end + 1
    return (scale, end) if scale > 1 else (1.0, at)


def _stands_for_scale(tokens: Tokens, at: int, word: str, *, money: bool) -> bool:
    """Whether "m" and the like are millions, not metres: in money, in "1.5bn", and before what is counted."""
    if not tokens.glued(at):
        return money and word in {"bn", "tn", "m"}
    return money or word in {"bn", "tn", "mn"} or (word == "m" and bool(noun(tokens, at + 1).head))


def below_hundred(tokens: Tokens, at: int) -> tuple[int, int]:
    """One to ninety-nine in words, and the token after it; 0 where there is none."""
    word = tokens.words[at]
    if word in CARDINALS:
        return CARDINALS[word], at + 1
    if word not in TENS:
        return 0, at
    unit = at + 2 if tokens.words[at + 1] in DASHES and tokens.glued(at + 1) else at + 1
    one = CARDINALS.get(tokens.words[unit], 10)
    return (TENS[word] + one, unit + 1) if one < 10 else (TENS[word], at + 1)


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

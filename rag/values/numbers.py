"""Numbers in digits: 54, 1,234, 1.5m, 2 million."""

from typing import NamedTuple

from rag.values.cardinals import SCALES
from rag.values.nouns import noun
from rag.values.quantity import Kind
from rag.values.tokens import Tokens

# A figure with zeros at its end may be rounded, from this size on, but never to less than two digits.
ROUNDED_FROM = 1000
_LONGEST = 15
_GLUED = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3}


class Number(NamedTuple):
    """A number and the unit written to it: the tokens from `first` up to `end`."""

    first: int
    end: int
    value: float
    place: float  # half of the last digit's
    scale: float = 1.0
    factor: float = 1.0  # of the unit it is written in, to its base unit
    unit: str = ""
    kind: Kind = Kind.COUNT
    plain: bool = False  # four digits that may be a year
    aged: bool = False
    written: bool = False


def in_digits(tokens: Tokens, at: int, *, money: bool) -> Number | None:
    """The number in digits at the token."""
    text = tokens.texts[at]
    if not tokens.digits(at) or len(text) > _LONGEST:
        return None
    value, decimals = float(text.replace(",", "")), len(text.partition(".")[2])
    scale, end = _scale_after(tokens, at + 1, money=money)
    bare = end == at + 1
    place = 0.5 * 10.0**-decimals * scale
    if bare and not decimals and value >= ROUNDED_FROM:
        digits = text.replace(",", "")
        place *= 10.0 ** min(len(digits) - len(digits.rstrip("0")), len(str(int(value))) - 2)
    return Number(at, end, value * scale, place, scale, plain=bare and len(text) == 4 and text.isdigit() and 1500 <= value <= 2099)


def _scale_after(tokens: Tokens, at: int, *, money: bool) -> tuple[float, int]:
    """What the words after a number multiply it by, and the token after them."""
    word = tokens.words[at]
    if word in _GLUED:
        return (_GLUED[word], at + 1) if _stands_for_scale(tokens, at, word, money=money) else (1.0, at)
    scale, end = 1.0, at + (word == "-" and tokens.glued(at) and tokens.words[at + 1] in SCALES)
    while tokens.words[end] in SCALES and end < at + 3:
        scale, end = scale * SCALES[tokens.words[end]], end + 1
    return (scale, end) if scale > 1 else (1.0, at)


def _stands_for_scale(tokens: Tokens, at: int, word: str, *, money: bool) -> bool:
    """Whether "m" and the like are millions, not metres: in money, in "1.5bn", and before what is counted."""
    if not tokens.glued(at):
        return money and word in {"bn", "tn", "m"}
    return money or word in {"bn", "tn", "mn"} or (word == "m" and bool(noun(tokens, at + 1).head))

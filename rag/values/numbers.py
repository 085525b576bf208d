"""Numbers in digits and in words with signs and units, two as the ends of one value, and the words that leave one open.

Half a dozen, −$3m, 2 hours and 30 minutes, 20-30 km; more than, up to, about, or more.
"""

import math
from typing import NamedTuple

from rag.english.words import CARDINALS, SCALES, TENS
from rag.values.nouns import noun
from rag.values.quantity import ValueKind
from rag.values.tokens import DASHES, Tokens, plain
from rag.values.units import currency_before, unit_after

# A figure with zeros at its end may be rounded, from this size on, but never to less than two digits.
ROUNDED_FROM = 1000
_LONGEST = 15
GLUED = {"m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3}
_RANGING = frozenset("range ranges ranged ranging anywhere".split())
_LINKS = frozenset("to or - –".split())
_JOINTS = frozenset("and or &".split())
_LONGEST_LIST = 6
_FRACTIONS = frozenset("half halves third thirds quarter quarters fifth fifths tenth tenths".split())
_MOST_SCALES = 6
# The side that is left open: the values above, those below, or both a little.
ABOVE, BELOW, ABOUT = ">", "<", "~"
_COMPARING = {"over": ABOVE, "above": ABOVE, "more than": ABOVE, "greater than": ABOVE}
_COMPARING |= {"under": BELOW, "below": BELOW, "less than": BELOW, "fewer than": BELOW}
# What a denial makes of a side: not before May is from May on.
DENIED = {ABOVE: BELOW, BELOW: ABOVE}
BOUNDS_BEFORE = {
    **_COMPARING,
    **{f"{no} {phrase}": DENIED[side] for phrase, side in _COMPARING.items() for no in ("no", "not")},
    **{f"{far} {phrase}": side for phrase, side in _COMPARING.items() for far in ("well", "a total of")},
    **{f"{near} {phrase}": ABOUT for phrase in _COMPARING for near in ("just", "slightly", "a little")},
    **dict.fromkeys("at least|upwards of|in excess of|exceeding|a minimum of|as few as|>".split("|"), ABOVE),
    **dict.fromkeys("up to|at most|a maximum of|as many as|as much as|<".split("|"), BELOW),
    **dict.fromkeys("about|around|nearly|almost|roughly|approximately|some|an estimated|estimated|circa|close to|~|≈".split("|"), ABOUT),
}
BOUNDS_AFTER = {"or more": ABOVE, "at least": ABOVE, "+": ABOVE, "plus": ABOVE, "or fewer": BELOW, "or less": BELOW, "or so": ABOUT}
_LONGEST_BOUND = max(len(phrase.split()) for phrase in BOUNDS_BEFORE)


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


def amount(tokens: Tokens, at: int) -> Number | None:
    """The number at the token with its sign, currency, scale and unit."""
    minus = tokens.minus(at)
    currency, first = currency_before(tokens, at + minus)
    inner = currency != "" and tokens.minus(first)
    number = _in_digits(tokens, first + inner, money=True) if currency else _number(tokens, first)
    if number is None:
        return None
    if currency:
        number = number._replace(unit=currency, kind=ValueKind.MONEY)
    elif tokens.words[first - 1] == "aged":
        number = number._replace(unit="year", kind=ValueKind.MEASURE, aged=True)
    else:
        number = _with_unit(tokens, number)
    return number._replace(first=at, value=-number.value if minus or inner else number.value)


def _number(tokens: Tokens, at: int) -> Number | None:
    return _in_digits(tokens, at, money=False) if tokens.digits(at) else _in_words(tokens, at)


def _with_unit(tokens: Tokens, number: Number) -> Number:
    unit = unit_after(tokens, number.end)
    if unit is None:
        earthquake = "magnitude" in tokens.before(number.first, 2)
        return number._replace(unit="magnitude", kind=ValueKind.MEASURE, plain=False) if earthquake else number
    kind, base, factor, end = unit
    if base == "pound" and number.scale >= 1e6:
        kind, base = ValueKind.MONEY, "GBP"
    measured = number._replace(end=end, value=number.value * factor, place=number.place * factor, factor=factor, unit=base, kind=kind, plain=False)
    if kind is not ValueKind.MEASURE:
        return measured
    if tokens.words[end : end + 2] == ["below", "zero"]:
        return measured._replace(end=end + 2, value=-measured.value)
    old = end + (tokens.words[end] == "-")
    if base in {"year", "hour"} and tokens.words[old] in {"old", "olds"}:
        return measured._replace(end=old + 1, aged=True)
    return _compound(tokens, measured)


def _compound(tokens: Tokens, more: Number) -> Number:
    """Two hours and 30 minutes; 6 ft 2 inches."""
    less = _number(tokens, more.end + (tokens.words[more.end] == "and"))
    unit = unit_after(tokens, less.end) if less else None
    if less is None or unit is None or unit.base != more.unit or unit.factor >= more.factor:
        return more
    return more._replace(end=unit.end, value=more.value + less.value * unit.factor, place=less.place * unit.factor)


def bound(phrases: dict[str, str], tokens: Tokens, at: int) -> tuple[str, int]:
    """Which side the words at the token leave open ("" for none), and the token after them."""
    for end in range(at + _LONGEST_BOUND, at, -1):
        side = phrases.get(" ".join(tokens.words[at:end]))
        if side:
            return side, end
    return "", at


def opened(low: float, high: float, side: str) -> tuple[float, float]:
    """The least and the most, with one of them endless where that side is open."""
    return (-math.inf if side == BELOW else low, math.inf if side == ABOVE else high)


def range_from(tokens: Tokens, low: Number) -> tuple[Number, Number] | None:
    """The range that begins with a number. Not scores, years, or a change from 20 to 30."""
    before, link = tokens.words[low.first - 1], tokens.words[low.end]
    if link not in _LINKS and (before, link) != ("between", "and"):
        return None
    if before == "from" and _RANGING.isdisjoint(tokens.before(low.first, 6)):
        return None
    high = amount(tokens, low.end + 1)
    if high is None or not tokens.free_after(high.end):
        return None
    if link in DASHES and not (tokens.glued(low.end) and (high.unit or noun(tokens, high.end).head)):
        return None
    ends = _joined(low, high)
    return None if link == "or" and ends and ends[1].value - ends[0].value != high.scale * high.factor else ends


def coordinated(tokens: Tokens, first: Number) -> int:
    """The token after numbers that share what they count ("5 and 6 boys", "3, 5 and 7%", "$5 and $6 million"); 0 where this one has it alone."""
    last, link = first, ","
    for _ in range(_LONGEST_LIST):
        at = last.end + (tokens.words[last.end] == "," and tokens.words[last.end + 1] in _JOINTS)
        if tokens.words[at] not in _JOINTS and tokens.words[at] != ",":
            break
        link, following = tokens.words[at], amount(tokens, at + 1)
        if following is None:
            return 0
        last = following
    shared = not first.unit or first.aged or first.scale < last.scale
    return last.end if shared and link in _JOINTS and (first.aged or last.unit or noun(tokens, last.end).head) else 0


def _joined(low: Number, high: Number) -> tuple[Number, Number] | None:
    """The two ends of a range, each with the scale and unit that only the other states; None where they are no range."""
    if low.scale == 1 < high.scale and low.value / low.factor < high.value / high.scale / high.factor:
        low = low._replace(value=low.value * high.scale, place=low.place * high.scale)
    if high.unit and not low.unit:
        low = low._replace(value=low.value * high.factor, place=low.place * high.factor, unit=high.unit, kind=high.kind)
    if low.kind is ValueKind.MONEY and not high.unit:
        high = high._replace(unit=low.unit, kind=low.kind)
    return (low, high) if low.value < high.value and low.unit == high.unit else None


def _in_digits(tokens: Tokens, at: int, *, money: bool) -> Number | None:
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
        # "m" and the like are millions, not metres, in money, in "1.5bn", and before what is counted
        if tokens.glued(at):
            scales = money or word in {"bn", "tn", "mn"} or (word == "m" and bool(noun(tokens, at + 1).head))
        else:
            scales = money and word in {"bn", "tn", "m"}
        return (GLUED[word], at + 1) if scales else (1.0, at)
    scale, end = 1.0, at + (word == "-" and tokens.glued(at) and tokens.words[at + 1] in SCALES)
    while tokens.words[end] in SCALES and end < at + 3:
        scale, end = scale * SCALES[tokens.words[end]], end + 1
    return (scale, end) if scale > 1 else (1.0, at)


def _in_words(tokens: Tokens, at: int) -> Number | None:
    """The number in words at the token, but no "of a million"; its value is no number for a fraction, which is no quantity here."""
    value, end = _below_hundred(tokens, at)
    half = tokens.words[at : at + 2] == ["half", "a"]
    if (half or tokens.words[at] == "a") and tokens.words[at + 1 + half] in SCALES and tokens.words[at - 1] != "of":
        value, end = 0.5 if half else 1.0, at + 1 + half
    if not value:
        return None
    value, end = _scaled(tokens, end, value)
    following = tokens.words[end + (tokens.words[end] == "-")]
    if following in _FRACTIONS or following in CARDINALS or following in TENS:
        return Number(at, min(end + 2, len(tokens)), math.nan, 0.0)
    scale = SCALES.get(tokens.words[end - 1], 1.0)
    place = scale / 2 if scale >= ROUNDED_FROM and value % scale == 0 else 0.5
    return Number(at, end, value, place, scale, written=True)


def _below_hundred(tokens: Tokens, at: int) -> tuple[float, int]:
    """One to ninety-nine in words, and the token after it; 0 where there is none."""
    word = tokens.words[at]
    if word in CARDINALS:
        return CARDINALS[word], at + 1
    if word not in TENS:
        return 0, at
    unit = at + 2 if tokens.words[at + 1] in DASHES and tokens.glued(at + 1) else at + 1
    one = CARDINALS.get(tokens.words[unit], 10)
    return (TENS[word] + one, unit + 1) if one < 10 else (TENS[word], at + 1)


def _scaled(tokens: Tokens, at: int, value: float) -> tuple[float, int]:
    """`value` times and plus what follows it, and the token after that: [two] hundred [and] fifty thousand."""
    total, last = 0.0, math.inf
    for _ in range(_MOST_SCALES):
        if tokens.words[at : at + 3] == ["and", "a", "half"]:
            value, at = value + 0.5, at + 3
        scale = SCALES.get(tokens.words[at], 0.0)
        if not scale:
            break
        if scale < ROUNDED_FROM:
            value *= scale
        else:  # a hundred thousand million, but two million three hundred thousand
            total, value, last = (total + value * scale if scale < last else (total + value) * scale), 0.0, scale
        more, end = _below_hundred(tokens, at + 1 + (tokens.words[at + 1] == "and"))
        at += 1
        if more and scale != SCALES["dozen"] and tokens.words[end] not in {"of", "more"}:
            value, at = value + more, end
    return total + value, at

"""A number with its currency or its unit, and two numbers as the ends of one value: $3.5 million, 2 hours and 30 minutes, 20-30 km."""

from rag.values.nouns import noun
from rag.values.numbers import Number, in_digits, in_words
from rag.values.quantity import ValueKind
from rag.values.tokens import DASHES, Tokens
from rag.values.units import currency_before, unit_after

_CHANGES = frozenset(
    (
        "rose rise rises risen rising fell fall falls fallen falling grew grow grows grown growing increased increase increases increasing dropped "
        "drop drops dropping cut cuts cutting raised raise raises raising jumped jump jumps climbed climb climbs went gone declined decline declines "
        "up down doubled tripled revised upgraded lowered expanded shrank shrunk widened reduced soared surged plunged"
    ).split()
)
_CONTESTS = frozenset("win wins victory defeat loss draw lead vote votes decision majority margin record split ratio score".split())
_LINKS = frozenset("to or - –".split())


def amount(tokens: Tokens, at: int) -> Number | None:
    """The number at the token with its currency, scale and unit."""
    currency, first = ("", at) if tokens.digits(at) else currency_before(tokens, at)
    if currency:
        number = in_digits(tokens, first, money=True)
        return number and number._replace(first=at, unit=currency, kind=ValueKind.MONEY)
    number = _number(tokens, at)
    if number is None:
        return None
    if tokens.words[at - 1] == "aged":
        return number._replace(unit="year", kind=ValueKind.MEASURE, aged=True)
    return _with_unit(tokens, number)


def _number(tokens: Tokens, at: int) -> Number | None:
    return in_digits(tokens, at, money=False) if tokens.digits(at) else in_words(tokens, at)


def _with_unit(tokens: Tokens, number: Number) -> Number:
    unit = unit_after(tokens, number.end)
    if unit is None:
        return number._replace(unit="magnitude", kind=ValueKind.MEASURE, plain=False) if _of_magnitude(tokens, number.first) else number
    kind, base, factor, end = unit
    if base == "pound" and number.scale >= 1e6:
        kind, base = ValueKind.MONEY, "GBP"
    measured = number._replace(end=end, value=number.value * factor, place=number.place * factor, factor=factor, unit=base, kind=kind, plain=False)
    if kind is not ValueKind.MEASURE:
        return measured
    old = end + (tokens.words[end] == "-")
    if base in {"year", "hour"} and tokens.words[old] in {"old", "olds"}:
        return measured._replace(end=old + 1, aged=True)
    return _compound(tokens, measured)


def _of_magnitude(tokens: Tokens, at: int) -> bool:
    return tokens.words[at - 1] in {"magnitude", "of"} and "magnitude" in tokens.before(at, 2)


def _compound(tokens: Tokens, more: Number) -> Number:
    """Two hours and 30 minutes; 6 ft 2 inches."""
    less = _number(tokens, more.end + (tokens.words[more.end] == "and"))
    unit = unit_after(tokens, less.end) if less else None
    if less is None or unit is None or unit.base != more.unit or unit.factor >= more.factor:
        return more
    return more._replace(end=unit.end, value=more.value + less.value * unit.factor, place=less.place * unit.factor)


def range_from(tokens: Tokens, low: Number) -> tuple[Number, Number] | None:
    """The range that begins with a number. Not scores, years, or a rise from 20 to 30."""
    link = tokens.words[low.end]
    if link not in _LINKS or _change_from(tokens, low.first):
        return None
    high = amount(tokens, low.end + 1)
    if high is None or not tokens.free_after(high.end) or (low.plain and high.plain):
        return None
    if link in DASHES and not (tokens.glued(low.end) and _counted_in_dashes(tokens, high)):
        return None
    if link == "or" and not (low.written and high.value - low.value == 1):
        return None
    return joined(low, high)


def joined(low: Number, high: Number) -> tuple[Number, Number] | None:
    """The two ends of a range, each with the scale and unit that only the other states; None where they are no range."""
    if low.scale == 1 < high.scale and low.value / low.factor < high.value / high.scale / high.factor:
        low = low._replace(value=low.value * high.scale, place=low.place * high.scale)
    if high.unit and not low.unit:
        low = low._replace(value=low.value * high.factor, place=low.place * high.factor, unit=high.unit, kind=high.kind)
    if low.kind is ValueKind.MONEY and not high.unit:
        high = high._replace(unit=low.unit, kind=low.kind)
    return (low, high) if low.value < high.value and low.unit == high.unit else None


def _change_from(tokens: Tokens, at: int) -> bool:
    return tokens.words[at - 1] == "from" and not _CHANGES.isdisjoint(tokens.before(at, 12))


def _counted_in_dashes(tokens: Tokens, high: Number) -> bool:
    """Whether something is counted after a dash, other than what is won by 20-30."""
    head = noun(tokens, high.end).head
    return bool(head or high.unit) and tokens.words[high.end] not in _CONTESTS and head not in _CONTESTS

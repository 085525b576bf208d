"""A number with its currency or its unit, and two numbers as the ends of one value: $3.5 million, 2 hours and 30 minutes, 20-30 km."""

from rag.values.nouns import noun
from rag.values.numbers import Number, in_digits, in_words
from rag.values.quantity import ValueKind
from rag.values.tokens import DASHES, Tokens
from rag.values.units import currency_before, unit_after

_RANGING = frozenset("range ranges ranged ranging anywhere".split())
_LINKS = frozenset("to or - –".split())
_JOINTS = frozenset("and or &".split())
_COMMA_JOINTS = [[",", joint] for joint in _JOINTS]
_LONGEST_LIST = 6


def amount(tokens: Tokens, at: int) -> Number | None:
    """The number at the token with its sign, currency, scale and unit."""
    if tokens.minus(at):
        number = _unsigned(tokens, at + 1)
        return number and number._replace(first=at, value=-number.value)
    return _unsigned(tokens, at)


def _unsigned(tokens: Tokens, at: int) -> Number | None:
    currency, first = ("", at) if tokens.digits(at) else currency_before(tokens, at)
    if currency:
        minus = tokens.minus(first)
        number = in_digits(tokens, first + minus, money=True)
        return number and number._replace(first=at, value=number.value * (-1) ** minus, unit=currency, kind=ValueKind.MONEY)
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
    if tokens.words[end : end + 2] == ["below", "zero"]:
        return measured._replace(end=end + 2, value=-measured.value)
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
    """The range that begins with a number. Not scores, years, or a change from 20 to 30."""
    link = tokens.words[low.end]
    if link not in _LINKS or _change_from(tokens, low.first):
        return None
    high = amount(tokens, low.end + 1)
    if high is None or not tokens.free_after(high.end) or (low.plain and high.plain):
        return None
    if link in DASHES and not (tokens.glued(low.end) and (high.unit or noun(tokens, high.end).head)):
        return None
    ends = joined(low, high)
    return None if link == "or" and ends and ends[1].value - ends[0].value != high.scale * high.factor else ends


def coordinated(tokens: Tokens, first: Number) -> int:
    """The token after numbers that share what they count ("5 and 6 boys", "3, 5 and 7%", "$5 and $6 million"); 0 where this one has it alone."""
    last, link = first, ""
    for _ in range(_LONGEST_LIST):
        if tokens.words[last.end] not in _JOINTS and tokens.words[last.end] != ",":
            break
        at = last.end + (tokens.words[last.end : last.end + 2] in _COMMA_JOINTS)
        link, following = tokens.words[at], amount(tokens, at + 1)
        if following is None:
            return 0
        last = following
    shared = not first.unit or first.aged or first.scale < last.scale
    return last.end if shared and link in _JOINTS and (first.aged or last.unit or noun(tokens, last.end).head) else 0


def _change_from(tokens: Tokens, at: int) -> bool:
    """Whether what is counted went from the number at the token to another."""
    return tokens.words[at - 1] == "from" and _RANGING.isdisjoint(tokens.before(at, 6))


def joined(low: Number, high: Number) -> tuple[Number, Number] | None:
    """The two ends of a range, each with the scale and unit that only the other states; None where they are no range."""
    if low.scale == 1 < high.scale and low.value / low.factor < high.value / high.scale / high.factor:
        low = low._replace(value=low.value * high.scale, place=low.place * high.scale)
    if high.unit and not low.unit:
        low = low._replace(value=low.value * high.factor, place=low.place * high.factor, unit=high.unit, kind=high.kind)
    if low.kind is ValueKind.MONEY and not high.unit:
        high = high._replace(unit=low.unit, kind=low.kind)
    return (low, high) if low.value < high.value and low.unit == high.unit else None

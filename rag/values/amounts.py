"""A number with its currency or its unit: $3.5 million, 20 km, 2 hours and 30 minutes."""

from rag.values.currencies import currency_before
from rag.values.numbers import Number, in_digits
from rag.values.quantity import Kind
from rag.values.tokens import Tokens
from rag.values.units import unit_after
from rag.values.written import in_words


def amount(tokens: Tokens, at: int) -> Number | None:
    """The number at the token with its currency, scale and unit."""
    currency, first = ("", at) if tokens.digits(at) else currency_before(tokens, at)
    if currency:
        number = in_digits(tokens, first, money=True)
        return number and number._replace(first=at, unit=currency, kind=Kind.MONEY)
    number = _number(tokens, at)
    if number is None:
        return None
    if tokens.words[at - 1] == "aged":
        return number._replace(unit="year", kind=Kind.MEASURE, aged=True)
    return _with_unit(tokens, number)


def _number(tokens: Tokens, at: int) -> Number | None:
    return in_digits(tokens, at, money=False) if tokens.digits(at) else in_words(tokens, at)


def _with_unit(tokens: Tokens, number: Number) -> Number:
    unit = unit_after(tokens, number.end)
    if unit is None:
        return number._replace(unit="magnitude", kind=Kind.MEASURE, plain=False) if _of_magnitude(tokens, number.first) else number
    kind, base, factor, end = unit
    if base == "pound" and number.scale >= 1e6:
        kind, base = Kind.MONEY, "GBP"
    measured = number._replace(end=end, value=number.value * factor, place=number.place * factor, factor=factor, unit=base, kind=kind, plain=False)
    if kind is not Kind.MEASURE:
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

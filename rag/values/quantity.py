"""A value that a text gives, and whether two of them could be the same."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.types import Span

# The unit of a date without a year.
YEARLESS = "yearless"
# "About 100" is anything less than this share away from 100.
_APPROXIMATELY = 0.1


class ValueKind(StrEnum):
    COUNT = "count"
    MEASURE = "measure"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value and its window, as code points of the text it stands in.

    `low` and `high` are the least and the most that the words allow, in the
    base unit `unit`: "m", "kg", "hour" (up to weeks), "year" (from months on),
    "m2", "m3", "l", "MW"; "USD", "EUR" and the like, never converted; "%",
    "% point"; with "/hour", "/day"... for a rate; "" for a count. For dates they
    are the first and last day (`date.toordinal`), and `unit` is "" with a year,
    "yearless" without (then days of the year 2000). `place` is half of the last
    digit's place, in `unit`: how far off a rounded figure may be. `thing` is
    the window of the words for what is counted, empty where there are none,
    and `noun` their head, in lower case. `part` says that the text
    counts a part of what it counts elsewhere: 40 people, including 11 children.
    A name has itself, in lower case, as `noun`, and no number.
    """

    span: Span
    low: float
    high: float
    unit: str
    noun: str
    kind: ValueKind
    thing: Span
    place: float = 0.0
    approximate: bool = False
    part: bool = False


# What begins at a token, nothing or a quantity, and the token to read on from.
Reading = tuple[Quantity | None, int]


# Units that one number cannot have both, each set with those that may be others by another name: a dollar is any country's.
_DOLLARS = frozenset("USD AUD CAD NZD HKD SGD TWD".split())
_EITHER = ({"°C", "°F"}, {"%", "% point"})


def comparable(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities, where they do not agree, say different things of one: in one unit, or the same number in units that are not the same.

    Different numbers of different currencies may be one sum.
    """
    if a.kind is not b.kind or a.unit == b.unit or a.kind is ValueKind.DATE:
        return a.kind is b.kind
    other = {a.unit, b.unit} in _EITHER or (a.kind is ValueKind.MONEY and not {a.unit, b.unit} <= _DOLLARS)
    return other and (a.low, a.high) == (b.low, b.high)


def agree(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities of one kind and unit could be the same value; of different ones they never do.

    They could where their ranges meet, or miss each other by less than half the
    last digit's place of either ("1.2 million" and 1,234,000) but not by more
    than a tenth of it, or by less than a tenth of an approximate one. Of two
    that are open on the same side the ends are compared: more than 50 people
    are not more than 200. Names agree where they share a word.
    """
    if a.kind is not b.kind:
        return False
    if a.kind is ValueKind.DATE:
        return _dates_agree(a, b)
    if a.kind is ValueKind.NAME:
        return not set(a.noun.split()).isdisjoint(b.noun.split())
    if math.isinf(a.high) and math.isinf(b.high):
        gap = abs(a.low - b.low)
    elif math.isinf(a.low) and math.isinf(b.low):
        gap = abs(a.high - b.high)
    else:
        gap = max(0.0, a.low - b.high, b.low - a.high)
    scale = max((abs(x) for x in (a.low, a.high, b.low, b.high) if math.isfinite(x)), default=0.0)
    return a.unit == b.unit and (gap <= 1e-9 * scale or gap < max(_slack(a), _slack(b)))


def _slack(quantity: Quantity) -> float:
    finite = [abs(x) for x in (quantity.low, quantity.high) if math.isfinite(x)]
    tenth = _APPROXIMATELY * max(finite, default=0.0)
    return tenth if quantity.approximate else min(quantity.place, tenth)


def _dates_agree(a: Quantity, b: Quantity) -> bool:
    if a.unit == b.unit:
        return a.low <= b.high and b.low <= a.high
    yearless, dated = (a, b) if a.unit == YEARLESS else (b, a)
    if not math.isfinite(dated.high - dated.low) or dated.high - dated.low > 31:
        return True  # a whole year, or an open range, holds the day
    first, last = (date.fromordinal(int(x)).replace(year=2000).toordinal() for x in (dated.low, dated.high))
    return first > last or (first <= yearless.high and yearless.low <= last)

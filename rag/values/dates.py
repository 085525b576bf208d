"""Dates: 19 October 2022, Oct. 19, June 2022, 3-5 May, in 1932, 2022-10-19."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from rag.english.words import MONTH_NAMES
from rag.types import Span
from rag.values.nouns import noun
from rag.values.numbers import ABOVE, BELOW, DENIED, opened
from rag.values.quantity import YEARLESS, Quantity, Reading, ValueKind
from rag.values.tokens import DASHES, Tokens

_CUES = frozenset("in since by until till from during before after early late mid year of to last for between throughout around circa".split())
DATE_BOUNDS = {"before": BELOW, "by": BELOW, "until": BELOW, "till": BELOW, "after": ABOVE}
_LINKS = DASHES | {"to", "and"}


class _Days(NamedTuple):
    """The first and the last day, the token after the date, and the unit."""

    low: int
    high: int
    end: int
    unit: str


def dated(tokens: Tokens, at: int) -> Reading | None:
    """The date that begins at the token, with the word that bounds it: before 2020."""
    side = DATE_BOUNDS.get(tokens.words[at], "")
    first = at + 1 if side else at
    if not tokens.digits(first):
        found = _month_first(tokens, first)
    elif len(tokens.texts[first]) == 4:
        found = _iso(tokens, first) or _year_alone(tokens, first)
    else:
        found = _day_first(tokens, first)
    if found is None or not tokens.free_before(first) or not tokens.free_after(found.end):
        return None
    low, high, end, unit = found
    if any(word in {"not", "never"} or word.endswith(("n't", "n’t")) for word in tokens.before(at, 4)):
        side = DENIED.get(side, "")  # [will not open] before May, [did not open] until June
    if unit and tokens.digits(end - 1) and noun(tokens, end).head:
        return None, end  # "in March 12 people": a day or a number
    span = tokens.span(at, end)
    return Quantity(span, *opened(low, high, side), unit, "", ValueKind.DATE, Span(span.end, span.end)), end


def _day_first(tokens: Tokens, at: int) -> _Days | None:
    """19 October 2022; 19th of October; 3-5 May 2022; 3 to 5 May."""
    first, last, end = _day_or_days(tokens, at, _LINKS)
    end += tokens.words[end] == "of"
    number = tokens.month(end)
    if not first or not number:
        return None
    year, end = _year_after(tokens, _past_stop(tokens, end + 1))
    return _days(year, number, first, last, end)


def _month_first(tokens: Tokens, at: int) -> _Days | None:
    """October 19, 2022; Oct. 19; October 2022; June 3-5; a month alone, where the word before it says that it is one."""
    number = tokens.month(at)
    if not number:
        return None
    after = _past_stop(tokens, at + 1)
    first, last, end = _day_or_days(tokens, after, DASHES)
    if first:
        year, end = _year_after(tokens, end)
        return _days(year, number, first, last, end)
    year, end = _year_after(tokens, after + (tokens.words[after] == "of"))
    if year:
        return _days(year, number, 1, 0, end)
    alone = tokens.words[at] in MONTH_NAMES and not _CUES.isdisjoint(tokens.before(at, 1))
    return _days(0, number, 1, 0, at + 1) if alone else None


def _iso(tokens: Tokens, at: int) -> _Days | None:
    """2022-10-19."""
    try:
        day = date.fromisoformat("".join(tokens.words[at : at + 5])).toordinal()
    except ValueError:
        return None
    return _Days(day, day, at + 5, "")


def _year_alone(tokens: Tokens, at: int) -> _Days | None:
    """A year alone, where the word before it says that it is one, and it does not count what follows."""
    year = _year(tokens, at)
    if not year or _CUES.isdisjoint(tokens.before(at, 1)) or tokens.words[at + 1] in DASHES or noun(tokens, at + 1).head:
        return None
    return _Days(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), at + 1, "")


def _days(year: int, number: int, first: int, last: int, end: int) -> _Days | None:
    """The days from `first` to `last` of a month (`last` 0: to its end); None where the calendar has no such days."""
    most = monthrange(year or 2000, number)[1]
    last = last or most
    if not 1 <= first <= last <= most:
        return None
    return _Days(date(year or 2000, number, first).toordinal(), date(year or 2000, number, last).toordinal(), end, "" if year else YEARLESS)


def _day_or_days(tokens: Tokens, at: int, links: frozenset[str]) -> tuple[int, int, int]:
    """The first and the last day of a month, and the token after them; 0 where there are none."""
    first, end = _day(tokens, at)
    last, after = _day(tokens, end + 1) if first and tokens.words[end] in links else (0, end)
    return (first, last, after) if last else (first, first, end)


def _day(tokens: Tokens, at: int) -> tuple[int, int]:
    """The day of a month and the token after it; 0 where there is none."""
    text = tokens.texts[at]
    if not tokens.digits(at) or len(text) > 2:
        return 0, at
    suffixed = tokens.glued(at + 1) and tokens.words[at + 1] in {"st", "nd", "rd", "th"}
    return int(text), at + 1 + suffixed


def _year(tokens: Tokens, at: int) -> int:
    text = tokens.texts[at]
    is_year = tokens.digits(at) and len(text) == 4 and text.isdigit() and 1500 <= int(text) <= 2099
    return int(text) if is_year else 0


def _year_after(tokens: Tokens, at: int) -> tuple[int, int]:
    """The year that ends a date, after a comma or not, and the token after it; 0 and `at` where there is none."""
    after = at + (tokens.words[at] == ",")
    year = _year(tokens, after)
    return (year, after + 1) if year else (0, at)


def _past_stop(tokens: Tokens, at: int) -> int:
    """Past the full stop of an abbreviated month, unless it ends the text."""
    return at + (tokens.words[at] == "." and tokens.words[at - 1] not in MONTH_NAMES and tokens.words[at + 1] != "")

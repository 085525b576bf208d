"""Publication dates, read only where day, month and year all stand there and can mean one day only.

dateutil knows the words, but not its parser reads them: it fills in what is
missing and decides which of two numbers is the month.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from dateutil.parser import parserinfo

from rag.errors import InputError
from rag.types import Facts, Provenance

_WORDS = parserinfo()
_NAMES = "|".join(name for names in (*parserinfo.MONTHS, *parserinfo.WEEKDAYS) for name in names)
_LABEL = re.compile(
    r"^(?:(?:first|last|originally) )?(?:published|posted|updated|modified|(?:publication |release )?date(?: published)?)(?: on| at)?:?\s+",
    re.IGNORECASE,
)
# what a clock shows, and the zone that it stands in: 08:30:00.5+02:00[Europe/Rome], at 5:19 p.m. EDT, 10.05 BST, T083000Z
_TIME = re.compile(
    rf"""(?<![\d.])
    (?:\d{{1,2}}(?::\d{{2}}){{1,2}}(?:[.,]\d+)?(?!\d)(?:\s?[ap]\.?m\b\.?)?
      | \d{{1,2}}[.h]\d{{2}}(?![.\d])(?:\s?[ap]\.?m\b\.?)?
      | \d{{1,2}}\s?[ap]\.?m\b\.?
      | (?<=\dT)\d{{4}}(?:\d\d)?(?:\.\d+)?)
    (?:[\s,]*(?: \([^()]*\) | \[[^\[\]]*\] | (?:GMT|UTC)?\s?[+−-]\d{{1,2}}(?::?\d\d)?(?!\d)
      | (?!(?:{_NAMES})\b)(?: Z\b | hrs\b | (?-i:[A-Z]{{2,5}})\b | [a-z_]+/[a-z_/]+ | (?:[a-z]+\s){{1,3}}time\b ))){{0,3}}""",
    re.IGNORECASE | re.VERBOSE,
)
# what one line may say beside its date: "17 October 2022 · 3 min read", "Oct. 17, 2022 Updated 5:30 p.m. ET"
_PARTS = re.compile(r"\s*[|·•]\s*|\s[‐-―-]\s|\s+(?=(?:last )?(?:updated|modified)\b)", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,3}[\s-]?min(?:ute)?s?(?: read)?", re.IGNORECASE)
_DATE = re.compile(r"[\w\s,./|·•:;()‐-―-]*")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LONGEST = 100


def possible_days(line: str) -> Sequence[date]:
    """The days that `line` can mean where it states a date and nothing else (a time of day may stand there too); none where it does not.

    "27/08/2016" is one day, "10/11/2022" is two to two readers; a weekday
    beside it can tell them apart. What begins with its year goes on with the month.
    """
    line = " ".join(line.split())
    if len(line) > _LONGEST or not _YEAR.search(line):
        return ()
    first, *others = _PARTS.split(line)
    return _possible(line) or (_possible(first) if others and all(map(_goes_with_date, others)) else ())


def _goes_with_date(part: str) -> bool:
    """Whether it is a length to read, a time of day, or when the page was changed."""
    told = _LABEL.sub("", part)
    only_time = not _TIME.sub("", told, count=1).strip(" ,.")
    return only_time or _LENGTH.fullmatch(told) is not None or (told != part and bool(_possible(told)))


def _possible(line: str) -> Sequence[date]:
    """The days of a line with one date."""
    if not _YEAR.search(line):
        return ()
    written = _TIME.sub(" ", _LABEL.sub("", line), count=1)
    if not _DATE.fullmatch(written):
        return ()
    tokens = [token for token in _TOKEN.findall(written) if not _WORDS.jump(token)]
    weekdays = [_weekday(token) for token in tokens]
    days = sorted(set(_days([token for token, weekday in zip(tokens, weekdays, strict=True) if weekday is None])))
    return [day for day in days if day.weekday() in weekdays] or days


def date_line(line: str) -> date | None:
    """The one day that `line` can mean; None where it states none, or could mean two."""
    days = possible_days(line)
    return days[0] if len(days) == 1 else None


def guessed_day(facts: Facts) -> date | None:
    """The day of publication where only a heuristic found one; None where none is told, something surer tells it, or it is no one day."""
    told = facts.published
    return date_line(told.value) if told and told.told_by is Provenance.GUESSED else None


def publication_date(value: str | None) -> date | None:
    """The date in a header or a row; None where there is none. Raises InputError for what is no date, or could be two."""
    if not value or not value.strip():
        return None
    days = possible_days(value)
    if len(days) == 1:
        return days[0]
    wrong = f"can mean {' or '.join(map(str, days))}" if days else "is not a date"
    raise InputError(f"published {value[:60]!r} {wrong}; write it as YYYY-MM-DD")


def _weekday(token: str) -> int | None:
    """The number of a weekday, from 0 for Monday on, also where its name is cut: Thurs; None where the token is none."""
    names = (name.lower() for _, name in parserinfo.WEEKDAYS)
    return next((number for number, name in enumerate(names) if len(token) >= 3 and name.startswith(token.lower())), None)


def _days(tokens: Sequence[str]) -> Iterator[date]:
    """The days that day, month and year can mean, in the orders that people write them in."""
    if len(tokens) == 1 and len(tokens[0]) == 8:
        tokens = tokens[0][:4], tokens[0][4:6], tokens[0][6:]
    if len(tokens) != 3:
        return
    if _YEAR.fullmatch(tokens[0]):
        year, *rest = tokens
        orders = [rest] if any(_day(year, *rest)) else [rest[::-1]]
    else:
        *rest, year = tokens
        orders = [rest, rest[::-1]]
    for month, day in orders:
        yield from _day(year, month, day)


def _day(year: str, month: str, day: str) -> Iterator[date]:
    """The day, if the calendar has it."""
    number = _WORDS.month(month) or (int(month) if month.isdecimal() and len(month) <= 2 else 0)
    if _YEAR.fullmatch(year) and day.isdecimal() and len(day) <= 2:
        try:
            yield date(int(year), number, int(day))
        except ValueError:
            return

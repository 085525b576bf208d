"""Publication dates, read only where day, month and year all stand there and can mean one day only."""

import re
import warnings
from datetime import date, datetime

from dateutil import parser

from rag.errors import InputError

# two dates that share no field: a field that the text leaves out differs between the two readings
_DEFAULTS = (datetime(2001, 2, 3), datetime(2004, 6, 7))
_AMBIGUOUS = re.compile(r"\b\d{1,2}[\s/.,-]+\d{1,2}[\s/.,-]+\d{2,4}\b")
_LABEL = re.compile(r"^(?:first )?(?:published|posted|updated|last updated|date)(?: on| at)?:?\s+", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_LONGEST = 60


def date_line(line: str) -> date | None:
    """The date that `line` states and nothing else besides (a time of day may follow), or None.

    "10/11/2022" is two different days to two readers, so it is none here.
    """
    line = _LABEL.sub("", line.strip())
    if len(line) > _LONGEST or not _YEAR.search(line) or _AMBIGUOUS.search(line):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", parser.UnknownTimezoneWarning)
            first, second = (parser.parse(line, default=default).date() for default in _DEFAULTS)
    except (ValueError, OverflowError):
        return None
    return first if first == second else None


def publication_date(value: str | None) -> date | None:
    """The date in a header or a row; None where there is none. Raises InputError for what is no date."""
    if not value or not value.strip():
        return None
    found = date_line(value)
    if found is None:
        raise InputError(f"published {value[:60]!r} is not a date; write it as YYYY-MM-DD")
    return found

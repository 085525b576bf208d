"""Whether a full stop is a short form's, so that its sentence goes on: told by the words beside it."""

import re

from rag.english.words import (
    ADDRESSES,
    ARTICLES,
    BE,
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    COMPANY_FORMS,
    MONTH_NAMES,
    MONTHS,
    NAMELESS,
    NEVER_LAST,
    WEEKDAYS,
)
from rag.types import Span

# how far around a full stop is read, and how long a short form may be, in characters
_NEAR = 40
_LONGEST = 9
_SHORT_FORM = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:\.[^\W\d_]+)*(?=\.$)")
# sentencex leaves it with the full stop before it
_REFERENCE = re.compile(r"\s?\[[^\[\]]{1,20}\]$")

# what may follow: no website's address and no "iPhone"; what numbers a part; a length or a time; a time's zone
_LOWER_CASE = re.compile(r"[^\W\d_A-Z]+(?![./@]?\w)")
_NUMERAL = re.compile(r"(?:[A-Z]|[IVXLC]+)\b(?!['’])")
_MEASURE = re.compile(r"\d[\d.,/½¼¾]*\s?[^\W\d_]{1,4}\.")
_ZONE = re.compile(r"(?:[A-Z]{1,3}T|UTC|Eastern|Central|Mountain|Pacific)\b|[A-Z]\w+ (?:[A-Z]\w+ )?[Tt]ime\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])+")
_CONSONANTS = re.compile(r"[B-DF-HJ-NP-TV-XZb-df-hj-np-tv-xz][b-df-hj-np-tv-xz]+")
_TITLES = frozenset(map(str.lower, ADDRESSES))
_SHORT_DAYS = frozenset(day[:3] for day in WEEKDAYS) | {"tues", "thur", "thurs"}
_SHORT_MONTHS = frozenset(MONTHS) - frozenset(MONTH_NAMES)


def goes_on(text: str, sentence: Span, start: int) -> bool:
    """Whether what seems the end of `sentence` is a short form's full stop, and it goes on with the word at `start`."""
    end = sentence.end
    if start == end:
        return text[start] == "-"
    if text[end - 1] == "]" and text[start].islower():
        reference = _REFERENCE.search(text, max(sentence.start, end - _NEAR), end)
        end = reference.start() if reference else end
    found = _SHORT_FORM.search(text, max(sentence.start, end - 1 - _LONGEST), end)
    if not found:
        return False
    short, before, after = found[0], text[max(sentence.start, found.start() - _NEAR) : found.start()], text[start : start + _NEAR]
    if after[0].isupper():
        return _before_capital(short, before, after)
    if after[0].islower():
        return not text[sentence.start].islower() and _before_lower_case(short, after)
    return after.lstrip("$£€(")[:1].isdigit() and _before_number(short, before, after)


def _before_capital(short: str, before: str, after: str) -> bool:
    low = short.lower()
    if low in ("a.m", "p.m"):
        return _of_time(after)
    if low in BEFORE_NUMBERS and _NUMERAL.match(after):
        return short[0].isupper() or after[:2] not in ("I ", "A ")
    return low in NEVER_LAST or _first(after) in COMPANY_FORMS or (_names(short, low, before, after) and _first(after) not in NAMELESS)


def _of_time(after: str) -> bool:
    """Whether a day, a month or a zone follows, and no sentence about a day."""
    day, then = (*_WORD.findall(after.lower()), "", "")[:2]
    return day in MONTHS or _ZONE.match(after) is not None or ((day in WEEKDAYS or day in _SHORT_DAYS) and then not in BE)


def _names(short: str, low: str, before: str, after: str) -> bool:
    """Whether the short form stands before names: it is a title, has no vowel, or has a name's initials; a weekday, before a month."""
    if low in _TITLES or low in BEFORE_NAMES or (short[0].isupper() and _CONSONANTS.fullmatch(short)):
        return True
    if _INITIALS.fullmatch(short):
        word = before.rstrip().rpartition(" ")[2]
        return word.isalpha() and word.islower() and word not in ARTICLES
    return short[0].isupper() and low in _SHORT_DAYS and _first(after) in MONTHS


def _before_lower_case(short: str, after: str) -> bool:
    """Whoever does not begin sentences in lower case goes on; but after a longer word, or one that is never short for another, he forgot to."""
    return len(short) <= 5 and short.lower() not in NAMELESS and _LOWER_CASE.match(after) is not None


def _before_number(short: str, before: str, after: str) -> bool:
    if before.rstrip()[-1:].isdigit():
        return _MEASURE.match(after) is not None
    low = short.lower()
    if low in BEFORE_NUMBERS or (after[0].isdigit() and _CONSONANTS.fullmatch(short)):
        return True
    return after[0] != "(" and (low in NEVER_LAST or (short[0].isupper() and (low in _SHORT_MONTHS or low in _SHORT_DAYS)))


def _first(after: str) -> str:
    found = _WORD.match(after)
    return found[0].lower() if found else ""

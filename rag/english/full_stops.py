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
# a word with its stop; sentencex leaves a reference with the stop before it
_SHORT_FORM = re.compile(r"(?<![^\W\d_])([^\W\d_]+(?:\.[^\W\d_]+)*)\.(?:\s?\[[^\[\]]{1,20}\])?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# what may follow: no website's address and no "iPhone"; what numbers a part; a length or a time; a time's zone
_LOWER_CASE = re.compile(r"[^\W\d_A-Z]+(?![./@]?\w)")
_NUMERAL = re.compile(r"(?:[A-Z]|[IVXLC]+)\b(?!['’])")
_MEASURE = re.compile(r"\d[\d.,/½¼¾]*\s?[^\W\d_]{1,4}\.")
_ZONE = re.compile(r"(?:[A-Z]{1,3}T|UTC|Eastern|Central|Mountain|Pacific)\b|[A-Z]\w+ (?:[A-Z]\w+ )?[Tt]ime\b")

_TITLES = frozenset(map(str.lower, ADDRESSES))
_SHORT_DAYS = frozenset(day[:3] for day in WEEKDAYS) | {"tues", "thur", "thurs"}
_SHORT_MONTHS = frozenset(MONTHS) - frozenset(MONTH_NAMES)


def goes_on(text: str, sentence: Span, start: int) -> bool:
    """Whether what seems the end of `sentence` is a short form's full stop, and it goes on with the word at `start`."""
    if start == sentence.end:
        return text[start] == "-"
    found = _SHORT_FORM.search(text, max(sentence.start, sentence.end - _NEAR), sentence.end)
    if not found or len(found[1]) > _LONGEST or (text[sentence.end - 1] == "]" and not text[start].islower()):
        return False
    short, before, after = found[1], text[max(sentence.start, found.start() - _NEAR) : found.start()].rstrip(), text[start : start + _NEAR]
    if after[0].isupper():
        return _before_capital(short, before, after)
    if after[0].islower():
        return not text[sentence.start].islower() and _before_lower_case(short, after)
    return after.lstrip("$£€(")[:1].isdigit() and _before_number(short, before, after)


def _before_capital(short: str, before: str, after: str) -> bool:
    low, (first, then) = short.lower(), (*_WORD.findall(after.lower()), "", "")[:2]
    if low in ("a.m", "p.m"):
        # a day, a month or a zone follows, and no sentence about a day
        return first in MONTHS or _ZONE.match(after) is not None or (first in WEEKDAYS | _SHORT_DAYS and then not in BE)
    if low.removesuffix("s") in BEFORE_NUMBERS and _NUMERAL.match(after):
        return short[0].isupper() or after[:2] not in ("I ", "A ")
    if low in NEVER_LAST or first in COMPANY_FORMS or (short[0].isupper() and low in _SHORT_DAYS and first in MONTHS):
        return True
    return first not in NAMELESS and (low in _TITLES | BEFORE_NAMES or (short[0].isupper() and _without_vowel(short)) or _initials(short, before))


def _initials(short: str, before: str) -> bool:
    """Whether these are a name's initials: J.D. after a word in lower case, so that they do not end a name or stand for a degree."""
    word = before.rpartition(" ")[2]
    return "." in short and short.isupper() and word.isalpha() and word.islower() and word not in ARTICLES


def _without_vowel(short: str) -> bool:
    return short[1:].islower() and not set("aeiouy").intersection(short.lower())


def _before_lower_case(short: str, after: str) -> bool:
    """Whoever does not begin sentences in lower case goes on; but after a longer word, or one that is never short for another, he forgot to."""
    return len(short) <= 5 and short.lower() not in NAMELESS and _LOWER_CASE.match(after) is not None


def _before_number(short: str, before: str, after: str) -> bool:
    if before[-1:].isdigit():
        return _MEASURE.match(after) is not None
    low = short.lower()
    if low.removesuffix("s") in BEFORE_NUMBERS or (after[0].isdigit() and _without_vowel(short)):
        return True
    return after[0] != "(" and (low in NEVER_LAST or (short[0].isupper() and low in _SHORT_MONTHS | _SHORT_DAYS))

"""Sentences as windows onto a text, by sentencex: it gives offsets, leaves no character out, and keeps quotations whole.

What it cuts at a short form's full stop is joined again: the words beside the stop tell.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import sentencex

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

# sentencex looks for the end of a quotation or a bracket through the rest of its paragraph, once for each one opened: text
# that is all quotation marks takes it minutes a megabyte. So it is given at most this many marks at once. A paragraph of
# news has that many from some 60,000 characters on; up to there, its sentences are the same as in one piece.
_MOST_MARKS = 2_000
# Backticks, which news does not have, cost it some hundred times as much.
_WEIGHTS = {"`": 100}
# between a short form and what follows it
_GAPS = ("", " ", "\n", "\u00a0", "  ", " \n")
_MARK = re.compile(r"[^\w\s]")
# how far around a full stop is read, and how long a short form may be, in characters
_NEAR = 40
_LONGEST = 9
# a word with its stop; sentencex leaves a reference with the stop before it
_SHORT_FORM = re.compile(r"(?<![^\W\d_])([^\W\d_]+(?:\.[^\W\d_]+)*)\.(?:\s?\[[^\[\]]{1,20}\])?$")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# a row of a table as text has it, its cells between bars; a longer one lays out paragraphs
_ROW = re.compile(r"^[ \t]*\|.{0,500}\|[ \t]*$", re.MULTILINE)

# what may follow: no website's address and no "iPhone"; what numbers a part; a length or a time; a time's zone
_LOWER_CASE = re.compile(r"[^\W\d_A-Z]+(?![./@]?\w)")
_MEASURE = re.compile(r"\d[\d.,/½¼¾]*\s?[^\W\d_]{1,4}\.")
_ZONE = re.compile(r"(?:[A-Z]{1,3}T|UTC|Eastern|Central|Mountain|Pacific)\b|[A-Z]\w+ (?:[A-Z]\w+ )?[Tt]ime\b")

_TITLES = frozenset(map(str.lower, ADDRESSES))
_SHORT_DAYS = frozenset(day[:3] for day in WEEKDAYS) | {"tues", "thur", "thurs"}
_SHORT_MONTHS = frozenset(MONTHS) - frozenset(MONTH_NAMES)


def sentences(text: str, longest: int) -> list[Span]:
    """The sentences of `text` in order, without the space around them, none over `longest` characters.

    A longer one, such as text without punctuation, is cut at the last space
    before the limit, or at the limit where there is none. A table's row between bars is one by itself.
    """
    return [piece for found in _parted(text) for piece in _cut(text, found, longest)]


def overlapping(spans: list[Span], window: Span) -> list[Span]:
    """Those of `spans` (sorted, disjoint) that share a character with `window`."""
    first = bisect_right(spans, window.start, key=lambda span: span.end)
    last = bisect_left(spans, window.end, key=lambda span: span.start)
    return spans[first:last]


def _parted(text: str) -> Iterator[Span]:
    """The sentences without the space around them, and between those the rows of tables."""
    start = 0
    for row in _ROW.finditer(text):
        yield from _joined(text, start, row.start())
        yield _trimmed(text, Span(*row.span()))
        start = row.end()
    yield from _joined(text, start, len(text))


def _joined(text: str, start: int, stop: int) -> list[Span]:
    """The sentences from `start` to `stop`, without the space around them, each whole where a short form's full stop parts it."""
    joined: list[Span] = []
    for span in filter(len, (_trimmed(text, found) for found in _bounded(text, start, stop))):
        held = joined[-1] if joined else None
        if held and text[held.end - 1] in ".]" and text[held.end : span.start] in _GAPS and _goes_on(text, held, span.start):
            joined[-1] = Span(held.start, span.end)
        else:
            joined.append(span)
    return joined


def _bounded(text: str, start: int, stop: int) -> Iterator[Span]:
    """The sentences from `start` to `stop` with the space around them, at a cost in proportion to the text's length.

    They are read in blocks: whole paragraphs where possible, to which sentencex
    gives the same sentences as to the whole text; else whole sentences.
    """
    while start < stop:
        limit = _limit(text, start, stop)
        paragraph = text.rfind("\n\n", start + 1, limit) if limit < stop else -1
        end = paragraph if paragraph > 0 else limit
        found = [Span(start + at["start_index"], start + at["end_index"]) for at in sentencex.get_sentence_boundaries("en", text[start:end])]
        if end == limit < stop and 2 * (found[-1].start - start) > end - start:
            end = found.pop().start  # it may go on in the next block; half a block is left, so this ends
        yield from found
        start = end


def _limit(text: str, start: int, stop: int) -> int:
    """Where a block that begins at `start` has its most marks, `stop` where it has no more."""
    marks = 0
    for mark in _MARK.finditer(text, start, stop):
        marks += _WEIGHTS.get(mark[0], 1)
        if marks > _MOST_MARKS:
            return mark.start()
    return stop


def _trimmed(text: str, span: Span) -> Span:
    shown = span.of(text).lstrip()
    start = span.end - len(shown)
    return Span(start, start + len(shown.rstrip()))


def _cut(text: str, span: Span, longest: int) -> Iterator[Span]:
    while len(span) > longest:
        space = max(text.rfind(mark, span.start + 1, span.start + longest) for mark in " \n")
        end = space if space > span.start else span.start + longest
        yield _trimmed(text, Span(span.start, end))
        span = _trimmed(text, Span(end, span.end))
    yield span


def _goes_on(text: str, sentence: Span, start: int) -> bool:
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
        # whoever does not begin sentences in lower case goes on; but after a longer word, or one that is never short for another, he forgot to
        forgot = len(short) > 5 or short.lower() in NAMELESS
        return not (forgot or text[sentence.start].islower()) and _LOWER_CASE.match(after) is not None
    return after.lstrip("$£€(")[:1].isdigit() and _before_number(short, before, after)


def _before_capital(short: str, before: str, after: str) -> bool:
    low, (first, then) = short.lower(), (*_WORD.findall(after.lower()), "", "")[:2]
    if low in ("a.m", "p.m"):
        # a day, a month or a zone follows, and no sentence about a day
        return first in MONTHS or _ZONE.match(after) is not None or (first in WEEKDAYS | _SHORT_DAYS and then not in BE)
    if low.removesuffix("s") in BEFORE_NUMBERS and (len(first) == 1 or set(first) <= set("ivxlc")):
        return short[0].isupper() or after[:2] not in ("I ", "A ")
    if low in NEVER_LAST or first in COMPANY_FORMS or (short[0].isupper() and low in _SHORT_DAYS and first in MONTHS):
        return True
    # a name's initials: J.D. after a word in lower case, so that they do not end a name or stand for a degree
    word = before.rpartition(" ")[2]
    initials = "." in short and short.isupper() and word.isalpha() and word.islower() and word not in ARTICLES
    return first not in NAMELESS and (low in _TITLES | BEFORE_NAMES or (short[0].isupper() and _without_vowel(short)) or initials)


def _without_vowel(short: str) -> bool:
    return short[1:].islower() and not set("aeiouy").intersection(short.lower())


def _before_number(short: str, before: str, after: str) -> bool:
    if before[-1:].isdigit():
        return _MEASURE.match(after) is not None
    low = short.lower()
    if low.removesuffix("s") in BEFORE_NUMBERS or (after[0].isdigit() and _without_vowel(short)):
        return True
    return after[0] != "(" and (low in NEVER_LAST or (short[0].isupper() and low in _SHORT_MONTHS | _SHORT_DAYS))

"""Sentences as windows onto a text, by sentencex: it gives offsets, leaves no character out, and keeps quotations whole."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import sentencex

from rag.english.full_stops import goes_on
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


def sentences(text: str, longest: int) -> list[Span]:
    """The sentences of `text` in order, without the space around them, none over `longest` characters.

    A longer one, such as text without punctuation, is cut at the last space
    before the limit, or at the limit where there is none.
    """
    return [piece for found in _joined(text) for piece in _cut(text, found, longest)]


def overlapping(spans: list[Span], window: Span) -> list[Span]:
    """Those of `spans` (sorted, disjoint) that share a character with `window`."""
    first = bisect_right(spans, window.start, key=lambda span: span.end)
    last = bisect_left(spans, window.end, key=lambda span: span.start)
    return spans[first:last]


def _joined(text: str) -> Iterator[Span]:
    """The sentences without the space around them, each whole where a short form's full stop parts it."""
    held = None
    for found in _bounded(text):
        span = _trimmed(text, found)
        if not len(span):
            continue
        if held and text[held.end - 1] in ".]" and text[held.end : span.start] in _GAPS and goes_on(text, held, span.start):
            held = Span(held.start, span.end)
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _bounded(text: str) -> Iterator[Span]:
    """The sentences with the space around them, at a cost in proportion to the text's length.

    They are read in blocks: whole paragraphs where possible, to which sentencex
    gives the same sentences as to the whole text; else whole sentences.
    """
    start = 0
    while start < len(text):
        limit = _limit(text, start)
        paragraph = text.rfind("\n\n", start + 1, limit) if limit < len(text) else -1
        end = paragraph if paragraph > 0 else limit
        found = [Span(start + at["start_index"], start + at["end_index"]) for at in sentencex.get_sentence_boundaries("en", text[start:end])]
        if end == limit < len(text) and 2 * (found[-1].start - start) > end - start:
            end = found.pop().start  # it may go on in the next block; half a block is left, so this ends
        yield from found
        start = end


def _limit(text: str, start: int) -> int:
    """Where a block that begins at `start` has its most marks."""
    marks = 0
    for mark in _MARK.finditer(text, start):
        marks += _WEIGHTS.get(mark[0], 1)
        if marks > _MOST_MARKS:
            return mark.start()
    return len(text)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cut(text: str, span: Span, longest: int) -> list[Span]:
    if len(span) <= longest:
        return [span]
    pieces = []
    start = span.start
    while span.end - start > longest:
        space = max(text.rfind(mark, start + 1, start + longest) for mark in " \n")
        end = space if space > start else start + longest
        pieces.append(_trimmed(text, Span(start, end)))
        start = end
    pieces.append(_trimmed(text, Span(start, span.end)))
    return [piece for piece in pieces if len(piece)]

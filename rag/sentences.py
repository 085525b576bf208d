"""Sentences as windows onto a text, by sentencex: it gives offsets, leaves no character out, and keeps quotations whole."""

from bisect import bisect_left, bisect_right

import sentencex

from rag.types import Span


def sentences(text: str, longest: int) -> list[Span]:
    """The sentences of `text` in order, without the space around them, none over `longest` characters.

    A longer one, such as text without punctuation, is cut at the last space
    before the limit, or at the limit where there is none.
    """
    found = []
    for boundary in sentencex.get_sentence_boundaries("en", text):
        span = _trimmed(text, boundary["start_index"], boundary["end_index"])
        found += _cut(text, span, longest)
    return found


def overlapping(spans: list[Span], window: Span) -> list[Span]:
    """Those of `spans` (sorted, disjoint) that share a character with `window`."""
    first = bisect_right(spans, window.start, key=lambda span: span.end)
    last = bisect_left(spans, window.end, key=lambda span: span.start)
    return spans[first:last]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cut(text: str, span: Span, longest: int) -> list[Span]:
    pieces = []
    start = span.start
    while span.end - start > longest:
        space = max(text.rfind(mark, start + 1, start + longest) for mark in " \n")
        end = space if space > start else start + longest
        pieces.append(_trimmed(text, start, end))
        start = end
    pieces.append(_trimmed(text, start, span.end))
    return [piece for piece in pieces if len(piece)]

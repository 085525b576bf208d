"""Quotation marks in pairs, and what stands outside them."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.types import Span

_MARK = re.compile("[\"“”„«»‘’']|\\n[^\\S\\n]*\\n")
_CLOSERS = {"“": '”"', "„": "“”", "«": "»", '"': '"', "‘": "’'", "'": "'’"}
_SINGLE = "‘'"
_ELISIONS = ("em ", "tis ", "twas ", "til ", "cause ", "bout ", "n ", "n' ", "n’ ")
OPENING, CLOSING = "\"'“‘«„", "\"'”’»"
MASK = "\x01"


def quotations(text: str, window: Span) -> list[Span]:
    """The outermost quotations in `window`, marks included, in order.

    A quotation left open at a paragraph's end goes on where the next paragraph
    opens with the same mark, as newspapers set it; else it ends with its paragraph.
    """
    found: list[Span] = []
    marks: list[re.Match[str]] = []
    carried: int | None = None
    for mark in _MARK.finditer(text, window.start, window.end):
        if mark.group()[0] == "\n":
            carried = _paragraph(text, marks, carried, mark.span(), found)
            marks = []
        else:
            marks.append(mark)
    _paragraph(text, marks, carried, (window.end, window.end), found)
    return found


def masked(text: str, window: Span, quoted: Sequence[Span]) -> str:
    """The characters of `window`, with MASK for every character that is quoted."""
    pieces, at = [], window.start
    # those before the window are many where the text is
    for span in quoted[bisect_right(quoted, window.start, key=lambda span: span.end) :]:
        if span.start >= window.end:
            break
        start, end = max(span.start, at), min(span.end, window.end)
        if start < end:
            pieces += [text[at:start], MASK * (end - start)]
            at = end
    return "".join([*pieces, text[at : window.end]])


def _paragraph(text: str, marks: Sequence[re.Match[str]], carried: int | None, gap: tuple[int, int], found: list[Span]) -> int | None:
    """Adds the paragraph's quotations to `found`; gives where one began that goes on after the `gap`."""
    spans, opened = _pair(text, marks, carried, singles=True)
    if opened is not None and text[opened] in _SINGLE:
        # what looked like an opening mark was an apostrophe
        spans, opened = _pair(text, marks, carried, singles=False)
    found += spans
    if opened is None:
        return None
    follows = text[gap[1] : gap[1] + 40].lstrip()[:1]
    if follows == text[opened]:
        return opened
    if text[opened] in "“„«":
        found.append(Span(opened, gap[0]))
    return None


def _pair(text: str, marks: Sequence[re.Match[str]], carried: int | None, *, singles: bool) -> tuple[list[Span], int | None]:
    """The paragraph's outermost quotations, and where one began that does not close."""
    found: list[Span] = []
    start, tentative = carried, None
    for number, mark in enumerate(marks):
        at, sign = mark.start(), mark.group()
        if start is None:
            if _opens(text, at, singles):
                start, tentative = at, None
        elif (number == 0 and carried is not None and sign == text[carried]) or sign not in _CLOSERS[text[start]] or not _closes(text, at):
            continue
        elif sign in "'’" and text[at - 1 : at] in ("s", "z") and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].islower():
            # it may be the apostrophe of a plural: the boats’ owners
            tentative = at if tentative is None else tentative
        else:
            found.append(Span(start, at + 1))
            start = None
    if start is not None and tentative is not None:
        found.append(Span(start, tentative + 1))
        start = None
    return found, start


def _opens(text: str, at: int, singles: bool) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "“„«":
        return True
    if sign == '"':
        return not after.isspace() and after != "" and not before.isalnum() and before not in tuple(".,!?")
    if not singles or sign not in _SINGLE or before.isalnum() or (before in tuple('.,!?;”"') and before):
        return False
    return (after.isalpha() or after in tuple('“"[…$£€')) and not text.startswith(_ELISIONS, at + 1)


def _closes(text: str, at: int) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "'’":
        return not (after.isalnum() or before.isspace())
    return sign != '"' or not before.isspace() or not after.isalnum()

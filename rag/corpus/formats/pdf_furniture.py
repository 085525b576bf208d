"""What stands at the edge of a PDF's pages and is no part of their text: running heads, running feet and page numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rag.corpus.formats.pdf_lines import Line
from rag.corpus.formats.pdf_pages import Page

# A head or a foot has at most so many lines and characters, and is this many times the font's size away from the text.
_MOST_ROWS, _MOST_CHARACTERS, _APART = 3, 150, 0.6
# It is not set larger than the text, and stands in the outer part of the page's height.
_LARGEST, _MARGIN = 1.15, 0.18
# Left and right pages may have their own.
_PAGES_ON = (-2, -1, 1, 2)
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|p\.|seite)\s*)?(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:of|/|von|\|)\s*\d{1,5})?\W*", re.IGNORECASE)


def furniture(pages: Sequence[Page], text_size: float) -> list[set[int]]:
    """For each page which of its lines, counted from 0, are at its upper or lower edge and stand on a near page too, or are its number.

    Pages without lines are passed over when nearness is counted.
    """
    edges = [dict(_edges(page, text_size)) for page in pages]
    places: dict[str, set[int]] = defaultdict(set)
    order = list(accumulate(bool(page.lines) for page in pages))
    for number, edge in zip(order, edges, strict=True):
        for key in edge.values():
            places[key].add(number)
    return [
        {at for at, key in edge.items() if _PAGE_NUMBER.fullmatch(page.lines[at].text) or any(number + by in places[key] for by in _PAGES_ON)}
        for page, number, edge in zip(pages, order, edges, strict=True)
    ]


def _edges(page: Page, text_size: float) -> Iterator[tuple[int, str]]:
    """The lines that stand apart at a page's edges, each with what it has in common with those of other pages."""
    lines = page.lines
    turns = [line.style.turn for line in lines]
    turn = max(set(turns), key=turns.count) if turns else 0
    whole = page.sides.turned(turn)
    margin = _MARGIN * whole.height
    upright = [at for at, line in enumerate(lines) if line.style.turn == turn]
    for edge, found in (("top", _above(lines, upright)), ("bottom", _below(lines, upright))):
        for at in found:
            line = lines[at]
            outside = line.sides.bottom > whole.top - margin if edge == "top" else line.sides.top < whole.bottom + margin
            if outside and line.style.size <= _LARGEST * text_size and len(line.text) <= _MOST_CHARACTERS:
                yield at, f"{edge} {round(line.style.size)} {_DIGITS.sub('0', line.text)}"


def _above(lines: Sequence[Line], upright: Sequence[int]) -> list[int]:
    from_top = sorted(upright, key=lambda at: -lines[at].sides.top)
    return _apart(from_top, [(-lines[at].sides.top, -lines[at].sides.bottom) for at in from_top], lines)


def _below(lines: Sequence[Line], upright: Sequence[int]) -> list[int]:
    from_bottom = sorted(upright, key=lambda at: lines[at].sides.bottom)
    return _apart(from_bottom, [(lines[at].sides.bottom, lines[at].sides.top) for at in from_bottom], lines)


def _apart(order: Sequence[int], ranges: Sequence[tuple[float, float]], lines: Sequence[Line]) -> list[int]:
    """The first of the lines in `order` up to a space; none where there are too many. `ranges` are from where to where each goes."""
    end = float("-inf")
    rows = 0
    for count, (near, far) in enumerate(ranges):
        if near > end:
            if rows and near - end >= _APART * lines[order[count]].style.size:
                return list(order[:count])
            rows += 1
            if rows > _MOST_ROWS:
                return []
        end = max(end, far)
    return list(order)

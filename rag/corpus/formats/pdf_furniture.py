"""What stands at the edge of a PDF's pages and is no part of their text: running heads, running feet and page numbers."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from rag.corpus.formats.pdf_lines import Line
from rag.corpus.formats.pdf_pages import Page

# A head or a foot has at most so many rows, and a line of it so many characters.
_MOST_ROWS, _MOST_CHARACTERS = 3, 150
# It is not set larger than the text, unless it is a page's number, and stands in the outer part of the page's height.
_LARGEST, _LARGEST_NUMBER, _MARGIN = 1.15, 2.0, 0.18
# It is so many times the font's size away from the text, or its own size differs from the text's by so much.
_APART, _OTHER_SIZE = 0.6, 0.06
# Left and right pages may have their own.
_PAGES_ON = (-2, -1, 1, 2)
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|p\.|seite)\s*)?(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:of|/|von|\|)\s*\d{1,5})?\W*", re.IGNORECASE)


def furniture(pages: Sequence[Page], text_size: float) -> list[set[int]]:
    """For each page which of its lines, counted from 0, are at an edge and stand on a near page too, or are its number.

    Nothing that stands on one page alone is between them and the edge. Pages without lines are passed over when nearness is counted.
    """
    edges = [_edges(page, text_size) for page in pages]
    order = list(accumulate(bool(page.lines) for page in pages))
    places: dict[str, set[int]] = defaultdict(set)
    for number, both in zip(order, edges, strict=True):
        for key in (key for rows in both for row in rows for key in row.values() if key):
            places[key].add(number)
    found: list[set[int]] = []
    for page, number, both in zip(pages, order, edges, strict=True):
        near = {number + by for by in _PAGES_ON}
        repeated = {key for rows in both for row in rows for key in row.values() if key and not near.isdisjoint(places[key])}
        found.append({at for rows in both for at in _outer(page.lines, rows, repeated)})
    return found


def _outer(lines: Sequence[Line], rows: Sequence[dict[int, str]], repeated: set[str]) -> Iterator[int]:
    """The furniture of an edge: row by row from outside on, up to one that has none. A number beside other words is theirs."""
    for row in rows:
        numbers = {at for at, key in row.items() if key and _PAGE_NUMBER.fullmatch(lines[at].text)}
        ours = {at for at, key in row.items() if key in repeated and at not in numbers}
        ours |= numbers if ours | numbers == row.keys() else set()
        if not ours:
            return
        yield from ours


def _edges(page: Page, text_size: float) -> list[list[dict[int, str]]]:
    """What may be furniture at the top, at the bottom and, turned another way than the text, at the sides.

    For each there are rows, from outside on, of lines with what each has in common with those of other pages, empty for one that is none.
    """
    turns = [line.style.turn for line in page.lines]
    turn = max(set(turns), key=turns.count) if turns else 0
    sides = {at: _key(line, "side") for at, line in enumerate(page.lines) if line.style.turn != turn and _may_be_furniture(line, text_size)}
    return [_edge(page, text_size, turn, is_top=True), _edge(page, text_size, turn, is_top=False), [sides]]


def _edge(page: Page, text_size: float, turn: int, *, is_top: bool) -> list[dict[int, str]]:
    """The rows at the top or the bottom, up to what sets them apart from the text; none where nothing does."""
    whole = page.sides.turned(turn)
    # how far from the edge each line begins and ends
    reach = [
        (whole.top - line.sides.top, whole.top - line.sides.bottom) if is_top else (line.sides.bottom - whole.bottom, line.sides.top - whole.bottom)
        for line in page.lines
    ]
    left = sorted((at for at, line in enumerate(page.lines) if line.style.turn == turn), key=reach.__getitem__)
    rows: list[dict[int, str]] = []
    while left and len(rows) < _MOST_ROWS and reach[left[0]][1] <= _MARGIN * whole.height:
        row = [at for at in left if reach[at][0] <= reach[left[0]][1]]
        left = left[len(row) :]
        edge = "top" if is_top else "bottom"
        rows.append({at: _key(page.lines[at], edge) if _may_be_furniture(page.lines[at], text_size) else "" for at in row})
        if not left or _is_apart(page.lines[row[-1]], page.lines[left[0]], reach[left[0]][0] - max(reach[at][1] for at in row)):
            return rows
    return []


def _is_apart(line: Line, following: Line, space: float) -> bool:
    one, other = line.style.size, following.style.size
    return space >= _APART * other or abs(one - other) > _OTHER_SIZE * max(one, other)


def _may_be_furniture(line: Line, text_size: float) -> bool:
    largest = _LARGEST_NUMBER if _PAGE_NUMBER.fullmatch(line.text) else _LARGEST
    return line.style.size <= largest * text_size and len(line.text) <= _MOST_CHARACTERS


def _key(line: Line, edge: str) -> str:
    return f"{edge} {round(line.style.size)} {_DIGITS.sub('0', line.text)}"

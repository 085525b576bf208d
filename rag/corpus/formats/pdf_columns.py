"""The order in which a page's lines are read.

PDFium gives them in the order in which the file writes them, which most programs keep to the text's: column by column. Where a
file writes from one column into the next on every line, the columns are found by the space between them.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import fmean

from rag.corpus.formats.pdf_lines import Line, beside, joined, space_between

# Columns stand beside each other on at least so many lines, of at least so many words and characters on the average; else it is a table.
_FEWEST_LINES, _FEWEST_WORDS, _FEWEST_CHARACTERS = 3, 3, 18
_MOST_GUTTERS = 10
# Times the font's size: lines as close as this are one, whatever PDFium says, and none are one whose letters stand on heights so different.
_NEAR, _LEVEL = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class _Gap:
    """The space between two lines side by side of which the file writes one after the other."""

    left: float
    right: float
    sides: tuple[Line, Line]

    @property
    def base(self) -> float:
        return self.sides[0].base


@dataclass(frozen=True, slots=True)
class _Gutter:
    """The space between two columns: where it stands, from `bottom` to `top`, which are the next lines across it."""

    at: float
    bottom: float
    top: float


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """A page's lines as they are read, those of one line in one column put together; what runs in another direction comes apart."""
    turns = dict.fromkeys(line.style.turn for line in lines)
    return [line for turn in turns for line in _ordered_lines([line for line in lines if line.style.turn == turn])]


def _ordered_lines(lines: list[Line]) -> list[Line]:
    gutters = _gutters(lines)
    return _ordered(list(_whole(lines, gutters)), gutters)


def _gutters(lines: Sequence[Line]) -> list[_Gutter]:
    """The spaces between columns, the highest first."""
    gaps = [_gap(one, other) for one, other in pairwise(lines) if _may_be_of_columns(one, other)]
    found: list[_Gutter] = []
    for _ in range(_MOST_GUTTERS):
        if len(gaps) < _FEWEST_LINES:
            break
        at = _most_shared(gaps)
        shared = sorted((gap for gap in gaps if gap.left <= at <= gap.right), key=attrgetter("base"))
        gaps = [gap for gap in gaps if not gap.left <= at <= gap.right]
        across = sorted(line.base for line in lines if line.sides.left < at < line.sides.right)
        for above, run in groupby(shared, key=lambda gap: bisect(across, gap.base)):
            if _is_of_columns(list(run)):
                bottom = across[above - 1] if above else float("-inf")
                found.append(_Gutter(at, bottom, across[above] if above < len(across) else float("inf")))
    return sorted(found, key=lambda gutter: gutter.bottom - gutter.top)


def _may_be_of_columns(one: Line, other: Line) -> bool:
    """Whether the file writes from one line into another that stands beside it or less than a line above or below."""
    return space_between(one, other) > 0 and abs(one.base - other.base) < min(one.style.size, other.style.size)


def _gap(one: Line, other: Line) -> _Gap:
    return _Gap(min(one.sides.right, other.sides.right), max(one.sides.left, other.sides.left), (one, other))


def _most_shared(gaps: Sequence[_Gap]) -> float:
    """The middle of the place that most of the gaps have in common."""
    ends = sorted([(gap.left, 0) for gap in gaps] + [(gap.right, 1) for gap in gaps])
    most = count = 0
    place = 0.0
    for (at, ended), (next_at, _) in pairwise([*ends, ends[-1]]):
        count += -1 if ended else 1
        if count > most:
            most, place = count, (at + next_at) / 2
    return place


def _is_of_columns(gaps: Sequence[_Gap]) -> bool:
    """Whether gaps one under the other part columns of prose, rather than the cells of a table."""
    if len(gaps) < _FEWEST_LINES:
        return False
    sides = zip(*(gap.sides for gap in gaps), strict=True)
    return all(
        fmean(len(line.words) for line in side) >= _FEWEST_WORDS and fmean(len(line.text) for line in side) >= _FEWEST_CHARACTERS for side in sides
    )


def _whole(lines: Sequence[Line], gutters: Sequence[_Gutter]) -> Iterator[Line]:
    """The lines, those that stand in the same line of a column put together."""
    held: list[Line] = []
    for line in lines:
        if held and not _goes_on(held[-1], line, gutters):
            yield joined(held)
            held = []
        held.append(line)
    if held:
        yield joined(held)


def _goes_on(before: Line, line: Line, gutters: Sequence[_Gutter]) -> bool:
    size = line.style.size
    if line.follows:
        near = abs(before.base - line.base) < _LEVEL * size
    else:
        near = beside(before, line) and line.sides.left > before.sides.left and space_between(before, line) < _NEAR * size
    if not near:
        return False
    gap = _gap(before, line)
    return not any(gap.left <= gutter.at <= gap.right and gutter.bottom < line.base < gutter.top for gutter in gutters)


def _ordered(lines: list[Line], gutters: Sequence[_Gutter]) -> list[Line]:
    """Lines above a gutter, of one of its sides, of the other and below it, and so on with the lower gutters in each of these."""
    if not gutters:
        return lines
    gutter = gutters[0]
    above = [line for line in lines if line.base >= gutter.top]
    below = [line for line in lines if line.base <= gutter.bottom]
    between = [line for line in lines if gutter.bottom < line.base < gutter.top]
    left = [line for line in between if line.sides.left < gutter.at]
    right = [line for line in between if line.sides.left >= gutter.at]
    if not (left and right):
        return _ordered(lines, gutters[1:])
    sides = [left, right] if between[0] is left[0] else [right, left]
    return [line for part in (above, *sides, below) for line in _ordered(part, gutters[1:])]

"""Where dated quotes stand in time: places on a line, for the page to draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# a line with fewer says no more than the table or the list beside it
_LEAST = 3
# of more than these, only the first and the last have their labels
_LABELLED = 8
_WIDTH, _MARGIN, _STEP = 600, 60, 22


@dataclass(frozen=True, slots=True)
class Dated:
    """What stands on the line: a value or an article by its label, its quote's position in the answer, and its day."""

    label: str
    quote: int
    published: date | None


@dataclass(frozen=True, slots=True)
class Point:
    """A day at `x` of the drawing's width, its label `y` below the top, None where it has none; pixels."""

    x: int
    y: int | None
    label: str
    quote: int
    published: date


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    height: int
    points: tuple[Point, ...]


def timeline(told: Iterable[Dated]) -> Timeline | None:
    """Those that are dated, earliest first, a line of labels each so that none covers another; None for fewer than three."""
    dated = sorted(((one.published, one) for one in told if one.published), key=lambda pair: pair[0])
    if len(dated) < _LEAST:
        return None
    first, last = dated[0][0], dated[-1][0]
    days = max(1, (last - first).days)
    labelled = range(len(dated)) if len(dated) <= _LABELLED else (0, len(dated) - 1)
    heights = {n: _STEP * (line + 1) for line, n in enumerate(labelled)}
    points = tuple(
        Point(_MARGIN + round((_WIDTH - 2 * _MARGIN) * (day - first).days / days), heights.get(n), one.label, one.quote, day)
        for n, (day, one) in enumerate(dated)
    )
    return Timeline(_WIDTH, _STEP * (len(heights) + 2), points)

"""Where the values of a difference stand in time: places on a line, for the page to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.types import Value

# a line with fewer dated values says no more than the table above it
_LEAST = 3
_WIDTH, _MARGIN, _STEP = 600, 60, 22


@dataclass(frozen=True, slots=True)
class Point:
    """A value at `x` of the drawing's width, its label `y` below the top; pixels."""

    x: int
    y: int
    value: str
    quote: int
    published: date


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    height: int
    points: tuple[Point, ...]


def timeline(values: Sequence[Value]) -> Timeline | None:
    """The dated values, earliest first, a line of labels each so that none covers another; None for fewer than three."""
    dated = sorted(((value.published, value) for value in values if value.published), key=lambda pair: pair[0])
    if len(dated) < _LEAST:
        return None
    first, last = dated[0][0], dated[-1][0]
    days = max(1, (last - first).days)
    points = tuple(
        Point(_MARGIN + round((_WIDTH - 2 * _MARGIN) * (day - first).days / days), _STEP * (n + 1), value.value, value.quote, day)
        for n, (day, value) in enumerate(dated)
    )
    return Timeline(_WIDTH, _STEP * (len(points) + 2), points)

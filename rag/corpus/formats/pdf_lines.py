"""A PDF's words in lines, with the geometry that reading order and paragraphs are told by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from rag.types import Box

# What ends a line in the middle of a word: a hyphen, a soft one, the unmistakable one.
HYPHENS = ("-", "\u00ad", "\u2010")
# Times the font's size: what is nearer than a space, and on the same height.
_SPACE, _LEVEL = 0.22, 0.05


class Sides(NamedTuple):
    """A rectangle; its sides are in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def turned(self, quarters: int) -> "Sides":
        """The rectangle where the page is turned so that text running that many quarters against the clock runs to the right."""
        if quarters == 1:
            return Sides(self.bottom, -self.right, self.top, -self.left)
        if quarters == 2:
            return Sides(-self.right, -self.top, -self.left, -self.bottom)
        if quarters == 3:
            return Sides(-self.top, self.left, -self.bottom, self.right)
        return self


def union(all_sides: Iterable[Sides]) -> Sides:
    """The smallest rectangle that holds them all."""
    lefts, bottoms, rights, tops = zip(*all_sides, strict=True)
    return Sides(min(lefts), min(bottoms), max(rights), max(tops))


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space, and the union of their boxes on the page."""

    text: str
    sides: Sides


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set: `size` is of its font, in points on the page; it runs `turn` quarters against the clock."""

    size: float
    turn: int = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side in one column of a page. `page` counts from 1.

    `sides` are where the words stand on the page turned so that they run to the right, and `base` is how high their letters
    stand there. `follows` is whether PDFium has the line before this one in the same line. `gap` is the widest space in it that
    is wider than one between words; 0 where there is none.
    """

    page: int
    words: tuple[Word, ...]
    style: Style
    sides: Sides
    base: float
    follows: bool = False
    gap: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        sides = union(word.sides for word in self.words)
        return Box(self.page, sides.left, sides.bottom, sides.right, sides.top)

    @property
    def first_width(self) -> float:
        """How wide its first word is."""
        return self.words[0].sides.turned(self.style.turn).width


def beside(one: Line, other: Line) -> bool:
    """Whether two lines stand side by side: they share most of their height and none of their width."""
    shared = min(one.sides.top, other.sides.top) - max(one.sides.bottom, other.sides.bottom)
    return space_between(one, other) >= 0 and 2 * shared > min(one.sides.height, other.sides.height)


def space_between(one: Line, other: Line) -> float:
    """How far two lines that stand side by side are apart; below 0 where they overlap."""
    return max(one.sides.left, other.sides.left) - min(one.sides.right, other.sides.right)


def joined(lines: Sequence[Line]) -> Line:
    """Lines side by side as one, set as the longest is; a word goes on in the next line where nothing parts them but what PDFium says."""
    first, longest = lines[0], max(lines, key=lambda line: len(line.words))
    words = list(first.words)
    gap = first.gap
    for before, line in pairwise(lines):
        space = space_between(before, line)
        gap = max(gap, space, line.gap)
        size = line.style.size
        goes_on = not line.follows and space < _SPACE * size and abs(before.base - line.base) < _LEVEL * size
        if goes_on:
            last, next_word = words.pop(), line.words[0]
            words.append(Word(last.text + next_word.text, union([last.sides, next_word.sides])))
        words += line.words[goes_on:]
    style = replace(longest.style, bold=all(line.style.bold for line in lines))
    return Line(first.page, tuple(words), style, union(line.sides for line in lines), longest.base, first.follows, gap)

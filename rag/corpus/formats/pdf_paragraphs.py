"""Lines of a PDF into paragraphs, which go on in the next column or on the next page."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rag.corpus.formats.pdf_lines import HYPHENS, Line
from rag.types import Kind

# All of these are times the size of the line's font.
_INDENT, _SLACK, _FARTHEST, _USUAL_LEADING, _ROW_GAP, _MUCH_ROOM = 0.7, 0.5, 2.6, 1.6, 2.5, 4
# A line further below the one before than this many times the usual is of a new paragraph.
_MORE_LEADING = 1.25
# Lines of one text are set in sizes that differ by less.
_SAME_SIZE = 0.06
_GOOD_PART = 0.25
_HEADING_SIZE, _HEADING_LINES, _HEADING_CHARACTERS, _BOLD_CHARACTERS = 1.12, 3, 200, 100
# What is shorter is no paragraph that a column's or a page's end could part; where one goes on is looked for in so many others.
_LONG, _AHEAD = 40, 40
_BULLETS = "•◦▪‣·●■*–—-"
_ITEM = re.compile(rf"(?:[{_BULLETS}]|\(?(?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,4}})[.)])\s")
_CAPTION = re.compile(r"(?:Figure|Fig\.|FIGURE|FIG\.|Table|TABLE|Chart|Exhibit|Photo)\s[A-Z]?\d+[\d.a-z-]*\s?[:.|–—]\s")
_LEADERS = re.compile(r"(?:\.\s?){5}|…{3}")
_ENDED = re.compile(r"[.!?:;…。！？؟।][\"'”’»)\]*†\d]{0,3}$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `full` is whether the last of them goes to the column's edge."""

    lines: tuple[Line, ...]
    kind: Kind
    full: bool = False

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]

    @property
    def is_long(self) -> bool:
        """Whether a column's or a page's end could part it."""
        return any(characters >= _LONG for characters in accumulate(len(line.text) for line in self.lines))


def text_size(lines: Iterable[Line]) -> float:
    """The largest size in which a good part of the characters are set, else that of most; 0 where there are none."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.style.size, 1)] += len(line.text)
    large = [size for size, characters in sizes.items() if characters >= _GOOD_PART * sizes.total()]
    return max(large, default=max(sizes, key=lambda size: sizes[size], default=0.0))


def paragraphs(lines: Sequence[Line], size: float) -> Iterator[Paragraph]:
    """The paragraphs of a page's lines, which are in reading order; `size` is that of the document's text."""
    for run in _runs(lines):
        edge = max(line.sides.right for line in run)
        leading = _leading(run)
        start = 0
        for at in range(1, len(run) + 1):
            if at == len(run) or _begins(run, at, edge, leading):
                part = tuple(run[start:at])
                kind = _kind(part, size)
                yield Paragraph(part, kind, len(run) == 1 or part[-1].sides.right > edge - 2 * part[-1].style.size)
                start = at


def stitched(found: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs, each that a column's or page's end parts put together, before what stands between its parts."""
    taken: set[int] = set()
    for at, paragraph in enumerate(found):
        if at in taken:
            continue
        parts = [paragraph]
        following = _rest(paragraph, found, at, taken, is_long=paragraph.is_long)
        while following is not None:
            taken.add(following)
            parts.append(found[following])
            following = _rest(found[following], found, following, taken, is_long=True)
        yield replace(paragraph, lines=tuple(line for part in parts for line in part.lines), full=parts[-1].full)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines each under the one before, as far apart as lines of one text can be; a table's row is alone."""
    run: list[Line] = []
    for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        is_row = _is_row(line) and not any(other and _is_justified(line, other) for other in (before, after))
        if run and (is_row or not _is_under(run[-1], line)):
            yield run
            run = []
        run.append(line)
        if is_row:
            yield run
            run = []
    if run:
        yield run


def _is_under(above: Line, line: Line) -> bool:
    down = above.base - line.base
    overlap = min(above.sides.right, line.sides.right) - max(above.sides.left, line.sides.left)
    return _is_same_size(above, line) and above.style.turn == line.style.turn and 0 < down <= _FARTHEST * line.style.size and overlap > 0


def _is_same_size(one: Line, other: Line) -> bool:
    return abs(one.style.size - other.style.size) <= _SAME_SIZE * max(one.style.size, other.style.size)


def _is_row(line: Line) -> bool:
    """Whether a line is of cells, or of a table of contents."""
    return line.gap > _ROW_GAP * line.style.size or _LEADERS.search(line.text) is not None


def _is_justified(line: Line, other: Line) -> bool:
    """Whether a line's spaces are as wide as they are since it goes from edge to edge, as the line of prose beside it does."""
    near = _SLACK * line.style.size
    return not _is_row(other) and abs(line.sides.left - other.sides.left) < near and abs(line.sides.right - other.sides.right) < near


def _leading(run: Sequence[Line]) -> float:
    """How far below the one before a line of one paragraph stands at most."""
    down = sorted(above.base - line.base for above, line in pairwise(run))
    if len(down) < 2:
        return _USUAL_LEADING * run[0].style.size
    return _MORE_LEADING * down[len(down) // 5]


def _begins(run: Sequence[Line], at: int, edge: float, leading: float) -> bool:
    """Whether a line begins a paragraph: it is further down, an item of a list, indented, or had room in the line before."""
    above, line = run[at - 1], run[at]
    ended = _ENDED.search(above.text) is not None
    headed = above.style.bold and not line.style.bold
    if above.base - line.base > leading or headed or (ended and line.style.bold and not above.style.bold):
        return True
    room = edge - above.sides.right - line.first_width - _SLACK * line.style.size
    if (room > 0 and ended) or (room > _MUCH_ROOM * line.style.size and not line.text[:1].islower()):
        return True
    if _ITEM.match(line.text) and (ended or room > 0):
        return True
    under = run[at + 1].sides.left if at + 1 < len(run) else above.sides.left
    return ended and line.sides.left - max(above.sides.left, under) > _INDENT * line.style.size


def _kind(lines: Sequence[Line], size: float) -> Kind:
    text = lines[0].text
    if _CAPTION.match(f"{text} "):
        return Kind.CAPTION
    if len(lines) == 1 and _is_row(lines[0]):
        return Kind.TABLE_ROW
    characters = sum(len(line.text) for line in lines)
    large = lines[0].style.size >= _HEADING_SIZE * size and len(lines) <= _HEADING_LINES and characters <= _HEADING_CHARACTERS
    bold = all(line.style.bold for line in lines) and characters <= _BOLD_CHARACTERS and not _ENDED.search(lines[-1].text)
    return Kind.HEADING if (large or bold) and any(map(str.isalpha, text)) and text[0] not in _BULLETS else Kind.BODY


def _rest(part: Paragraph, found: Sequence[Paragraph], at: int, taken: set[int], *, is_long: bool) -> int | None:
    """Where a paragraph goes on that has no end, behind what is at a page's edge, a figure's or a footnote's."""
    text = part.last.text
    if part.kind is not Kind.BODY or _ENDED.search(text):
        return None
    headed = False
    for following in range(at + 1, min(len(found), at + 1 + _AHEAD)):
        other = found[following]
        headed = headed or other.kind is Kind.HEADING
        if other.kind is not Kind.BODY or not _is_same_size(part.last, other.first) or following in taken:
            continue
        in_sentence = other.first.text[:1].islower() or (text.endswith(HYPHENS) and other.first.text[:1].isalpha())
        elsewhere = following > at + 1 or not _is_under(part.last, other.first)
        near = other.first.page <= part.last.page + 2
        of_one_text = is_long and elsewhere and part.full and not headed and other.is_long and not _ITEM.match(other.first.text)
        return following if near and (of_one_text or (in_sentence and (is_long or elsewhere))) else None
    return None

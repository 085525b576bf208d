"""An article's text cut where marks begin and end, so that each mark is set by its offsets and no character is searched for."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from rag.types import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A window that is shown in some way; `name` makes it findable on the page, or is empty."""

    span: Span
    look: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that are all shown alike. The names are those of the marks that begin with it."""

    text: str
    looks: tuple[str, ...]
    names: tuple[str, ...]


def pieces(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The whole text in order. Joined, the pieces' texts are the text. Raises ValueError for a mark that ends beyond it."""
    marks = [mark for mark in marks if len(mark.span)]
    if any(mark.span.end > len(text) for mark in marks):
        raise ValueError("a mark ends beyond the text")
    cuts = sorted({0, len(text), *(edge for mark in marks for edge in (mark.span.start, mark.span.end))})
    return [_piece(text, Span(start, end), marks) for start, end in pairwise(cuts)]


def _piece(text: str, span: Span, marks: Iterable[Mark]) -> Piece:
    over = [mark for mark in marks if mark.span.covers(span)]
    looks = tuple(sorted({mark.look for mark in over}))
    return Piece(span.of(text), looks, tuple(mark.name for mark in over if mark.name and mark.span.start == span.start))

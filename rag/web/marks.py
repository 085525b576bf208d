"""An article's text cut where marks begin and end, so that each mark is set by its offsets and no character is searched for."""

from collections import Counter, defaultdict
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
    begun, ended = defaultdict(list), defaultdict(list)
    for mark in marks:
        begun[mark.span.start].append(mark)
        ended[mark.span.end].append(mark)
    over: Counter[str] = Counter()
    found = []
    for start, end in pairwise(sorted({0, len(text), *begun, *ended})):
        over.update(mark.look for mark in begun[start])
        over.subtract(mark.look for mark in ended[start])
        looks = tuple(sorted(look for look, times in over.items() if times))
        found.append(Piece(text[start:end], looks, tuple(mark.name for mark in begun[start] if mark.name)))
    return found

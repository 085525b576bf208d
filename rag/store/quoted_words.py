"""Of passages that have the stems of all words that are looked for: which have them as they stand, and which without their title."""

from collections.abc import Iterable

import numpy as np

from rag.arrays import Mask, Numbers
from rag.store.wanted import Wanted, has_all

# a passage's number, its article's title and its own text
Texts = Iterable[tuple[int, str, str]]


def have_quoted(numbers: Numbers, wanted: Wanted, texts: Texts) -> Mask:
    """Whether what stood in quotation marks stands in each of the passages or its title."""
    return np.isin(numbers, [number for number, *own in texts if wanted.stands_in(*own)])


def titled(titles: dict[int, str], wanted: Wanted) -> list[int]:
    """The articles, by number, of whose titles some word may be all that a passage has of it."""
    return [number for number, title in titles.items() if wanted.touches(title)]


def silent(wanted: Wanted, texts: Texts) -> list[int]:
    """The passages that do not have every word without their title."""
    return [number for number, _, text in texts if not has_all(wanted, text)]

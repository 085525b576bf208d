"""The archive as a shelf to look along: what each article is, without its text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Order(StrEnum):
    """Articles without a date are last by date, those without a source last by source; what is equal goes by id."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    SOURCE = "source"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as it is listed. `characters` is its text's length in code points.

    Its text is not read, so unlike an `Article` it is not checked against its seal.
    """

    id: str
    title: str
    source: str | None
    author: str | None
    published: date | None
    url: str | None
    characters: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stretch of the list: `total` counts all articles that match, also those outside the stretch."""

    total: int
    entries: tuple[Listed, ...]

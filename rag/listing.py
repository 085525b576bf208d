"""The archive as a shelf to look along: what each article is, without its text."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self

from rag.given import valid


class Order(StrEnum):
    """Articles whose day nothing tells, guessed or not, are last by date, those without a source last by source; what is equal goes by id.

    By `ARRIVED` what came in last is first, and that of which nobody knows when is last.
    """

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    SOURCE = "source"
    LONGEST = "longest"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as it is listed. `characters` is its text's length in code points, `about` a day that is only guessed, as YYYY-MM-DD.

    `editions` counts its earlier texts. `arrived` is when the text that it has now came in (UTC, to the second): a corrected
    article arrives anew, with an earlier text to it. None of what an archive had before it kept that.

    Its text is not read, so unlike an `Article` it is not checked against its seal.
    """

    id: str
    title: str
    source: str | None
    author: str | None
    published: date | None
    url: str | None
    characters: int
    about: str | None = None
    editions: int = 0
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stretch of the list: `total` counts all articles that match, also those outside the stretch.

    `origins` counts those of them that are near-copies of one another once; None where that is not known of every one.
    """

    total: int
    entries: tuple[Listed, ...]
    origins: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in an order, whatever comes and goes before it: `key` is what it is sorted by, days and moments in ISO 8601."""

    key: str | int | None
    id: str

    @classmethod
    def of(cls, entry: Listed, order: Order) -> Self:
        day = entry.published.isoformat() if entry.published else None
        keys = {
            Order.NEWEST: day,
            Order.OLDEST: day,
            Order.TITLE: entry.title,
            Order.SOURCE: entry.source,
            Order.LONGEST: entry.characters,
            Order.ARRIVED: entry.arrived.astimezone(UTC).isoformat() if entry.arrived else None,
        }
        return cls(keys[order], entry.id)

    def checked(self) -> Self:
        """The same. Raises InputError where an id or a key is no valid text, which no entry has."""
        valid("place's id", self.id)
        if isinstance(self.key, str):
            valid("place's key", self.key)
        return self

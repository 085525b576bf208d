"""A question or a search that a person saved, to look again for what is new."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rag.types import Filters

LONGEST_WORDS, LONGEST_ADDRESS = 10_000, 20_000


class Sought(StrEnum):
    """What was saved."""

    QUESTION = "question"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Saved:
    """`words` were asked or searched for, among the articles that `filters` leave; `address`, relative to the page's, shows it anew.

    `made` is in UTC, to the second. `number` is never used twice.
    """

    number: int
    sought: Sought
    words: str
    filters: Filters
    address: str
    made: datetime

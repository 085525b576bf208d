"""What people said of answers: kept beside what they were shown, so that it can become gold questions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rag.types import Filters, Outcome, Quote, Span

LONGEST_COMMENT = 10_000


class Verdict(StrEnum):
    """What somebody says of an answer: RIGHT, also of a silence; WRONG; MISSING: the articles have an answer that is not shown."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote as it was shown: its article's id and text (by SHA-256), where, and the words."""

    article: str
    sha256: str
    span: Span
    text: str

    @classmethod
    def of(cls, quote: Quote) -> "Shown":
        return cls(quote.article.id, quote.article.sha256, quote.span, quote.text)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict. `quote` is the position, from 0, of the quote it is about in `quotes`; None: it is about the answer as a whole.

    `made` is in UTC, to the second. `number` and `generation` (the archive's) are
    given when it is stored, and 0 before.
    """

    question: str
    filters: Filters
    outcome: Outcome
    quotes: tuple[Shown, ...]
    near_misses: tuple[Shown, ...]
    verdict: Verdict
    quote: int | None
    comment: str
    made: datetime
    number: int = 0
    generation: int = 0

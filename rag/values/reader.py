"""A window into its quantities."""

import re
from collections.abc import Iterator

from rag.types import Span
from rag.values.bounds import BOUND_WORDS, DATE_BOUNDS
from rag.values.cardinals import CARDINALS, SCALES, TENS
from rag.values.counts import counted
from rag.values.currencies import CODES, DOLLARS, SIGNS
from rag.values.dates import dated
from rag.values.months import MONTHS
from rag.values.quantity import Kind, Quantity, Reading, Role
from rag.values.tokens import Tokens

# Every quantity has one of these words in it, or digits, at most so many tokens after the one it begins with.
_NUMERALS = frozenset({*CARDINALS, *TENS, *SCALES, *MONTHS})
_REACH = 10
_DIGITS = frozenset("0123456789")
# What a quantity can begin with, beside digits.
_STARTS = frozenset({*CARDINALS, *TENS, *MONTHS, *DATE_BOUNDS, *SIGNS, *DOLLARS, "a", "half", "between", *BOUND_WORDS})
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s")
# How many readings away a total is looked for, before a sum and after it.
_NEAR = 4


def quantities(text: str, window: Span) -> list[Quantity]:
    """The quantities within `window` of `text`, in order, no two overlapping."""
    tokens = Tokens(text, window)
    found: list[tuple[Quantity, ...]] = []
    at = 0
    for numeral, word in enumerate(tokens.words):
        if word in _NUMERALS or word[:1] in _DIGITS:
            at = max(at, numeral - _REACH)
            while at <= numeral:
                readings, at = _read(tokens, at)
                if readings:
                    found.append(readings)
    return list(_resolved(text, found))


def _read(tokens: Tokens, at: int) -> Reading:
    starts = tokens.free_before(at) if tokens.digits(at) else tokens.words[at] in _STARTS or tokens.texts[at] in CODES
    return (starts and (dated(tokens, at) or counted(tokens, at))) or ((), at + 1)


def _resolved(text: str, found: list[tuple[Quantity, ...]]) -> Iterator[Quantity]:
    """Every quantity once: a sum as its parts, for comparison, where the same sentence states a total of its own."""
    for at, (total, *parts) in enumerate(found):
        near = found[max(0, at - _NEAR) : at + _NEAR + 1] if parts else []
        yield from parts if any(_states(text, claim, total) for claim, *more in near if not more) else [total]


def _states(text: str, claim: Quantity, total: Quantity) -> bool:
    between = text[min(claim.span.end, total.span.end) : max(claim.span.start, total.span.start)]
    same = claim.role is Role.CLAIM and claim.kind is Kind.COUNT and claim.unit == "" and (not total.noun or claim.noun in {"", total.noun})
    return same and not _SENTENCE_END.search(between)

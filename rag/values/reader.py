"""A window into its quantities."""

from rag.english.words import CARDINALS, MONTHS, TENS
from rag.types import Span
from rag.values.bounds import BOUND_WORDS, DATE_BOUNDS
from rag.values.counts import counted
from rag.values.dates import dated
from rag.values.numbers import amount
from rag.values.quantity import Quantity, Reading, ValueKind
from rag.values.tokens import MINUS_WORDS, Tokens
from rag.values.units import CODES, DOLLARS, SIGNS

# What a quantity can begin with, beside digits.
_STARTS = frozenset({*CARDINALS, *TENS, *MONTHS, *DATE_BOUNDS, *SIGNS, *DOLLARS, "a", "half", "between", *BOUND_WORDS, *MINUS_WORDS})
# A month or a year, in days: what a number may be of. A single day is more often that of the event, or of the telling.
_SHORTEST, _LONGEST = 27, 366


def quantities(text: str, window: Span) -> list[Quantity]:
    """The quantities within `window` of `text`, in order, no two overlapping."""
    tokens = Tokens(text, window)
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        quantity, at = _read(tokens, at)
        if quantity:
            found.append(quantity)
    return found


def figures(text: str) -> list[tuple[float, str] | str]:
    """The numbers of a text but "one", in order, each with its currency or unit, whatever they count; one that cannot be read as it is written."""
    tokens = Tokens(text, Span(0, len(text)))
    found: list[tuple[float, str] | str] = []
    at = 0
    while at < len(tokens):
        number = amount(tokens, at)
        if number is None:
            found += [tokens.texts[at]] if tokens.digits(at) else []
        elif number.value != 1 or not number.written:
            found.append((number.value, number.unit))
        at = number.end if number else at + 1
    return found


def periods(text: str, window: Span) -> tuple[Quantity, ...]:
    """The months and years that `window` of `text` names."""
    return tuple(value for value in quantities(text, window) if value.kind is ValueKind.DATE and _SHORTEST <= value.high - value.low <= _LONGEST)


def _read(tokens: Tokens, at: int) -> Reading:
    starts = tokens.free_before(at) if tokens.digits(at) else tokens.words[at] in _STARTS or tokens.texts[at] in CODES
    return (starts and (dated(tokens, at) or counted(tokens, at))) or (None, at + 1)

"""How many and how much: a number with what bounds it and what it counts."""

import math
import re

from rag.values.amounts import amount, coordinated, joined, range_from
from rag.values.bounds import ABOUT, bound_after, bound_before, opened
from rag.values.names import counts, stands_for_itself
from rag.values.nouns import MORE, WHOLES, Noun, noun, noun_before
from rag.values.numbers import Number
from rag.values.quantity import Quantity, Reading, ValueKind
from rag.values.tokens import Tokens
from rag.values.units import rate

_CLOCK = re.compile(r"\s?(?:[ap]\.?\s?m\b|o[’']clock|gmt\b|bst\b|est\b|hrs\b)", re.IGNORECASE)
# After these a time is a moment, not a length of time.
_MOMENTS = frozenset("ago earlier later before after".split())
_PARTS = (["which", "of"], ["whom", "of"], ["them", "of"], ["them", "among"])


def counted(tokens: Tokens, at: int) -> Reading | None:
    """The quantity that begins at the token, with the words that bound it; none in it where a number is no quantity."""
    side, first = bound_before(tokens, at)
    if tokens.words[first] == "between":
        return _between(tokens, at, first)
    low = amount(tokens, first)
    if low is None:
        return None
    if math.isnan(low.value) or (first == at and not stands_for_itself(tokens, low)):
        return None, low.end
    ends = range_from(tokens, low)
    if ends is None and (end := coordinated(tokens, low)):
        return None, end
    if ends is None and (not tokens.free_after(low.end) or _CLOCK.match(tokens.text, tokens.end(low.end - 1))):
        return None, low.end
    return _quantity(tokens, at, *(ends or (low, low)), side)


def _between(tokens: Tokens, at: int, word: int) -> Reading | None:
    """Between 20 and 30; not between 2010 and 2012."""
    low = amount(tokens, word + 1)
    high = amount(tokens, low.end + 1) if low and tokens.words[low.end] == "and" else None
    if low is None or high is None:
        return None
    if (low.plain and high.plain and not noun(tokens, high.end).head) or not tokens.free_after(high.end):
        return None, high.end
    ends = joined(low, high)
    return _quantity(tokens, at, *ends, "") if ends else (None, high.end)


def _quantity(tokens: Tokens, at: int, low: Number, high: Number, side: str) -> Reading:
    """The quantity from the token `at` on, with what follows it: "or more", what is counted, "a day"."""
    end = high.end
    if not side:
        side, end = bound_after(tokens, end)
    head, thing, after = _counted_thing(tokens, at, high, end)
    if head and low.value < 0 and not high.unit:
        return None, at + 1  # there are no fewer people than none: the minus is a dash
    unit, factor, end = rate(tokens, high.unit, end, after)
    moment = low.kind is ValueKind.MEASURE and tokens.words[end] in _MOMENTS
    if moment or not counts(tokens, at, low, head, side):
        return None, end
    ends = opened(low.value * factor, high.value * factor, side)
    place = max(low.place, high.place) * factor
    part = high.kind is ValueKind.COUNT and _is_part(tokens, at, high.end)
    return Quantity(tokens.span(at, end), *ends, unit, head, high.kind, thing, place, side == ABOUT, part), end


def _counted_thing(tokens: Tokens, at: int, high: Number, end: int) -> Noun:
    if high.aged:
        return Noun("age", tokens.span(end, end), end)
    following = noun(tokens, end, high.value)
    if following.head or high.kind is not ValueKind.COUNT:
        return following
    return noun_before(tokens, at)._replace(end=following.end)


def _is_part(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the words around the number from `at` to `end` make it a part of another, or what is added: including 11, nine of them, 48 more."""
    before = tokens.before(at, 3)
    if "including" in before or "among" in before or before[:2] in _PARTS or tokens.words[end] in MORE:
        return True
    return tokens.words[end] == "of" and tokens.words[end + 1] in WHOLES

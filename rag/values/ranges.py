"""Two numbers as the ends of one value: 20 to 30, 20-30, two or three."""

from rag.values.amounts import amount
from rag.values.nouns import noun
from rag.values.numbers import Number
from rag.values.quantity import Kind
from rag.values.tokens import DASHES, Tokens
from rag.values.words import CHANGES

_CONTESTS = frozenset("win wins victory defeat loss draw lead vote votes decision majority margin record split ratio score".split())
_LINKS = frozenset("to or - –".split())


def range_from(tokens: Tokens, low: Number) -> tuple[Number, Number] | None:
    """The range that begins with a number. Not scores, years, or a rise from 20 to 30."""
    link = tokens.words[low.end]
    if link not in _LINKS or _change_from(tokens, low.first):
        return None
    high = amount(tokens, low.end + 1)
    if high is None or not tokens.free_after(high.end) or (low.plain and high.plain):
        return None
    if link in DASHES and not (tokens.glued(low.end) and _counted_in_dashes(tokens, high)):
        return None
    if link == "or" and not (low.written and high.value - low.value == 1):
        return None
    return joined(low, high)


def joined(low: Number, high: Number) -> tuple[Number, Number] | None:
    """The two ends of a range, each with the scale and unit that only the other states; None where they are no range."""
    if low.scale == 1 < high.scale and low.value / low.factor < high.value / high.scale / high.factor:
        low = low._replace(value=low.value * high.scale, place=low.place * high.scale)
    if high.unit and not low.unit:
        low = low._replace(value=low.value * high.factor, place=low.place * high.factor, unit=high.unit, kind=high.kind)
    if low.kind is Kind.MONEY and not high.unit:
        high = high._replace(unit=low.unit, kind=low.kind)
    return (low, high) if low.value < high.value and low.unit == high.unit else None


def _change_from(tokens: Tokens, at: int) -> bool:
    return tokens.words[at - 1] == "from" and not CHANGES.isdisjoint(tokens.before(at, 12))


def _counted_in_dashes(tokens: Tokens, high: Number) -> bool:
    """Whether something is counted after a dash, other than what is won by 20-30."""
    head = noun(tokens, high.end).head
    return bool(head or high.unit) and tokens.words[high.end] not in _CONTESTS and head not in _CONTESTS

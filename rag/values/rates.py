"""What happens to a value in a time: 35,000 barrels a day, 54 people per hour, $20/hour."""

from rag.values.tokens import Tokens
from rag.values.units import HOURS
from rag.values.words import PERIODS

_FURTHEST = 6
_PER = frozenset("/ a an per each every".split())
_NO_RATE = frozenset("earlier ago before later after old".split())
_SHORT = {"h": "hour", "s": "second"}


def rate(tokens: Tokens, unit: str, end: int, after: int) -> tuple[str, float, int]:
    """`unit` with "a day", "per hour"... to it, what to multiply by, and where the quantity's window ends.

    The number and its unit end before the token `end`, what they count before `after`.
    """
    if tokens.words[end] in _PER:
        period = _period(tokens, end)
        if period:
            return *_per(unit, period), end + 2
    if _PER.isdisjoint(tokens.words[after : after + _FURTHEST]):
        return unit, 1.0, end
    for at in range(after, after + _FURTHEST):
        if not tokens.words[at][:1].isalpha() and tokens.words[at] != "/":
            break
        period = _period(tokens, at) if at > end else ""
        if period:  # the window ends before the noun, so a rate after it stays outside
            return *_per(unit, period), end
    return unit, 1.0, end


def _per(unit: str, period: str) -> tuple[str, float]:
    return f"{unit}/{'hour' if period in HOURS else period}", HOURS.get(period, 1.0)


def _period(tokens: Tokens, at: int) -> str:
    """The period that the words at the token name; "" where they name none."""
    word, period = tokens.words[at], tokens.words[at + 1]
    if word == "/":
        if not (tokens.glued(at) and tokens.glued(at + 1)):
            return ""
        period = _SHORT.get(period, period)
    return period if word in _PER and period in PERIODS and tokens.words[at + 2] not in _NO_RATE else ""

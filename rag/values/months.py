"""The names of months, and of the calendar."""

from rag.values.tokens import Tokens
from rag.values.words import WEEKDAYS

_NAMES = "january february march april may june july august september october november december"
MONTHS = {name: number for number, name in enumerate(_NAMES.split(), 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}
CALENDAR = WEEKDAYS | frozenset(MONTHS)


def month(tokens: Tokens, at: int) -> int:
    """The number of the month that the token names; 0 where it names none."""
    return MONTHS.get(tokens.words[at], 0) if tokens.capital(at) else 0

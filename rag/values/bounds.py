"""Words that leave a value open, before it or after it: more than, up to, about, or more."""

import math

from rag.values.tokens import Tokens

# The side that is left open: the values above, those below, or both a little.
_ABOVE, _BELOW, ABOUT = ">", "<", "~"
_ABOVE_PHRASES = (
    "more than|over|at least|above|upwards of|in excess of|no fewer than|no less than|not less than|not fewer than|greater than|exceeding|"
    "well over|well above|a minimum of|as few as|a total of more than|>"
)
_BELOW_PHRASES = "fewer than|less than|up to|under|below|at most|no more than|not more than|a maximum of|as many as|as much as|<"
_ABOUT_PHRASES = (
    "about|around|nearly|almost|roughly|approximately|some|an estimated|estimated|circa|close to|just over|just under|just above|just below|"
    "slightly more than|slightly fewer than|slightly less than|slightly over|slightly under|a little over|a little under|"
    "a little more than|a little less than|~|≈"
)
_PHRASES = {
    tuple(phrase.split()): side
    for side, phrases in ((_ABOVE, _ABOVE_PHRASES), (_BELOW, _BELOW_PHRASES), (ABOUT, _ABOUT_PHRASES))
    for phrase in phrases.split("|")
}
_LONGEST = max(map(len, _PHRASES))
BOUND_WORDS = frozenset(phrase[0] for phrase in _PHRASES)
_AFTER = {
    ("or", "more"): _ABOVE, ("or", "fewer"): _BELOW, ("or", "less"): _BELOW, ("or", "so"): ABOUT, ("at", "least"): _ABOVE,
    ("+",): _ABOVE, ("plus",): _ABOVE,
}  # fmt: skip
_AFTER_WORDS = frozenset(phrase[0] for phrase in _AFTER)
# What a denial makes of a side: not before May is from May on.
DENIED = {_ABOVE: _BELOW, _BELOW: _ABOVE}
DATE_BOUNDS = {"before": _BELOW, "by": _BELOW, "until": _BELOW, "till": _BELOW, "after": _ABOVE}


def bound_before(tokens: Tokens, at: int) -> tuple[str, int]:
    """Which side the words at the token leave open ("" for none), and the token after them."""
    if tokens.words[at] in BOUND_WORDS:
        for end in range(at + _LONGEST, at, -1):
            side = _PHRASES.get(tuple(tokens.words[at:end]))
            if side:
                return side, end
    return "", at


def bound_after(tokens: Tokens, at: int) -> tuple[str, int]:
    """The same for the words after a number."""
    if tokens.words[at] in _AFTER_WORDS:
        for phrase, side in _AFTER.items():
            end = at + len(phrase)
            if tuple(tokens.words[at:end]) == phrase:
                return side, end
    return "", at


def opened(low: float, high: float, side: str) -> tuple[float, float]:
    """The least and the most, with one of them endless where that side is open."""
    return (-math.inf if side == _BELOW else low, math.inf if side == _ABOVE else high)

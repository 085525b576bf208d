"""Words that leave a value open, before it or after it: more than, up to, about, or more."""

import math

from rag.values.tokens import Tokens

# The side that is left open: the values above, those below, or both a little.
_ABOVE, _BELOW, ABOUT = ">", "<", "~"
_COMPARING = {"over": _ABOVE, "above": _ABOVE, "more than": _ABOVE, "greater than": _ABOVE}
_COMPARING |= {"under": _BELOW, "below": _BELOW, "less than": _BELOW, "fewer than": _BELOW}
# What a denial makes of a side: not before May is from May on.
DENIED = {_ABOVE: _BELOW, _BELOW: _ABOVE}
_BEFORE = {
    **_COMPARING,
    **{f"{no} {phrase}": DENIED[side] for phrase, side in _COMPARING.items() for no in ("no", "not")},
    **{f"{far} {phrase}": side for phrase, side in _COMPARING.items() for far in ("well", "a total of")},
    **{f"{near} {phrase}": ABOUT for phrase in _COMPARING for near in ("just", "slightly", "a little")},
    **dict.fromkeys("at least|upwards of|in excess of|exceeding|a minimum of|as few as|>".split("|"), _ABOVE),
    **dict.fromkeys("up to|at most|a maximum of|as many as|as much as|<".split("|"), _BELOW),
    **dict.fromkeys("about|around|nearly|almost|roughly|approximately|some|an estimated|estimated|circa|close to|~|≈".split("|"), ABOUT),
}
_AFTER = {"or more": _ABOVE, "at least": _ABOVE, "+": _ABOVE, "plus": _ABOVE, "or fewer": _BELOW, "or less": _BELOW, "or so": ABOUT}
_LONGEST = max(len(phrase.split()) for phrase in _BEFORE)
DATE_BOUNDS = {"before": _BELOW, "by": _BELOW, "until": _BELOW, "till": _BELOW, "after": _ABOVE}


def bound_before(tokens: Tokens, at: int) -> tuple[str, int]:
    """Which side the words at the token leave open ("" for none), and the token after them."""
    return _bound(_BEFORE, tokens, at)


def bound_after(tokens: Tokens, at: int) -> tuple[str, int]:
    """The same for the words after a number."""
    return _bound(_AFTER, tokens, at)


def opened(low: float, high: float, side: str) -> tuple[float, float]:
    """The least and the most, with one of them endless where that side is open."""
    return (-math.inf if side == _BELOW else low, math.inf if side == _ABOVE else high)


def _bound(phrases: dict[str, str], tokens: Tokens, at: int) -> tuple[str, int]:
    for end in range(at + _LONGEST, at, -1):
        side = phrases.get(" ".join(tokens.words[at:end]))
        if side:
            return side, end
    return "", at

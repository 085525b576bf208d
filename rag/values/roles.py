"""Whether a text claims a value, compares its claim with it, or counts a part."""

from itertools import pairwise

from rag.values.quantity import Role
from rag.values.tokens import Tokens
from rag.values.words import CHANGES, FORMER, MORE, PERIODS, WHOLES

_COMPARING = frozenset("than compared versus vs".split())
_ADDED = frozenset("another further additional extra".split())
_ADDING = frozenset("adds added adding add".split())
_FORMERLY = frozenset("originally previously initially".split())
_REPORTED = frozenset("reported counted announced thought estimated".split())
_BACKWARDS = frozenset("earlier before ago previously".split())
_LOOKING_BACK = _FORMERLY | _BACKWARDS | {"first", "previous"}
_BREAKS = frozenset(". ; , and but".split())
_PARTS = (["which", "of"], ["whom", "of"], ["them", "of"], ["them", "among"])


def role(tokens: Tokens, at: int, number: int, end: int, *, changed: bool = True) -> Role:
    """Whether the words around say that this is what a claim is compared with, or only a change.

    The number ends before the token `number`, what it counts before `end`. `changed`: it may be the size of a change.
    """
    before = tokens.before(at, 12)
    if _compared(before) or _moved(before, changed=changed) or _added(before):
        return Role.COMPARISON
    increment = not MORE.isdisjoint(tokens.words[number : end + 1])
    return Role.COMPARISON if increment or _former_after(tokens.words[end : end + 7]) else Role.CLAIM


def is_part(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the words around the number from `at` to `end` make it a part of another: including 11, nine of them."""
    before = tokens.before(at, 3)
    if "including" in before or "among" in before or before[:2] in _PARTS:
        return True
    return tokens.words[end] == "of" and tokens.words[end + 1] in WHOLES


def _compared(before: list[str]) -> bool:
    return not _COMPARING.isdisjoint(before[:4]) or not FORMER.isdisjoint(before[:8]) or before[:2] == ["against", ","]


def _moved(before: list[str], *, changed: bool) -> bool:
    """Rose by 20; rose from 20; to 30 from 20."""
    nearest = before[0] if before else ""
    if nearest == "from":
        since = "to" in before[1:6] and any(word[:1].isdigit() for word in before[1:4])
        return since or (changed and not CHANGES.isdisjoint(before[1:]))
    return nearest in {"by", "of"} and changed and not CHANGES.isdisjoint(before[1:3])


def _added(before: list[str]) -> bool:
    return not _ADDED.isdisjoint(before[:1]) or not _ADDING.isdisjoint(before[:8])


def _former_after(words: list[str]) -> bool:
    """54 a year earlier; the 54 it first reported."""
    if _LOOKING_BACK.isdisjoint(words):
        return False
    words = words[: next((k for k, word in enumerate(words) if word in _BREAKS), len(words))]
    if not _FORMERLY.isdisjoint(words[:5]) or words[:2] == ["the", "previous"]:
        return True
    if "first" in words and not _REPORTED.isdisjoint(words[words.index("first") :]):
        return True
    return any(a in PERIODS and b in _BACKWARDS for a, b in pairwise(words[:5]))

"""How a text says a value: as a fact, as a plan, as what may be, or as what is not so.

Read from the value's own clause, as words around a mark for the value ("the
airport will not open on #"), against few patterns. Two values contradict each
other only where both are said in the same way: a plan may fail, and what is
denied is no value at all.
"""

import math
import re
from collections.abc import Sequence
from enum import Flag, auto

from rag.english.names import stem, words_in
from rag.english.words import ARTICLES, OWNERS, PREPOSITIONS, SPEAKING, WEEKDAYS
from rag.types import Span
from rag.values.dates import DATE_BOUNDS
from rag.values.quantity import Quantity, ValueKind


class Standing(Flag):
    """In which ways a value is said.

    "Will open on 3 June" says a day in two: as a plan, and as what is so
    without reserve, which "opened on 31 October" contradicts and "is due to
    open" does not. An amount that "will be" is a plan alone: it may be of more.
    """

    FACT = auto()
    PLAN = auto()
    MOVED = auto()  # a plan that takes the place of another
    CHANCE = auto()
    DENIED = auto()  # not so, called off, or a plan of the past


# How far a clause is read, in characters before the value, and in words after it, more for a day or what heads its clause.
_BACK, _FORTH = 160, 120
_WORDS_AFTER, _MORE_WORDS_AFTER = 5, 10
_PART_END = re.compile(r"[,;:()–—]|\s-\s|\b(?:but|while|although|though|whereas)\b", re.IGNORECASE)
_AFTER_END = re.compile(r"[,;:()–—]|\b(?:and|but|after|before|when|while|because|since|although|though|than|as|with)\b", re.IGNORECASE)
# What no clause of its own begins with, and what makes none.
_OPENS_UNFINISHED = frozenset("to that and or nor than on in at by from for until till of as be been not".split())
_LIGHT = (_OPENS_UNFINISHED - {"not"}) | WEEKDAYS | ARTICLES | {"only"}
_OPENS_ASIDE = PREPOSITIONS | frozenset("despite following when according as".split())
_TELLING = SPEAKING | {"announced", "reported", "confirmed", "revealed", "decided"}
# What may stand between "said" and its day.
_THEN = WEEKDAYS | frozenset("late early last on in".split())

_INTENT = (
    r"(?:plan(?![et])\w*|due|expect\w*|schedul\w+|set (?:to|for|#)|slated|suppos\w+|meant|intend\w*|aim\w*|"
    r"hop(?:e|ing)\w*|target|goal|consider\w*|propos\w+|promis\w+|projected|forecasts?|threaten\w*|want\w+|needs?|likely)"
)
_PLANNED = re.compile(rf"\b(?:{_INTENT}|would|should|capacity|be(?! #)|(?:is|are) to|dates?(?: of)? #|opening date)(?!\w)")
_GIVEN_UP = re.compile(
    rf"\b(?:(?:was|were|had|once|originally|initially|first)(?: (?:\w+ly|been|first|once|also|still))* ({_INTENT})|(?:was|were) to|"
    r"(?:would|should|could|might) have)\b"
)
_CHANCE = frozenset("can could may might fear fears feared perhaps possibly allegedly rumour rumours rumoured whether unclear unconfirmed".split())
_DENIED = re.compile(
    r"\b(not(?! only\b)|never|nor|neither|cannot|without|no(?! (?:more|less|later|doubt|[0-9]+)\b)|den[iy]\w*|disput\w+|doubt\w*|reject\w+|refut\w+|"
    r"rul\w+ out|untrue|fals\w+|fake|wrong(?:ly| that)|mistaken\w*|(?:instead of|rather than)(?= #))\b"
)
# What befalls a plan, not what was planned: of a day only, since things of other kinds are counted by it ("cancelled 300 flights").
_CALLED_OFF = re.compile(
    r"\b(call\w* off|cancel\w*|scrapp\w+|abandon\w*|g[ai]ve\w* up|fail\w*|miss(?:es|ed)|refus\w+|(?:block|halt|suspend|stopp)(?:s|ed))\b"
)
_PUT_OFF = re.compile(
    r"\b((?:postpon|delay|deferr|reschedul|mov|shift)(?:ed|ing)(?= (?:the|its|to|by|from|for|on|in|again|#))|"
    r"(?:put|push\w*|pulled|brought)(?: \w+){0,3} (?:back|off|forward))\b"
)


def standing(text: str, sentence: Span, value: Quantity, asked: frozenset[str] = frozenset()) -> Standing:
    """How the sentence says the value; `asked`: the question's words, whose own denial ("called off") is no denial here."""
    words = _clause(text, sentence, value)
    day, known = value.kind is ValueKind.DATE, {stem(word) for word in asked}
    if day and _turned(text, value):
        words = [word for word in words if word not in {"not", "never"}]
    said = " ".join(words)
    if _unasked(_DENIED, said, known) or _unasked(_GIVEN_UP, said, set() if day else known):
        return Standing.DENIED
    if day and (_unasked(_CALLED_OFF, said, known) or _told_then(words, known)):
        return Standing.DENIED
    whole = sentence.of(text)
    if not _CHANCE.isdisjoint(words) or not {"if", "unless"}.isdisjoint(word.lower() for word in words_in(whole)) or whole.rstrip().endswith("?"):
        return Standing.CHANCE
    if day and _unasked(_PUT_OFF, said, known):
        then = "to #" in said or "for #" in said or value.span.of(text).lower().startswith(("until", "till"))
        return Standing.MOVED if then else Standing.DENIED
    plan, will = _PLANNED.search(said) or _to_be_done(words, known, day=day), "will" in words or "going to" in said
    if plan or will:
        anew = not {"now", "instead"}.isdisjoint(words) or {"new", "date"} <= set(words)
        firm = Standing.FACT if day and not plan else Standing.PLAN
        return Standing.MOVED if day and anew else Standing.PLAN | firm
    return Standing.FACT


def wanted(question: str) -> Standing:
    """The ways of saying a value that answer a question."""
    words = [word.lower() for word in words_in(question)]
    asked = " ".join(words)
    chance = Standing.FACT if _CHANCE.isdisjoint(words) else Standing.CHANCE
    to_come = words[:1] == ["when"] and words[1:2] in (["is"], ["are"], ["does"], ["do"])
    ahead = chance is Standing.CHANCE or to_come or "will" in words or "going to" in asked or _PLANNED.search(asked)
    return Standing.FACT | Standing.PLAN | Standing.MOVED | chance if ahead else Standing.FACT


def _clause(text: str, sentence: Span, value: Quantity) -> list[str]:
    """The words of the value's own clause in lower case, "#" for the value and what it counts, without the month of May, "not" on its own."""
    parts = [words_in(part) for part in _PART_END.split(text[max(sentence.start, value.span.start - _BACK) : value.span.start])]
    before = parts.pop()
    while parts and _unfinished(before):
        before = parts.pop() + before
    if parts and _is_aside(parts[-1]):
        before = [word for part in parts[-2:-1] for word in part] + before
    end = max(value.span.end, value.thing.end)
    heads = {word.lower() for word in before} <= _LIGHT or before[-1].lower() == "that"
    after = [words_in(part) for part in _AFTER_END.split(text[end : min(sentence.end, end + _FORTH)])]
    following = after[0] if after[0] or not heads else next(iter(after[1:]), [])
    most = _MORE_WORDS_AFTER if heads or value.kind is ValueKind.DATE else _WORDS_AFTER
    said = " ".join(word for word in [*before, "#", *following[:most]] if word != "May")
    return said.lower().replace("’", "'").replace("n't", " not").replace("'ve", " have").split()


def _unfinished(words: Sequence[str]) -> bool:
    """Whether the words after a comma are no clause of their own: "on Saturday", "to open on"."""
    return {word.lower() for word in words} <= _LIGHT or words[0].lower() in _OPENS_UNFINISHED


def _is_aside(words: Sequence[str]) -> bool:
    """Whether a clause goes on after these words as if they were not there: "will not, the operator said, open"."""
    told = any(word.lower() in _TELLING and len(words) - at <= 4 for at, word in enumerate(words[:5]))
    return told or (bool(words) and words[0].lower() in _OPENS_ASIDE)


def _told_then(words: Sequence[str], known: set[str]) -> bool:
    """Whether the day is that of the telling: "announced late on #", "On # the mayor said"."""
    at = words.index("#")
    before = at - 1
    while before > 0 and words[before] in _THEN:
        before -= 1
    telling = [*words[max(before, 0) : before + 1], *(words[at + 2 : at + 6] if at <= 3 else [])]
    return any(word in _TELLING and stem(word) not in known for word in telling)


def _to_be_done(words: Sequence[str], known: set[str], *, day: bool) -> bool:
    """Whether what is asked for, or anything before an amount, stands in the infinitive ("to open on #", "yet to build #") as not in the question."""
    if "to" in known:
        return False
    at = words.index("#")
    after = [words[n + 1 + (words[n + 1] == "be")] for n, word in enumerate(words[: len(words) - 2 if day else max(at - 1, 0)]) if word == "to"]
    if any(word not in _LIGHT and stem(word) in known for word in after):
        return True
    return not day and at > 1 and words[at - 2] == "to" and words[at - 1] not in ARTICLES | OWNERS and "according" not in words[at - 3 : at - 2]


def _turned(text: str, value: Quantity) -> bool:
    """Whether a denial is in the value already: "not before May" is from May on."""
    first = value.span.of(text).split()[0].lower()
    return (math.isinf(value.high) and DATE_BOUNDS.get(first) == "<") or (math.isinf(value.low) and DATE_BOUNDS.get(first) == ">")


def _unasked(pattern: re.Pattern[str], said: str, known: set[str]) -> bool:
    """Whether the pattern is in the clause, and the word it names (its group) is not the question's own."""
    return any(match[1] is None or stem(match[1].split()[0]) not in known for match in pattern.finditer(said))

"""How a text says a value: as a fact, as a plan, as what may be, or as what is not so.

Read from the value's own clause, as words around a mark for the value ("the
airport will not open on #"), against few patterns. Two values contradict each
other only where both are said in the same way: a plan may fail, and what is
denied is no value at all.
"""

import math
import re
from enum import Flag, auto

from rag.english.names import stem, words_in
from rag.english.words import WEEKDAYS
from rag.types import Span
from rag.values.bounds import DATE_BOUNDS
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
_DAY = rf"(?:{'|'.join(sorted(WEEKDAYS))})"
# What cannot make a clause of its own.
_LIGHT = WEEKDAYS | frozenset(
    "a an the of on in at by to from for about around some all only just more than over and or nor that it is its early late mid since "
    "as be been".split()
)
_OPENS_UNFINISHED = frozenset("to that and or nor than on in at by from for until till of as be been not".split())
_OPENS_ASIDE = frozenset("after before as at by despite during following for from in on since under until when with according".split())
_TELLING = r"(?:said|says|say|announced?|told \w+|reported|warned|confirmed|decided|agreed|revealed|learned)"
_ASIDE = re.compile(rf"(?:\w+ ){{0,4}}{_TELLING}\b(?: \w+){{0,3}}$")

_INTENT = (
    r"(?:plan(?![et])\w*|due|expect\w*|schedul\w+|set (?:to|for|#)|fixed for|slated|suppos\w+|meant|intend\w*|aim\w*|"
    r"hop(?:e|ing)\w*|target|goal|consider\w*|propos\w+|promis\w+|projected|forecasts?|demand\w+|threaten\w*|want\w+|needs?|likely)"
)
_PLANNED = re.compile(rf"\b(?:{_INTENT}|would|should|capacity|be(?! #)|(?:is|are) to|dates?(?: of)? #|opening date)(?!\w)")
_GIVEN_UP = re.compile(
    rf"\b(?:(?:was|were|had|once|originally|initially|first)(?: (?:\w+ly|been|first|once|also|still))* ({_INTENT})|(?:was|were) to|"
    r"(?:would|should|could|might) have)\b"
)
# "To open on #", "yet to build #": a verb of the question's, or any before an amount, that nothing says was done.
_TO_DO = re.compile(r"\bto (?:be )?(\w+)")
_TO_DO_SO_MANY = re.compile(r"(?<!according )\bto (?!(?:an?|the|this|its|their) )\w+ #")
_WILL = re.compile(r"\b(?:will|going to)\b")
_ANEW = re.compile(r"\b(?:now|instead|new (?:\w+ )?date)\b")
_CHANCE = re.compile(r"\b(?:can|could|may|might|fear\w+|perhaps|possibly|allegedly|rumour\w*|whether|unclear|unconfirmed)\b")
_CONDITION = re.compile(r"\b(?:if|unless)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(not(?! (?:only|just)\b)|never|nor|neither|cannot|without|no(?! (?:fewer|less|more|later|doubt|[0-9]+)\b)|den[iy]\w*|"
    r"disput\w+|doubt\w*|reject\w+|refut\w+|rul\w+ out|untrue|fals\w+|fake|wrong(?:ly| that)|mistaken\w*|"
    r"(?:stop|prevent|block|bar|ban|keep|kept)\w*(?: \w+){0,4} from \w+ing|(?:instead of|rather than)(?= #))\b"
)
_NOT = re.compile(r"\b(?:not|never)\b")
_TO_COME = re.compile(r"when (?:is|are|does|do)\b")
# What befalls a plan, not what was planned: of a day only, since things of other kinds are counted by it ("cancelled 300 flights").
_CALLED_OFF = re.compile(
    r"\b(call\w* off|cancel\w*|scrapp\w+|abandon\w*|g[ai]ve\w* up|fail\w*|miss(?:es|ed)|refus\w+|(?:block|halt|suspend|stopp)(?:s|ed))\b"
)
_PUT_OFF = re.compile(
    r"\b((?:postpon|delay|deferr|reschedul|mov|shift)(?:ed|ing)(?= (?:the|its|to|by|from|for|on|in|again|#))|"
    r"(?:put|push\w*|pulled|brought)(?: \w+){0,3} (?:back|off|forward))\b"
)
_TO_THEN = re.compile(r"\b(?:to|for) #")
_TOLD_THEN = re.compile(rf"\b({_TELLING})(?: (?:late|early|last|on|in|{_DAY}))* #")
_THEN_TOLD = re.compile(rf"^(?:\w+ ){{0,3}}#(?: \w+){{1,4}} ({_TELLING})\b")
_OTHER_DAYS = (_CALLED_OFF, _TOLD_THEN, _THEN_TOLD)


def standing(text: str, sentence: Span, value: Quantity, asked: frozenset[str] = frozenset()) -> Standing:
    """How the sentence says the value; `asked`: the question's words, whose own denial ("called off") is no denial here."""
    said = _clause(text, sentence, value)
    day = value.kind is ValueKind.DATE
    if day and _turned(text, value):
        said = _NOT.sub("", said)
    if _unasked(_DENIED, said, asked) or _unasked(_GIVEN_UP, said, asked if not day else frozenset()):
        return Standing.DENIED
    if day and any(_unasked(pattern, said, asked) for pattern in _OTHER_DAYS):
        return Standing.DENIED
    if _CHANCE.search(said) or _CONDITION.search(sentence.of(text)) or sentence.of(text).rstrip().endswith("?"):
        return Standing.CHANCE
    if day and _unasked(_PUT_OFF, said, asked):
        then = _TO_THEN.search(said) or value.span.of(text).lower().startswith(("until", "till"))
        return Standing.MOVED if then else Standing.DENIED
    plan, will = _PLANNED.search(said) or _to_be_done(said, asked, day=day), _WILL.search(said)
    if plan or will:
        firm = Standing.FACT if day and not plan else Standing.PLAN
        return Standing.MOVED if day and _ANEW.search(said) else Standing.PLAN | firm
    return Standing.FACT


def wanted(question: str) -> Standing:
    """The ways of saying a value that answer a question."""
    asked = " ".join(words_in(question)).lower()
    chance = Standing.CHANCE if _CHANCE.search(asked) else Standing.FACT
    ahead = _WILL.search(asked) or _PLANNED.search(asked) or _TO_COME.match(asked)
    return Standing.FACT | Standing.PLAN | Standing.MOVED | chance if ahead or chance is Standing.CHANCE else Standing.FACT


def _clause(text: str, sentence: Span, value: Quantity) -> str:
    """The words of the value's own clause in lower case, "#" for the value and what it counts."""
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
    return _lowered([*before, "#", *following[:most]])


def _lowered(words: list[str]) -> str:
    """The words in lower case, without the month of May, "not" on its own."""
    said = " ".join(word for word in words if word != "May").lower().replace("’", "'")
    return said.replace("n't", " not")


def _unfinished(words: list[str]) -> bool:
    """Whether the words after a comma are no clause of their own: "on Saturday", "to open on"."""
    return {word.lower() for word in words} <= _LIGHT or words[0].lower() in _OPENS_UNFINISHED


def _is_aside(words: list[str]) -> bool:
    """Whether a clause goes on after these words as if they were not there: "will not, the operator said, open"."""
    return bool(words) and (words[0].lower() in _OPENS_ASIDE or _ASIDE.match(" ".join(words).lower()) is not None)


def _to_be_done(said: str, asked: frozenset[str], *, day: bool) -> bool:
    """Whether what is asked for stands in the infinitive, unless the question has one."""
    if "to" in asked:
        return False
    known = {stem(word) for word in asked if word not in _LIGHT}
    verbs = _TO_DO.findall(said if day else said[: said.index("#")])
    return any(stem(verb) in known for verb in verbs) or (not day and _TO_DO_SO_MANY.search(said) is not None)


def _turned(text: str, value: Quantity) -> bool:
    """Whether a denial is in the value already: "not before May" is from May on."""
    first = value.span.of(text).split()[0].lower()
    return (math.isinf(value.high) and DATE_BOUNDS.get(first) == "<") or (math.isinf(value.low) and DATE_BOUNDS.get(first) == ">")


def _unasked(pattern: re.Pattern[str], said: str, asked: frozenset[str]) -> bool:
    """Whether the pattern is in the clause, and the word it names (its group) is not the question's own."""
    known = {stem(word) for word in asked}
    return any(match[1] is None or stem(match[1].split()[0]) not in known for match in pattern.finditer(said))

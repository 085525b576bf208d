"""What a number counts: the noun beside it."""

from typing import NamedTuple

from rag.english.words import CARDINALS, DEFINITE, NEAR_DAYS, NOT_COUNTED
from rag.types import Span
from rag.values.tokens import DASHES, MARKS, Tokens

# What stands between "of" and what it is a part of.
WHOLES = DEFINITE | frozenset("them which whom whose all".split())
MORE = frozenset("more additional extra further".split())
# Participles and adjectives that stand for people: "54 dead", "twelve injured".
_PEOPLE_WHO = frozenset("dead injured wounded missing homeless killed hurt".split())
_LONGEST_PHRASE = 8
_NUMBER = frozenset("number count total".split())
_CLAUSE_ENDS = frozenset(".;:!?,")
_FURTHEST_BEFORE = 12
_PLURALS = frozenset("people children men mice geese teeth feet aircraft spacecraft fish sheep police".split())
_NO_PLURALS = frozenset("news overseas always perhaps sometimes plus minus sales".split())


class Noun(NamedTuple):
    """The head noun in lower case, the window of its phrase, and the token after it; "" where there is none."""

    head: str
    thing: Span
    end: int


def noun(tokens: Tokens, at: int, value: float = 0.0) -> Noun:
    """The noun of what follows.

    Without a grammar, the head is the first plural, or the second of two that
    stand together ("sports clubs"); after "one" it is the last word of the run.
    """
    first = at
    if tokens.words[at] == "of":
        first += 2 if tokens.words[at + 1] in WHOLES else 1
    while tokens.words[first] in MARKS:
        first += 1
    head, last = -1, -1
    for k in range(first, min(first + _LONGEST_PHRASE, len(tokens))):
        word = tokens.words[k]
        if word in MARKS or (word in DASHES and tokens.glued(k) and tokens.glued(k + 1)):
            continue
        within = word == "such" or (word == "so" and tokens.words[k + 1] in DASHES) or (k == first and word in MORE)
        ends = word in NOT_COUNTED or word in NEAR_DAYS or word in CARDINALS or tokens.month(k) > 0
        if not word[0].isalpha() or (ends and not within):
            break
        last = k if not word.endswith(("ed", "ing", "ly")) else last
        if _plural(tokens, k):
            head = k
        elif head >= 0:
            break
    if head < 0:
        head = first if tokens.words[first] in _PEOPLE_WHO else last if value == 1 else -1
    if head < 0:
        return Noun("", tokens.span(at, at), at)
    return Noun(tokens.words[head], tokens.span(first, head + 1), head + 1)


def noun_before(tokens: Tokens, at: int) -> Noun:
    """What is counted where it stands first: "the number of stations reached 102", "the death toll is 54"."""
    for k in range(at - 1, max(0, at - _FURTHEST_BEFORE), -1):
        word = tokens.words[k]
        if word in _CLAUSE_ENDS:
            break
        if word == "toll":
            return Noun("toll", tokens.span(k, k + 1), k + 1)
        if word == "of" and tokens.words[k - 1] in _NUMBER:
            return noun(tokens, k + 1)
    return Noun("", tokens.span(at, at), at)


def _plural(tokens: Tokens, at: int) -> bool:
    """Whether the word is likely a plural; "police" only where it does not describe what follows."""
    word, following = tokens.words[at], tokens.words[at + 1]
    if word == "police":
        return not following[:1].isalpha() or following in NOT_COUNTED
    if word in _PLURALS or (word.endswith("men") and len(word) > 3):
        return True
    return word.endswith("s") and len(word) > 3 and word not in _NO_PLURALS and not word.endswith(("ss", "us", "is", "'s", "’s"))

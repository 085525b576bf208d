"""Noun phrases in a sentence's words: where one ends, and whether it can name who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.phrases import Token
from rag.english.words import (
    BODIES,
    CALENDAR,
    DETERMINERS,
    DOCUMENTS,
    FIGURES,
    MANY,
    NAMELESS,
    PASTS,
    PERSONS,
    PREPOSITIONS,
    SOMEONE,
    SPEAKING,
    STOPS,
    TIMES,
)
from rag.types import Span

# how many words a subject may have before its verb
SUBJECT_WORDS = 14
_SUBJECT_STOPS = SPEAKING - {"claims", "claim"}
ADVERBS = frozenset(
    "also later then now again once just have has had will recently already even only both repeatedly often long still first further".split()
)
_NOBODY = frozenset(
    "i we you who which that what there this these those some many few most all others everyone everybody someone somebody nobody anyone one none no "
    "such nothing everything both each either neither another much more people's him her them us me".split()
)
BEGINNERS = frozenset("but and yet so still however meanwhile nevertheless nonetheless instead separately also additionally".split())
_PARTICIPLES = frozenset("seen made given written sent done led".split())
# what stands between a body's name and a role in it
_MODIFIERS = frozenset(
    "news press senior deputy vice human health public media foreign state team campaign communications policy law legal medical security assistant "
    "national local former finance prime intelligence research science video game trade weather transport chief executive first co board".split()
)
NO_NAMES = NAMELESS | TIMES
NOUNS = SOMEONE | DOCUMENTS
# what can follow a whole subject
_FOLLOWING = STOPS | PREPOSITIONS | SPEAKING | ADVERBS | PASTS


@dataclass(frozen=True, slots=True)
class Subject:
    """The words [start, end) before a verb, and the word before them."""

    start: int
    end: int
    boundary: str
    pronoun: str = ""


def phrase_end(words: Sequence[Token], start: int, *, strict: bool, limit: int | None = None) -> int:
    """Where the noun phrase that starts at `start` ends; `strict` where only its own words can tell."""
    limit = min(len(words), start + SUBJECT_WORDS) if limit is None else limit
    end, at = start, start + _determiners(words, start, limit)
    while at < limit:
        joint = _joint(words, at, limit, strict) if end > start or words[at].word in ("&", ",") else 0
        if not joint and not _nominal(words, at, strict, end > start):
            break
        at += joint or 1
        end = end if joint else at
    return end


def _determiners(words: Sequence[Token], at: int, limit: int) -> int:
    """How many stand at `at`."""
    return next((place for place in range(at, limit) if words[place].lower not in DETERMINERS), limit) - at


def _joint(words: Sequence[Token], at: int, limit: int, strict: bool) -> int:
    """How many words at `at` join more to the phrase: a mark within a name, or a preposition or an "and" with the determiner after it; 0 if none."""
    token = words[at]
    if token.word == "&" or (token.word == "," and _lists(words, at, limit)):
        return 1
    attaches = token.lower in PREPOSITIONS and _attaches(words, at, strict)
    # where only the phrase's own words tell, an "and" joins two names
    names = at + 1 < limit and words[at - 1].capital and words[at + 1].capital
    joins = token.lower == "and" and (not strict or names)
    return 1 + min(1, _determiners(words, at + 1, limit)) if attaches or joins else 0


def _lists(words: Sequence[Token], comma: int, limit: int) -> bool:
    """Whether a comma stands inside a name: Acme, Inc."""
    return comma + 1 < limit and words[comma + 1].lower.rstrip(".") in ("inc", "llc", "jr", "sr", "ltd", "d-calif", "r-texas")


def _nominal(words: Sequence[Token], at: int, strict: bool, begun: bool) -> bool:
    """Whether the word at `at` can be part of a noun phrase here."""
    token, lower = words[at], words[at].lower
    if token.word[0] == "'" or not token.letters or ("'" in lower and lower.split("'")[0] in STOPS):
        return False
    if token.capital and token.word not in ("I",) and not (at == 0 and lower in STOPS):
        return not _timed(words, at) and (at > 0 or lower not in PREPOSITIONS) and not (lower in STOPS and not token.word.isupper())
    if lower in STOPS or lower in PREPOSITIONS or lower in TIMES or lower in _SUBJECT_STOPS or (lower in DETERMINERS and begun):
        return lower in ("one", "two", "three", "four", "five", "general") and not begun
    if token.word[0].isdigit() and begun and not words[at - 1].lower.endswith("'s"):
        return False
    return not strict or not begun or _continues(words, at)


def _timed(words: Sequence[Token], at: int) -> bool:
    """Whether the capitalised word at `at` is a day or month that is not part of a name."""
    lower, follows = words[at].lower, words[at + 1] if at + 1 < len(words) else None
    if lower not in TIMES or words[at].word.isupper() or (follows and follows.lower in DOCUMENTS):
        return False
    # "today" has a capital inside a sentence only in a name
    return lower in CALENDAR - {"today", "yesterday"} or at == 0 or not (words[at - 1].capital or (follows and follows.capital))


def _continues(words: Sequence[Token], at: int) -> bool:
    """Whether a lower-case word after others goes on with the phrase, rather than with the sentence."""
    lower, before, ahead = words[at].lower, words[at - 1], words[at + 1 : at + 4]
    if lower == "last" and ahead and ahead[0].lower in TIMES:
        return False
    if before.lower.endswith("'s"):
        return True
    if lower in NOUNS or before.lower.endswith("ly"):
        return True
    if lower.endswith(("ed", "ing")) or lower in _PARTICIPLES:
        group = bool(ahead) and ahead[0].lower in SOMEONE and before.lower not in NOUNS
        return before.lower in DETERMINERS or (lower.endswith("ing") and group)
    if not before.capital and before.lower not in PERSONS | MANY and not lower.endswith("ly"):
        return True
    based = "-" in before.word or lower in _MODIFIERS
    return before.capital and based and any(token.lower in SOMEONE or token.capital for token in ahead)


def _attaches(words: Sequence[Token], at: int, strict: bool) -> bool:
    """Whether the preposition at `at` goes on with the noun phrase before it."""
    lower = words[at].lower
    follows = words[at + 1] if at + 1 < len(words) else None
    if follows is None or not follows.word[0].isalpha() or (follows.lower in TIMES and (not follows.capital or _timed(words, at + 1))):
        return False
    if lower == "of" or not strict:
        return lower not in ("than",)
    if follows.lower in ("the", "its", "a", "an") and at + 2 < len(words):
        follows = words[at + 2]
    role = words[at - 1].lower in PERSONS | MANY
    if follows.capital and follows.lower not in TIMES:
        return lower == "for" or (role and lower in ("at", "with", "from", "in"))
    return role and lower in ("for", "at", "with") and follows.lower in BODIES | {"port"}


def without_participle(words: Sequence[Token], start: int, end: int) -> int:
    """Without what a participle adds: "the man wounded in the fire" names the man."""
    for at in range(start + 2, end - 1):
        if (words[at].lower.endswith("ed") or words[at].lower in _PARTICIPLES) and words[at + 1].lower in PREPOSITIONS and not words[at].capital:
            return at
    return end


def can_speak(words: Sequence[Token], start: int, end: int, *, plain: bool) -> bool:
    """Whether the noun phrase can be a speaker; after a verb that is `plain` speech a short one with an article can."""
    phrase = words[start:end]
    if not phrase or (phrase[0].lower in _NOBODY and (len(phrase) == 1 or phrase[0].lower in ("no", "who", "which", "neither"))):
        return False
    if phrase[-1].lower.endswith("'s") or phrase[0].lower in ("neither", "either", "no") or phrase[-1].lower in DETERMINERS:
        return False
    head = next((at for at, token in enumerate(phrase) if at and token.lower in PREPOSITIONS), len(phrase))
    core = [token for token in phrase[:head] if token.lower not in DETERMINERS or token.word.isupper()]
    if not core or (core[-1].lower in FIGURES and not any(token.capital or token.lower.endswith("'s") for token in core[:-1])):
        return False
    last = core[-1].lower
    if last in NOUNS:
        return True
    if core[-1].capital:
        lone = len(core) == 1 and start == 0
        return not (lone and (core[-1].lower.endswith(("ly", "ing")) or core[-1].lower in NO_NAMES))
    return plain and len(phrase[:head]) <= 5 and (phrase[0].lower in DETERMINERS or phrase[0].lower == "people") and not last.endswith(("ly", "ing"))


def opening_subject(words: Sequence[Token]) -> Subject | None:
    """The name or role that opens the sentence as its subject."""
    start = 0
    while start < len(words) and (words[start].lower in BEGINNERS or words[start].word[0] in "\n\"'"):
        start += 1
    end = phrase_end(words, start, strict=True)
    whole = end
    end = next((at + 1 for at in range(end - 1, start - 1, -1) if stands_for_someone(words[at])), start)
    if end < whole and words[end].lower.endswith("s"):
        # more nouns follow: "the student activities office"
        return None
    if end == start or end >= len(words) or not can_speak(words, start, end, plain=False) or not _acts(words[end]):
        return None
    return Subject(start, end, "")


def _acts(token: Token) -> bool:
    """Whether the word after a noun phrase can be its verb, so that the phrase is whole."""
    lower = token.lower
    return not token.letters or lower in _FOLLOWING or lower.endswith(("ed", "s", "ly"))


def stands_for_someone(token: Token) -> bool:
    return (token.capital and token.lower not in NO_NAMES) or token.lower in SOMEONE


def window_of(words: Sequence[Token], start: int, end: int) -> Span:
    return Span(words[start].span.start, words[end - 1].span.end)

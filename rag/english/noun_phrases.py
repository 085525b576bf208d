"""Noun phrases in a sentence's words: where one ends, and whether it can name who speaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.english.phrases import Token
from rag.english.words import (
    BODIES,
    CALENDAR,
    COMPANY_FORMS,
    DEMONSTRATIVES,
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
# no word of a phrase, in lower case
_BREAKS = STOPS | PREPOSITIONS | TIMES | (SPEAKING - {"claims", "claim"})
_DAYS = CALENDAR - {"today", "yesterday"}
# what may stand after a comma within a name, and what says for whom or where a person is what he is
_AFTER_COMMA = COMPANY_FORMS | {"jr", "sr"}
_OF_A_ROLE = frozenset("for at with from in".split())
ADVERBS = frozenset(
    "also later then now again once just have has had will recently already even only both repeatedly often long still first further".split()
)
_NOBODY = DEMONSTRATIVES | frozenset(
    "some many few most all others everyone everybody someone somebody nobody anyone one none no such nothing everything both each either neither "
    "another people's".split()
)
_NONE = frozenset("no who which neither either".split())
BEGINNERS = frozenset("but and yet so still however meanwhile nevertheless nonetheless instead separately also additionally".split())
_PARTICIPLES = frozenset("seen made given written sent done led".split())
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
    end, at = start, _after_determiners(words, start, limit)
    while at < limit:
        joined = _after_joint(words, at, limit, strict) if end > start else at
        if joined == at and not _nominal(words, at, strict, end > start):
            break
        at, end = (at + 1, at + 1) if joined == at else (joined, end)
    return end


def phrases(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The noun phrases with a name, or a noun for people or bodies."""
    at = 0
    while at < len(words):
        end = phrase_end(words, at, strict=True)
        if any(map(stands_for_someone, words[at:end])):
            yield words[at:end]
        at = max(end, at + 1)


def _after_determiners(words: Sequence[Token], at: int, limit: int) -> int:
    return next((place for place in range(at, limit) if words[place].lower not in DETERMINERS), limit)


def _after_joint(words: Sequence[Token], at: int, limit: int, strict: bool) -> int:
    """Behind the words at `at` that join more to the phrase: a mark within a name, or a preposition or an "and" with its determiner; else `at`."""
    token, follows = words[at], words[at + 1] if at + 1 < limit else None
    if follows is None or token.word == "&" or (token.word == "," and follows.lower.rstrip(".") in _AFTER_COMMA):
        return at + (follows is not None)
    # where only the phrase's own words tell, an "and" joins two names
    joins = token.lower == "and" and (not strict or (words[at - 1].capital and follows.capital))
    attaches = token.lower in PREPOSITIONS and _attaches(words, at, strict)
    return at + 1 + (follows.lower in DETERMINERS) if joins or attaches else at


def _nominal(words: Sequence[Token], at: int, strict: bool, begun: bool) -> bool:
    """Whether the word at `at` can be part of a noun phrase here."""
    token, (lower, _, short) = words[at], words[at].lower.partition("'")
    if not token.letters or (short and lower in STOPS):
        return False
    if token.capital and lower != "i" and (at or lower not in STOPS):
        return not _timed(words, at) and (at > 0 or lower not in PREPOSITIONS) and (lower not in STOPS or token.word.isupper())
    owned = at > 0 and words[at - 1].lower.endswith("'s")
    if lower in _BREAKS or (begun and (lower in DETERMINERS or (token.word[0].isdigit() and not owned))):
        return False
    return not strict or not begun or _continues(words, at)


def _timed(words: Sequence[Token], at: int) -> bool:
    """Whether the capitalised word at `at` is a day or month; "Today" is one only at a sentence's beginning, else it belongs to a name."""
    named = words[at].word.isupper() or (at > 0 and words[at - 1].lower.endswith("'s"))
    return words[at].lower in TIMES and not named and (at == 0 or words[at].lower in _DAYS)


def _continues(words: Sequence[Token], at: int) -> bool:
    """Whether a lower-case word after others goes on with the phrase, rather than with the sentence."""
    lower, before, ahead = words[at].lower, words[at - 1], words[at + 1 : at + 4]
    if lower in NOUNS or before.lower.endswith(("'s", "ly")):
        return True
    if lower.endswith(("ed", "ing")) or lower in _PARTICIPLES:
        return lower.endswith("ing") and bool(ahead) and ahead[0].lower in SOMEONE and before.lower not in NOUNS
    if not before.capital:
        return before.lower not in PERSONS | MANY and (lower != "last" or not ahead or ahead[0].lower not in TIMES)
    # "Acme senior analyst Jan Roe", but not "Acme met analysts"
    return lower not in PASTS and not lower.endswith("s") and any(token.lower in SOMEONE or token.capital for token in ahead)


def _attaches(words: Sequence[Token], at: int, strict: bool) -> bool:
    """Whether the preposition at `at` goes on with the noun phrase before it."""
    lower, follows = words[at].lower, words[at + 1]
    if not follows.word[0].isalpha() or follows.lower in TIMES:
        return False
    if lower == "of" or not strict:
        return lower != "than"
    named = words[_after_determiners(words, at + 1, min(at + 3, len(words) - 1))]
    body = named.lower in BODIES | {"port"} and lower not in ("in", "from")
    return (named.capital and lower == "for") or (words[at - 1].lower in PERSONS | MANY and lower in _OF_A_ROLE and (named.capital or body))


def without_participle(words: Sequence[Token], start: int, end: int) -> int:
    """Where the phrase ends without what a participle adds ("the man wounded in the fire"); its start where someone acts ("Roe confirmed press")."""
    for at in range(start + 1, end - 1):
        lower = words[at].lower
        if words[at].capital or "-" in lower or not (lower.endswith("ed") or lower in _PARTICIPLES):
            continue
        if at > start + 1 and words[at + 1].lower in PREPOSITIONS:
            return at
        if stands_for_someone(words[at - 1]):
            return start
    return end


def can_speak(words: Sequence[Token], start: int, end: int, *, plain: bool) -> bool:
    """Whether the noun phrase can be a speaker; after a verb that is `plain` speech a short one with an article can."""
    phrase = words[start:end]
    if not phrase or (phrase[0].lower in _NOBODY and (len(phrase) == 1 or phrase[0].lower in _NONE)) or phrase[-1].lower.endswith("'s"):
        return False
    head = next((at for at, token in enumerate(phrase) if at and token.lower in PREPOSITIONS), len(phrase))
    core = [token for token in phrase[:head] if token.lower not in DETERMINERS or token.word.isupper()]
    if not core or (core[-1].lower in FIGURES and not any(token.capital or token.lower.endswith("'s") for token in core[:-1])):
        return False
    last = core[-1].lower
    if last in NOUNS:
        return True
    if core[-1].capital:
        return len(core) > 1 or start > 0 or not (last.endswith(("ly", "ing")) or last in NO_NAMES)
    return plain and head <= 5 and (phrase[0].lower in DETERMINERS or phrase[0].lower == "people") and not last.endswith(("ly", "ing"))


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

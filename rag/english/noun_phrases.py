"""Noun phrases in a sentence's words: where one ends, and whether it can name who speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.english.phrases import Token
from rag.english.words import ATTRIBUTING, BODIES, DETERMINERS, DOCUMENTS, MANY, NAMELESS, PERSONS, PREPOSITIONS, SOMEONE, STOPS, TIMES
from rag.types import Span

# how many words a subject may have before its verb
SUBJECT_WORDS = 14
_SUBJECT_STOPS = ATTRIBUTING - frozenset("claims claim notes note reports report estimates states show shows adds read".split())
ADVERBS = frozenset(
    "also later then now again once just have has had will recently already even only both repeatedly often long still first further".split()
)
_NOBODY = frozenset(
    "i we you who which that what there this these those some many few most all others everyone everybody someone somebody nobody anyone one none no "
    "such nothing everything both each either neither another much more people's him her them us me".split()
)
BEGINNERS = frozenset("but and yet so still however meanwhile nevertheless nonetheless instead separately also additionally".split())
_PARTICIPLES = frozenset(
    "released published quoted cited obtained issued seen viewed posted filed reviewed compiled conducted commissioned provided shared dated "
    "made given written prepared sent produced collected gathered carried done led".split()
)
# what stands between a body's name and a role in it
_MODIFIERS = frozenset(
    "news press senior deputy vice human health public media foreign state team campaign communications policy law legal medical security assistant "
    "national local former finance prime intelligence research science video game trade weather transport chief executive first co board".split()
)
# past tenses that do not end in -ed
_ACTS = frozenset(
    "met left took made gave got went came won lost held ran spoke stood sat saw sent built sold bought brought began led kept became wore drove "
    "shot put cut hit quit set let fell rose fought paid knew thought felt heard wrote drew grew hosted who".split()
)
NO_NAMES = NAMELESS | TIMES
# what can follow a whole subject
_FOLLOWING = STOPS | PREPOSITIONS | ATTRIBUTING | ADVERBS | _ACTS


@dataclass(frozen=True, slots=True)
class Subject:
    """The words [start, end) before a verb, and the word before them."""

    start: int
    end: int
    boundary: str
    pronoun: str = ""


def phrase_end(words: Sequence[Token], start: int, *, strict: bool, limit: int | None = None) -> int:
    """Where the noun phrase that starts at `start` ends; `strict` where only its own words can tell."""
    end, at = start, start
    limit = min(len(words), start + SUBJECT_WORDS) if limit is None else limit
    while at < limit and words[at].lower in DETERMINERS:
        at += 1
    while at < limit:
        token = words[at]
        if token.word == "&" or (token.word == "," and _lists(words, at, limit)):
            at += 1
            continue
        if token.lower in PREPOSITIONS and end > start:
            if not _attaches(words, at, strict):
                break
            at += 1 + (at + 1 < limit and words[at + 1].lower in DETERMINERS)
            continue
        if token.lower == "and" and end > start and _joins(words, at, limit, strict):
            at += 1 + (at + 1 < limit and words[at + 1].lower in DETERMINERS)
            continue
        if not _nominal(words, at, strict, end > start):
            break
        at += 1
        end = at
    return end


def _joins(words: Sequence[Token], at: int, limit: int, strict: bool) -> bool:
    """Whether "and" stands inside the phrase; where only its own words tell, between two names."""
    return not strict or (at + 1 < limit and words[at - 1].capital and words[at + 1].capital)


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
    if token.word[0].isdigit() and begun:
        return False
    return not strict or not begun or _continues(words, at)


def _timed(words: Sequence[Token], at: int) -> bool:
    """Whether the capitalised word at `at` is a day or month that is not part of a name."""
    report = at + 1 < len(words) and words[at + 1].lower in DOCUMENTS
    return words[at].lower in TIMES and not words[at].word.isupper() and not report


def _continues(words: Sequence[Token], at: int) -> bool:
    """Whether a lower-case word after others goes on with the phrase, rather than with the sentence."""
    lower, before = words[at].lower, words[at - 1]
    if before.lower.endswith("'s"):
        return True
    if lower in _PARTICIPLES or (
        lower.endswith("ing") and lower not in ("housing", "banking", "consulting", "marketing", "shipping", "fishing", "polling")
    ):
        return False
    if lower in PERSONS or lower in MANY or lower in BODIES or lower in DOCUMENTS:
        return True
    if not before.capital and not (before.lower in PERSONS or before.lower in MANY) and not lower.endswith(("ed", "ly")):
        return True
    ahead = words[at + 1 : at + 4]
    based = "-" in before.word or lower in _MODIFIERS
    return before.capital and based and any(token.lower in SOMEONE or token.capital for token in ahead)


def _attaches(words: Sequence[Token], at: int, strict: bool) -> bool:
    """Whether the preposition at `at` goes on with the noun phrase before it."""
    lower = words[at].lower
    follows = words[at + 1] if at + 1 < len(words) else None
    if follows is None or not follows.letters or follows.lower in TIMES or follows.word[0].isdigit():
        return False
    if lower == "of" or not strict:
        return lower not in ("than",)
    if follows.lower in ("the", "its", "a", "an") and at + 2 < len(words):
        follows = words[at + 2]
    role = words[at - 1].lower in PERSONS or words[at - 1].lower in MANY
    if lower in ("for", "at", "with", "from", "in"):
        return (follows.capital and follows.lower not in TIMES and (role or lower == "for")) or (
            role and lower in ("for", "at", "with") and (follows.lower in BODIES or follows.lower == "port")
        )
    return False


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
    if not core:
        return False
    last = core[-1].lower
    if last in PERSONS or last in MANY or last in BODIES or last in DOCUMENTS:
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
    end = next((at + 1 for at in range(end - 1, start - 1, -1) if stands_for_someone(words[at])), start)
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

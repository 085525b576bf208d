"""What a sentence leans on: a pronoun, a phrase such as "The group", or a "But" that means what was said before."""

import re
from collections.abc import Sequence

from rag.english.attributions import attributions
from rag.english.noun_phrases import opening_subject, stands_for_someone
from rag.english.phrases import Token, tokens
from rag.english.quotations import MASK
from rag.english.surroundings import Surroundings
from rag.english.words import DOCUMENTS, MODALS, PREPOSITIONS, STOPS, TIMES, WEEKDAYS
from rag.types import Span

_PRONOUNS = {
    "he": "he", "his": "he", "she": "she", "her": "she", "they": "they", "their": "they", "it": "it", "its": "it",
    "this": "this", "these": "this", "those": "this", "that": "this",
}  # fmt: skip
_ONE = ("he", "she")
_CONTRASTS = re.compile(
    r"(?:But|Yet|Nor)\b|(?:However|Still|Instead|Nevertheless|Nonetheless|Conversely|By contrast|In contrast|On the other hand|That said),|Even so\b"
)
# "It is outrageous to think", "It is clear that": an "it" that means nothing said before
_BE = frozenset("is was 's be been isn't wasn't".split())
_BEFORE_BE = (MODALS - {"shall"}) | {"has", "had"}
_VAGUE = frozenset("not also still now just very too so more quite most perhaps even".split())
_WEATHER = WEEKDAYS | frozenset("raining snowing hailing cold hot warm dark windy foggy sunny cloudy late early midnight noon dawn".split())
_JUDGED = frozenset(
    "outrageous important hard harder difficult easy easier possible impossible necessary clear unclear good better best wrong right time common "
    "rare safe "
    "dangerous vital essential crucial wise fair great sad nice helpful useful tempting worth surprising interesting reasonable natural illegal "
    "legal "
    "unlawful unusual inevitable critical crazy foolish silly imperative premature".split()
)
_GO_ON = frozenset("to that whether who how why when if for what where".split())
_SEEMS = frozenset("seems seemed appears appeared turns turned emerged follows happens happened looks".split())
_DEICTIC = TIMES | frozenset("days times season time decade century article story newspaper column website page coming past".split())
_RESTRICTED = frozenset("who with in of familiar whose that interested looking seeking on from which".split())
_THAT_VERBS = frozenset(
    "is was 's has had means meant would will could may might leaves left made makes includes included came comes changed same led leads".split()
)
GROUPS = frozenset("group organisation organization company firm agency charity nonprofit team club bank airline carmaker retailer".split())
TWOS = frozenset("pair two duo trio latter former".split())
SHELLS = frozenset("move decision incident announcement change changes".split())
THINGS = frozenset(
    "deal agreement report study survey poll proposal plan measure bill law ministry department commission committee council attack crash accident "
    "ruling verdict suspect victim man woman couple statement letter document documents lawsuit suit complaint claim claims allegation allegations "
    "accusations charges investigation inquiry findings figures project programme program policy meeting vote ban strike protest protests".split()
)
_ANAPHORS = GROUPS | TWOS | SHELLS | THINGS
_DEFINES = frozenset("of by from for on in at that which who whose between with behind to against into about is's".split())
_LEAD_IN = PREPOSITIONS | frozenset("when while as although though if once because".split())


def need_of(article: Surroundings, number: int) -> str | None:
    """What a sentence leans on: "contrast", a pronoun, a noun such as "report", "before" for whatever the one before says, or nothing."""
    shown = article.shown(number)
    words = article.words(number)
    if words and words[0].word[0] == MASK:
        if number and _unsaid(article, number):
            return "before"
        speaker = words[1].lower if len(words) > 1 and words[0].utters else ""
        if speaker in _ONE:
            return speaker
        if not number or article.breaks(number - 1, number):
            return None
        shown = shown.lstrip("\"'“‘«„ ")
        words = tokens(shown, Span(0, min(len(shown), 200)), ())
        need = _pronoun(words)
        return need if need != "this" else None
    if _CONTRASTS.match(shown) and len(words) > 2:
        return _pronoun_after(words) or "contrast"
    return _pronoun(words) or _anaphor(words)


def _unsaid(article: Surroundings, number: int) -> bool:
    """Whether something is said from this sentence on and not by whom, and the one before can tell: Jan Roe shook her head. “…”

    Over a paragraph's end only where another acts behind the words: “…” Bob nodded.
    """
    before, last = article.words(number - 1), number
    if before[0].word[0] == MASK or opening_subject(before) is None or article.words(number)[0].ending not in (".", "!", "?"):
        return False
    while last + 1 < len(article.sentences) and not article.breaks(last, last + 1) and article.words(last + 1)[0].word[0] == MASK:
        last += 1
    acts = any(token.letters for token in article.words(last))
    return (acts or not article.breaks(number - 1, number)) and not any(attributions(article.words(at)) for at in range(number, last + 1))


def _pronoun_after(words: Sequence[Token]) -> str | None:
    """The person that a sentence with "But" is about, where only a pronoun says so."""
    need = _pronoun(words)
    return need if need in _ONE else None


def _pronoun(words: Sequence[Token]) -> str | None:
    at = _subject_at(words)
    if at is None or at >= len(words):
        return None
    lower = words[at].lower
    following = [token.lower for token in words[at + 1 : at + 14]]
    word, _, rest = lower.partition("'")
    if rest:
        following.insert(0, f"'{rest}")
    need = _PRONOUNS.get(word)
    if need is None or not following:
        return None
    if (word == "it" and _pleonastic(following)) or (need == "this" and _points_elsewhere(word, following)):
        return None
    return need


def _subject_at(words: Sequence[Token]) -> int | None:
    """Where the subject can stand: first, or after "But", or after "In June," that names nobody."""
    at = 0
    while at < len(words) and (
        words[at].lower in ("but", "and", "yet", "so", "nor", "still", "however", "then", "even", "instead", ",", "also", "now")
    ):
        at += 1
    if [token.lower for token in words[at : at + 2]] == ["as", "for"]:
        return None
    if at >= len(words) or (words[at].lower not in _LEAD_IN and not words[at].lower.endswith("ly")):
        return at
    for comma in range(at, min(at + 9, len(words) - 1)):
        if words[comma].word == ",":
            return comma + 1
        if comma > at and stands_for_someone(words[comma]):
            return None
    return None


def _pleonastic(following: Sequence[str]) -> bool:
    """Whether "it" before these words means nothing."""
    first = following[0]
    if first in ("takes", "took"):
        return "to" in following[:9]
    if first in _SEEMS:
        return following[1:2] in (["that"], ["as"], ["like"], ["out"]) or first == "emerged"
    if first in ("remains", "remained", "became", "becomes"):
        return following[1:2] in (["unclear"], ["to"], ["clear"], ["possible"])
    rest = list(following)
    while rest and (rest[0] in _BEFORE_BE or rest[0] in _VAGUE):
        rest = rest[1:]
    if not rest or rest[0] not in _BE:
        return False
    while rest and (rest[0] in _BE or rest[0] in _VAGUE or rest[0].endswith("ly")):
        rest = rest[1:]
    return bool(rest) and _impersonal(rest)


def _impersonal(rest: Sequence[str]) -> bool:
    """Whether "it is" before these words only says what the weather, the hour or a judgement is, or lifts out a word."""
    if rest[0] in _WEATHER or (rest[0].isdigit() and (len(rest[0]) == 4 or rest[1:2] == ["p.m."])):
        return True
    if rest[0] in _JUDGED and (rest[0] in ("clear", "unclear", "time") or _GO_ON.intersection(rest[1:7])):
        return True
    return rest[0] not in ("a", "an") and bool({"that", "who"}.intersection(rest[:8]))


def _points_elsewhere(word: str, following: Sequence[str]) -> bool:
    """Whether "this" means the time of writing, "those" whom the sentence itself defines, or "that" only joins."""
    if word in ("this", "these"):
        return following[0].removesuffix("'s") in _DEICTIC or following[0][0].isdigit()
    if word == "those":
        return following[0] in _RESTRICTED
    return following[0] not in _THAT_VERBS and not following[0].endswith("ed") and following[0] not in TIMES


def _anaphor(words: Sequence[Token]) -> str | None:
    """The noun of "The group …", where nothing in the phrase says which group; "before" for "Both" and "Such"."""
    if len(words) < 4:
        return None
    first, second, third = (token.lower for token in words[:3])
    if (first == "such" and second not in ("as", "a", "an")) or (first == "such" and words[2].lower in DOCUMENTS):
        return "before"
    if first == "both":
        return None if any(token.lower == "and" for token in words[1:8]) else "before"
    noun = second.removesuffix("'s")
    if first != "the" or noun not in _ANAPHORS or words[1].capital:
        return None
    if third in _DEFINES or words[2].capital or words[2].word[0].isdigit() or (noun in ("two", "former", "latter") and not _closes_phrase(words[2])):
        return None
    return noun


def _closes_phrase(token: Token) -> bool:
    return token.lower in STOPS or token.lower in _THAT_VERBS or token.lower.endswith("ed") or token.lower in ("said", "says", "agreed", "met")

"""What a sentence leans on: a pronoun, a phrase such as "The group", or a "But" that means what was said before."""

from collections.abc import Sequence

from rag.english.attributions import attributions
from rag.english.phrases import Token, stands_for_someone, tokens
from rag.english.quotations import OPENING
from rag.english.speech import BEGINNERS, SUBORDINATORS, can_be_verb, opening_subject
from rag.english.surroundings import Surroundings
from rag.english.words import (
    ASKING,
    AUXILIARIES,
    BE,
    BEING,
    DEMONSTRATIVES,
    DETERMINERS,
    DOCUMENTS,
    PASTS,
    PREPOSITIONS,
    SAY,
    STOPS,
    TIMES,
    WEEKDAYS,
)
from rag.types import Span

# what the sentence before says, where a word means all of it
BEFORE = "before"
ONE = ("he", "she")
_OWNERS = {"his": "he", "her": "she", "their": "they", "its": "it"}
# what a sentence begins with that goes against the one before; and what does so before a comma
_BUT = ("but", "yet", "nor")
_HOWEVER = (
    "however", "still", "instead", "even so", "nevertheless", "nonetheless", "conversely", "by contrast", "in contrast", "on the other hand",
    "that said",
)  # fmt: skip
_LEAD_IN = PREPOSITIONS | (SUBORDINATORS - {"that"}) | {"as", "once"}
# "It is hard to think", "It is clear that": an "it" that means nothing said before; but what it can be, or be about to
_IS = BEING | AUXILIARIES | frozenset("'s isn't wasn't not also still now just very too so more quite most perhaps even".split())
_WEATHER = WEEKDAYS | frozenset("raining snowing hailing cold hot warm dark windy foggy sunny cloudy late early midnight noon dawn time".split())
_OWN = frozenset("likely unlikely able unable due ready set home open close next similar free subject".split())
_JUDGED = ASKING | {"to", "whether", "if"}
_SEEMS = frozenset("seems seemed appears appeared turns turned emerged follows happens happened looks remains remained became becomes".split())
_SEEN = frozenset("that as like out clear unclear possible".split())
_DEICTIC = TIMES | frozenset("day season time decade century article story newspaper column website page coming past".split())
# nouns that "the" before them makes lean: bodies, what the sentence before says or names, and what someone did or wrote
GROUPS = frozenset("group organisation organization company firm agency charity nonprofit team club bank airline carmaker retailer".split())
_SAID = frozenset("pair two duo trio latter former move decision incident announcement change".split())
_DONE = (
    "deal agreement proposal plan measure law ministry department commission committee council attack crash accident verdict suspect victim man "
    "woman couple allegation accusation inquiry project programme program policy meeting vote ban strike protest"
).split()
THINGS = DOCUMENTS | frozenset(_DONE) | {f"{thing}s" for thing in _DONE}


def need_of(article: Surroundings, number: int) -> str | None:
    """What a sentence leans on: a pronoun of someone, a noun such as "report", BEFORE for whatever the one before says, or nothing."""
    words = article.words(number)
    if words and words[0].quoted:
        if number and _unsaid(article, number):
            return BEFORE
        speaker = words[1].lower if len(words) > 1 and words[0].utters else ""
        if speaker in ONE:
            return speaker
        if not number or article.breaks(number - 1, number):
            return None
        shown = article.shown(number).lstrip(f"{OPENING} ")
        words = tokens(shown, Span(0, min(len(shown), 200)), ())
        return None if words and words[0].lower in DEMONSTRATIVES else _pronoun(words)
    if len(words) > 2 and objects(words):
        # the person that it is about, where only a pronoun says so
        need = _pronoun(words)
        return need if need in ONE else BEFORE
    return _pronoun(words) or _anaphor(words)


def objects(words: Sequence[Token]) -> bool:
    """Whether a sentence begins with a "But" or "However," against the one before."""
    comma = next((at for at, token in enumerate(words[:6]) if token.word == ","), 0)
    return words[0].lower in _BUT or " ".join(token.lower for token in words[:comma]) in _HOWEVER


def _unsaid(article: Surroundings, number: int) -> bool:
    """Whether something is said from this sentence on and not by whom, and the one before can tell: Jan Roe shook her head. “…”

    Over a paragraph's end only where another acts behind the words: “…” Bob nodded.
    """
    before, last = article.words(number - 1), number
    if before[0].quoted or opening_subject(before) is None or article.words(number)[0].ending not in (".", "!", "?"):
        return False
    while last + 1 < len(article.sentences) and not article.breaks(last, last + 1) and article.words(last + 1)[0].quoted:
        last += 1
    acts = any(token.letters for token in article.words(last))
    return (acts or not article.breaks(number - 1, number)) and not any(attributions(article.words(at)) for at in range(number, last + 1))


def _pronoun(words: Sequence[Token]) -> str | None:
    at = _subject_at(words)
    if at is None or at >= len(words):
        return None
    word, _, rest = words[at].lower.partition("'")
    following = [f"'{rest}"] * bool(rest) + [token.lower for token in words[at + 1 : at + 14]]
    if not following or (word == "it" and _pleonastic(following)) or (word in DEMONSTRATIVES and _points_elsewhere(word, following)):
        return None
    meant = _OWNERS.get(word, word)
    return meant if meant in (*ONE, "they") else BEFORE if meant in DEMONSTRATIVES | {"it"} else None


def _subject_at(words: Sequence[Token]) -> int | None:
    """Where the subject can stand: first, or after "But", or after "In June," that names nobody."""
    at = next((at for at, token in enumerate(words) if token.lower not in BEGINNERS | {","}), len(words))
    if at == len(words) or (words[at].lower not in _LEAD_IN and not words[at].lower.endswith("ly")):
        return at
    for comma in range(at, min(at + 9, len(words) - 1)):
        if words[comma].word == ",":
            return comma + 1
        if comma > at and stands_for_someone(words[comma]):
            return None
    return None


def _pleonastic(following: Sequence[str]) -> bool:
    """Whether "it" before these words means nothing."""
    first, second = following[0], following[1:2]
    if first in ("takes", "took"):
        return "to" in following[:9]
    if first in _SEEMS:
        return first == "emerged" or bool(_SEEN.intersection(second)) or (first.startswith("remain") and second == ["to"])
    at = next((at for at, word in enumerate(following) if word not in _IS and not word.endswith("ly")), len(following))
    rest = following[at:]
    return bool(rest) and not (BE | BEING | {"'s", "isn't", "wasn't"}).isdisjoint(following[:at]) and _impersonal(rest)


def _impersonal(rest: Sequence[str]) -> bool:
    """Whether "it is" before these words only says what the weather or a judgement is, or lifts out a word."""
    first = rest[0]
    if first in _WEATHER:
        return True
    judged = first.isalpha() and not first.endswith(("ed", "ing")) and first not in DETERMINERS | PREPOSITIONS | PASTS | _OWN
    return (judged and bool(_JUDGED.intersection(rest[1:7]))) or (first not in ("a", "an") and not {"that", "who"}.isdisjoint(rest[:8]))


def _points_elsewhere(word: str, following: Sequence[str]) -> bool:
    """Whether "this" means the time of writing, "those" whom the sentence itself defines, or "that" only joins."""
    first = following[0]
    if word in ("this", "these"):
        return first[0].isdigit() or first.removesuffix("'s") in _DEICTIC or first.removesuffix("s") in _DEICTIC
    if word == "those":
        return first in PREPOSITIONS | ASKING | {"that", "familiar", "interested"} or first.endswith("ing")
    return first not in AUXILIARIES | PASTS | TIMES | {"same", "meant"} and not (first.endswith(("ed", "s")) and "'" not in first[1:])


def _anaphor(words: Sequence[Token]) -> str | None:
    """The noun of "The group …", where nothing in the phrase says which group; BEFORE for "Both" and "Such"."""
    if len(words) < 4:
        return None
    first, second, third = (token.lower for token in words[:3])
    if first == "such":
        return BEFORE if second not in ("as", "a", "an") or third in DOCUMENTS else None
    if first == "both":
        return None if any(token.lower == "and" for token in words[1:8]) else BEFORE
    noun = second.removesuffix("'s")
    if first != "the" or words[1].capital or words[2].capital or words[2].word[0].isdigit() or third in PREPOSITIONS | ASKING | {"that", "behind"}:
        return None
    if noun in ("two", "former", "latter") and not (third in STOPS | SAY or can_be_verb(words, 2)):
        return None
    return BEFORE if noun.removesuffix("s") in _SAID else noun if noun in GROUPS | THINGS else None

"""A question, parsed once: its words, what it is about, the kind of answer that it wants."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import dropwhile

from rag.english.names import alike, names_in
from rag.english.words import AMOUNTS, ARTICLES, ASKING, BE, DEMONSTRATIVES, DO, HAVE, MODALS, PERSONS, SIZES, TIMES
from rag.store import stems
from rag.types import Span
from rag.values import Quantity, periods

# words that make a question a question, and say nothing of what it is about
FUNCTION_WORDS = ARTICLES | ASKING | BE | DO | HAVE | DEMONSTRATIVES
FUNCTION_WORDS |= frozenset("and any as at be been by for from in it its of on or s there to with".split())
# what a question in a chat may begin with, which says nothing
LEADS = frozenset("and but or so ok okay well then yes no also".split())
AUXILIARIES = BE | DO | HAVE | MODALS
AUXILIARIES |= {f"{word}n't" for word in AUXILIARIES} | {"won't", "can't"}

_WORD = re.compile(r"[^\W_]+(?:[-’'&./,][^\W_]+)*[’']?")
_QUANTITIES = AMOUNTS | SIZES | {"powerful", "expensive", "quickly"}
_NUMBERS = frozenset("percentage percent number amount proportion share price age".split())
DAYS = frozenset("year date day month time century decade season".split())
PLACES = frozenset(
    "country countries city cities state states region town county island nation continent place village capital province district area river "
    "location venue".split()
)
# "official" says more often what kind of name or number is asked for
_PEOPLE = (PERSONS - {"official"}) | frozenset(
    "singer footballer rapper star celebrity comedian golfer boxer billionaire person people swimmer gymnast candidate model composer "
    "philosopher".split()
)
# Of those who came or were killed there are many, and each answer may be right; a post has one holder.
_WHO_HOLDS = re.compile(r"\s*(?i:who(?:['’]s| is| was)) (?:(?i:the|acting)\b|[A-Z][\w.]*(?:['’]s?)?(?= [a-z]))")


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    NAME = "name"
    REASON = "reason"
    OTHER = "other"


_KINDS = dict.fromkeys(("who", "whom", "whose"), Kind.PERSON) | {"when": Kind.DATE, "where": Kind.PLACE, "why": Kind.REASON}
# the kind that a noun says, and how many words after the asking one it may be
_NOUNS = ((Kind.NUMBER, _NUMBERS, 1), (Kind.DATE, DAYS, 2), (Kind.PLACE, PLACES, 3), (Kind.PERSON, _PEOPLE, 3))
# a longer query may be a question that lacks its mark
_MOST_SEARCHED = 3
_VERBS = AUXILIARIES | {"happened", "about", "if"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, with its place in it."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.casefold().replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def owner(self) -> bool:
        return self.low.endswith("'s")

    @property
    def day(self) -> bool:
        """Whether it is a year, or a month or weekday by name."""
        return bool(re.fullmatch(r"1\d{3}|20\d{2}", self.text)) or (self.capital and self.low in TIMES)


@dataclass(frozen=True, slots=True)
class Typed:
    """A question as it was typed, word by word."""

    text: str
    words: tuple[Word, ...]

    @classmethod
    def of(cls, text: str) -> "Typed":
        return cls(text, tuple(Word(match.group(), *match.span()) for match in _WORD.finditer(text)))

    @property
    def lows(self) -> list[str]:
        return [word.low for word in self.words]

    @property
    def bare(self) -> str:
        """The text without the marks at its end."""
        return self.text.rstrip(" ?!.…")

    def unled(self) -> "Typed":
        """The same from the first word on that is no "And", "But", "So" or the like."""
        return Typed(self.text, tuple(dropwhile(lambda word: word.low in LEADS, self.words)))


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader and the comparison of its quotes need to know of a question.

    `words` are casefolded and without a possessive's s, `stems` those of the words
    that say what it is about. `names` are the stems of the names in it, but for
    America's; `periods` the months and years; `holder` says that it asks who holds
    a post that it names.
    """

    text: str
    words: frozenset[str]
    stems: frozenset[str]
    kind: Kind
    names: frozenset[str]
    periods: tuple[Quantity, ...]
    holder: bool


def is_search(text: str) -> bool:
    """Whether it asks nothing: one to three words, none of which asks, and no question mark.

    What begins as a chat's reply does ("And in Ireland") is a part of a question.
    """
    words = Typed.of(alike(text)).lows
    asks = words[:1] and (words[0] in LEADS | AUXILIARIES or not ASKING.isdisjoint(words))
    return 1 <= len(words) <= _MOST_SEARCHED and not asks and "?" not in text


@lru_cache(maxsize=64)
def parse(text: str) -> Question:
    """The question in its parts, worked out once for all who ask for it. Any text is one."""
    words, named = [plain(word.text) for word in Typed.of(alike(text)).words], names_in(text)
    wanted = {_wanted(word, words[n + 1 :]) for n, word in enumerate(words) if word in ASKING}
    about = " ".join(word for word in words if word not in FUNCTION_WORDS and word not in AMOUNTS)
    return Question(
        text,
        frozenset(words),
        frozenset(stems(about)),
        next((kind for kind in Kind if kind in wanted), Kind.OTHER),
        named - names_in("America", first=True),
        periods(text, Span(0, len(text))),
        bool(named) and _WHO_HOLDS.match(text) is not None,
    )


def plain(word: str) -> str:
    """A word of text that is `alike`, casefolded, without a possessive's s."""
    return word.casefold().removesuffix("'s").rstrip(".,")


def _wanted(asking: str, after: list[str]) -> Kind:
    """The kind that an asking word asks for, by itself or with what comes after it."""
    if asking == "how":
        return Kind.NUMBER if _QUANTITIES.intersection(after[:1]) else Kind.OTHER
    if asking in _KINDS:
        return _KINDS[asking]
    by_noun = (kind for kind, nouns, reach in _NOUNS if nouns.intersection(after[:reach]))
    return next(by_noun, Kind.NAME if after and after[0] not in _VERBS else Kind.OTHER)

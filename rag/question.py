"""A question, parsed once: its words, what it is about, the kind of answer that it wants."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rag.english.names import alike, names_in, words_in
from rag.english.words import AMOUNTS, ARTICLES, ASKING, BE, DEMONSTRATIVES, DO, HAVE, SIZES, TIMES
from rag.store import stems
from rag.types import Span
from rag.values import Quantity, periods

# words that make a question a question, and say nothing of what it is about
FUNCTION_WORDS = ARTICLES | ASKING | BE | DO | HAVE | DEMONSTRATIVES
FUNCTION_WORDS |= frozenset("and any as at be been by for from in it its of on or s there to with".split())

_WORD = re.compile(r"[^\W\d_][\w'&-]*|\d[\d.,]*")
_QUANTITIES = AMOUNTS | SIZES | {"powerful", "expensive", "quickly"}
_NUMBERS = frozenset("percentage percent number amount proportion share price age".split())
_DAYS = frozenset("year date day month time century decade season".split())
_PLACES = frozenset(
    "country countries city cities state states region town county island nation continent place village capital province district area river "
    "location venue".split()
)
_PEOPLE = frozenset(
    "actor actress singer musician artist rapper president minister leader player footballer author writer director politician senator athlete star "
    "celebrity man woman king queen prince princess scientist comedian host coach manager driver golfer boxer ceo billionaire founder judge lawyer "
    "person people swimmer gymnast candidate governor mayor secretary chancellor designer model composer philosopher general".split()
)
# Of those who came or were killed there are many, and each answer may be right; a post has one holder.
_WHO_HOLDS = re.compile(r"\s*(?i:who(?:['’]s| is| was)) (?:(?i:the|acting)\b|[A-Z][\w.]*(?:['’]s?)?(?= [a-z]))")
# what a question in a chat may begin with, which says nothing
LEADS = frozenset("and but or so ok okay well then yes no also".split())
_TYPED = re.compile(r"[^\W_]+(?:[-’'&./,][^\W_]+)*[’']?")
_VERBS = BE | DO | frozenset("has have will can would could happened about if".split())


class Kind(StrEnum):
    """The kind of answer that a question wants."""

    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    NAME = "name"
    REASON = "reason"
    OTHER = "other"


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
        return cls(text, tuple(Word(match.group(), *match.span()) for match in _TYPED.finditer(text)))

    @property
    def bare(self) -> str:
        """The text without the marks at its end."""
        return self.text.rstrip(" ?!.…")

    def unled(self) -> tuple[Word, ...]:
        """The words after "And", "But", "So" and the like."""
        skip = 0
        while skip < len(self.words) and self.words[skip].low in LEADS:
            skip += 1
        return self.words[skip:]


@dataclass(frozen=True, slots=True)
class Question:
    """What the reader and the comparison of its quotes need to know of a question.

    `words` are casefolded and without a possessive's s, `written` in lower case as
    they stand, `stems` those of the words that say what it is about. `names` are the
    stems of the names in it, but for America's; `periods` the months and years;
    `holder` says that it asks who holds a post that it names.
    """

    text: str
    words: frozenset[str]
    written: frozenset[str]
    stems: frozenset[str]
    kind: Kind
    names: frozenset[str]
    periods: tuple[Quantity, ...]
    holder: bool


@lru_cache(maxsize=64)
def parse(text: str) -> Question:
    """The question in its parts, worked out once for all who ask for it. Any text is one."""
    ordered, named = words(text), names_in(text)
    wanted = {_wanted(ordered, n) for n, word in enumerate(ordered) if word in ASKING}
    about = " ".join(word for word in ordered if word not in FUNCTION_WORDS and word not in AMOUNTS)
    return Question(
        text,
        frozenset(ordered),
        frozenset(word.lower() for word in words_in(text)),
        frozenset(stems(about)),
        next((kind for kind in Kind if kind in wanted), Kind.OTHER),
        named - names_in("America", first=True),
        periods(text, Span(0, len(text))),
        bool(named) and _WHO_HOLDS.match(text) is not None,
    )


def words(text: str) -> list[str]:
    """The text's words, casefolded, without a possessive's s."""
    return [plain(match.group()) for match in _WORD.finditer(alike(text))]


def plain(word: str) -> str:
    """A word of text that is `alike`, casefolded, without a possessive's s."""
    return word.casefold().removesuffix("'s").rstrip(".,")


def _wanted(ordered: list[str], n: int) -> Kind:
    """The kind that the asking word at `n` asks for, by itself or with the noun after it."""
    after = ordered[n + 1 : n + 4]
    match ordered[n]:
        case "who" | "whom" | "whose":
            return Kind.PERSON
        case "when":
            return Kind.DATE
        case "where":
            return Kind.PLACE
        case "why":
            return Kind.REASON
        case "how":
            return Kind.NUMBER if _QUANTITIES.intersection(after[:1]) else Kind.OTHER
        case _:
            return _wanted_by_noun(after)


def _wanted_by_noun(after: list[str]) -> Kind:
    if _NUMBERS.intersection(after[:1]):
        return Kind.NUMBER
    if _DAYS.intersection(after[:2]):
        return Kind.DATE
    if _PLACES.intersection(after):
        return Kind.PLACE
    if _PEOPLE.intersection(after):
        return Kind.PERSON
    return Kind.NAME if after and after[0] not in _VERBS else Kind.OTHER

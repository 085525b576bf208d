"""What a question asks for: its words, and the kind of answer that it wants."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.store import stems

# words that make a question a question, and say nothing of what it is about
FUNCTION_WORDS = frozenset(
    "a an and any are as at be been by did do does for from had has have how in is it its of on or s that the there these this those to was "
    "were what when where which who whom whose why with".split()
)
_ASKING_WORDS = frozenset("how what when where which who whom whose why".split())

_WORD = re.compile(r"[^\W\d_][\w’'&-]*|\d[\d.,]*")
_QUANTITIES = frozenset(
    "many much long old far tall big fast high deep large often heavy wide strong powerful hot cold expensive quickly soon late early".split()
)
_AMOUNTS = frozenset("many much".split())
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
_VERBS = frozenset("is are was were did does do has have will can would could happened about if".split())


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
class Question:
    """`words` are casefolded and without a possessive's s, `stems` are those of the words that say what it is about.

    `names` has the stems of each word that is written with a capital inside the question.
    """

    text: str
    words: frozenset[str]
    stems: frozenset[str]
    kind: Kind


def parse(text: str) -> Question:
    """The question in its parts. Any text is one."""
    ordered = words(text)
    wanted = {_wanted(ordered, n) for n, word in enumerate(ordered) if word in _ASKING_WORDS}
    kind = next((kind for kind in Kind if kind in wanted), Kind.OTHER)
    about = " ".join(word for word in ordered if word not in FUNCTION_WORDS and word not in _AMOUNTS)
    return Question(text, frozenset(ordered), frozenset(stems(about)), kind)


def words(text: str) -> list[str]:
    """The text's words, casefolded, without a possessive's s."""
    return [plain(match.group()) for match in _WORD.finditer(text)]


def plain(word: str) -> str:
    return word.casefold().removesuffix("’s").removesuffix("'s").rstrip(".,")


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

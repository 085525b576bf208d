"""Bylines into names. In doubt a name is left whole: "Press, Associated" is worse than an unsorted "Jane Smith"."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]\.")
_AND = re.compile(r",?\s+(?:and|&)\s+")
_AND_OR_COMMA = re.compile(r",?\s+(?:and|&)\s+|,\s+")
# words of bodies and jobs, not of people: what has one is never divided
_BODIES = frozenset(
    "agency agencies army association bank board bureau center centre church co college commission committee company contributors "
    "corporation correspondent correspondents council daily department desk editor editors federation foundation fund gazette "
    "government group guardian herald house inc institute institution international journal limited llc ltd ministry museum nations "
    "network news observer office organisation organization parliament party police post press radio reporter reporters research "
    "school science service services society staff sun team television the times tribune trust union university watch wire "
    "writer writers".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A person's family and given names, or without `given` a name that is left whole."""

    family: str
    given: str = ""


def names(author: str | None) -> tuple[Name, ...]:
    """The names of an article's author or authors.

    Only an initial shows a person for certain ("Jane Q. Smith", "Smith, J."): "Jane
    Smith" looks like "Associated Press". Authors are told apart at semicolons, and at
    "and" where everything around it looks like the name of a person.
    """
    return tuple(_name(piece) for piece in _pieces(" ".join((author or "").split())))


def _pieces(author: str) -> list[str]:
    if ";" in author:
        return [piece.strip() for piece in author.split(";") if piece.strip()]
    if _AND.search(author):
        for separator in (_AND, _AND_OR_COMMA):
            pieces = separator.split(author)
            if all(_like_a_person(piece) for piece in pieces):
                return pieces
    return [author] if author else []


def _name(piece: str) -> Name:
    given, family = _given_and_family(piece)
    initials = [word for word in given if _INITIAL.fullmatch(word)]
    return Name(family, " ".join(given)) if initials and _WORD.fullmatch(family) and _like_a_person(piece) else Name(piece)


def _given_and_family(piece: str) -> tuple[list[str], str]:
    family, comma, given = piece.partition(", ")
    if comma:
        return given.split(), family
    words = piece.split()
    return words[:-1], words[-1]


def _like_a_person(piece: str) -> bool:
    """Two to four capitalised words or initials, and none of a body's; with a comma, "Family, G."."""
    given, family = _given_and_family(piece)
    words = [*given, family]
    if ", " in piece and not any(_INITIAL.fullmatch(word) for word in given):
        return False
    shaped = all(_WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word in words)
    return shaped and 2 <= len(words) <= 4 and all(word[0].isupper() and word.lower() not in _BODIES for word in words)

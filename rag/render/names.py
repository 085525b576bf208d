"""Bylines into names. In doubt a name is left whole: "Press, Associated" is worse than an unsorted "Jane Smith"."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]\.(?:-[^\W\d_]\.)*")
# between the initials of "Smith, J.A."
_GLUED = re.compile(r"(?<=\.)(?=[^\W\d_]\.)")
_AND = re.compile(r",?\s+(?:and|&)\s+")
_AND_OR_COMMA = re.compile(r",?\s+(?:and|&)\s+|,\s+")
_LED_IN = re.compile(r"\A(?:(?:(?:written|reported|reporting)\s+)?by:?|and)\s+(?=\S)", re.IGNORECASE)
# "Smith, J. A.", and a list of such
_INVERTED = r"[^\W\d_][^,;&()|]*, (?:[^\W\d_]\.[ -]?)*[^\W\d_]\."
_LIST_OF_INVERTED = re.compile(rf"{_INVERTED}(?:,? (?:(?:and|&) )?{_INVERTED})+")
# what stands beside a name: "Jane Smith (BBC)", "Jane Smith in Oslo", "Jane Smith for BBC News", "Jane Smith, staff writer", "Jane Smith | BBC News"
_BESIDE = re.compile(
    r"(?P<name>[^,|(]+?)(?:\s*\(.*\)|\s+in\s+(?P<place>\S+(?:\s\S+){0,2})"
    r"|(?:,|\s[|–—-])?\s+for\s+(?P<client>.+)|(?:,|\s[|–—-])\s+(?P<job>.+))"
)
_JOBS = frozenset(
    "columnist contributor correspondent editor photographer reporter staff writer contributors correspondents editors reporters writers".split()
)
# words of bodies and jobs, not of people: what has one is never divided
_BODIES = _JOBS | frozenset(
    "agency agencies army association bank board bureau center centre church co college commission committee company corporation council daily "
    "department desk federation foundation fund gazette government group guardian herald house inc institute institution international journal "
    "limited llc ltd media ministry museum nations network news observer office organisation organization parliament party police post press radio "
    "research school science service services society sun team television the times tribune trust union university watch wire".split()
)
# with one of these a name is not divided: styles differ in where the family name begins, and what follows it
_PARTICLES = frozenset("van von der den de la del della di da dos du le bin ibn ben al el ter ten zu".split())
_ADDED = frozenset("jr sr ii iii iv phd md esq sir dame mr mrs ms dr gen sen gov rep lt col sgt capt prof rev".split())


@dataclass(frozen=True, slots=True)
class Name:
    """A person's family and given names, or without `given` a name that is left whole."""

    family: str
    given: str = ""


def names(author: str | None) -> tuple[Name, ...]:
    """The names of an article's author or authors.

    Only an initial shows a person for certain ("Jane Q. Smith", "Smith, J."): "Jane
    Smith" looks like "Associated Press". A name with a particle or a suffix is left
    whole, unless its comma says where the family name ends ("van Roe, J."). Authors are
    told apart at semicolons, at "and" where all are people or one is and another a body,
    and at commas where each has an initial. A "By" before a name is left out, and a job, a body or a place after it.
    """
    return tuple(_name(_alone(_LED_IN.sub("", piece))) for piece in _pieces(_LED_IN.sub("", " ".join((author or "").split()))))


def _pieces(author: str) -> list[str]:
    if ";" in author:
        return [piece.strip() for piece in author.split(";") if piece.strip()]
    if _LIST_OF_INVERTED.fullmatch(author):
        return re.findall(rf"(?:(?:and|&) )?({_INVERTED})", author)
    joined = _AND.search(author)
    if joined:
        for separator in (_AND, _AND_OR_COMMA):
            pieces = separator.split(author)
            if all(_like_a_person(_alone(piece)) for piece in pieces):
                return pieces
        pieces = _AND.split(author)
        people = [_certain(_alone(piece)) for piece in pieces]
        if any(people) and all(person or _like_a_body(piece) for person, piece in zip(people, pieces, strict=True)):
            return pieces
    pieces = author.split(", ")
    if not joined and all(" " in piece and _certain(_alone(piece)) for piece in pieces):
        return pieces
    return [author] if author else []


def _alone(piece: str) -> str:
    """The name without what stands beside it: a bracket, where and for whom its owner writes, a job."""
    found = _BESIDE.fullmatch(piece)
    if not found or not _like_a_person(found["name"]):
        return piece
    body, place = found["client"] or found["job"], found["place"]
    if body is None:
        return found["name"] if place is None or place[0].isupper() else piece
    told = found["client"] is not None and _certain(found["name"])
    return found["name"] if told or _JOBS.intersection(body.lower().split()) or _like_a_body(body) else piece


def _name(piece: str) -> Name:
    given, family = _given_and_family(piece)
    before = family.split()[:-1]
    told = all(map(_particle, before)) and _certain(piece)
    return Name(family, " ".join(given)) if told else Name(piece)


def _certain(piece: str) -> bool:
    """Whether an initial shows a person, whose family name is told from the given ones."""
    given, family = _given_and_family(piece)
    undivided = given if ", " in piece else [*given, family]
    whole = any(_particle(word) or word.lower().rstrip(".") in _ADDED for word in undivided)
    return not whole and any(_INITIAL.fullmatch(word) for word in given) and _like_a_person(piece)


def _like_a_body(piece: str) -> bool:
    words = piece.removeprefix("the ").lower().split()
    return len(words) > 1 and bool(_BODIES.intersection(words)) and piece.removeprefix("the ")[0].isupper()


def _given_and_family(piece: str) -> tuple[list[str], str]:
    family, comma, given = piece.partition(", ")
    if comma:
        return _GLUED.sub(" ", given).split(), family
    words = piece.split()
    return words[:-1], words[-1]


def _like_a_person(piece: str) -> bool:
    """Two to five capitalised words, initials or particles, the last no initial, and none of a body's; with a comma, "Family, G."."""
    given, family = _given_and_family(piece)
    words = [*given, *family.split()]
    if ", " in piece and (not any(map(_INITIAL.fullmatch, given)) or any(map(_INITIAL.fullmatch, family.split()))):
        return False
    added = [word.lower().rstrip(".") in _ADDED for word in words]
    shaped = all(known or _WORD.fullmatch(word) or _INITIAL.fullmatch(word) for word, known in zip(words, added, strict=True))
    shaped = shaped and (added[-1] or _WORD.fullmatch(words[-1]) is not None)
    return shaped and 2 <= len(words) <= 5 and all((word[0].isupper() or _particle(word)) and word.lower() not in _BODIES for word in words)


def _particle(word: str) -> bool:
    """Whether it is a particle, or begins with one: "al-Amin"."""
    return word.lower().split("-")[0] in _PARTICLES

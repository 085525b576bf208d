"""A sentence's words, and what its phrases name: a person, people, a body, a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rag.english.quotations import CLOSING, MASK, masked
from rag.english.words import ADDRESSES, BODIES, COUNTRIES, DETERMINERS, DOCUMENTS, MANY, MEN, PERSONS, PLACE_STARTS, PREPOSITIONS, WOMEN
from rag.types import Span

# a title or an initial with its full stop
SHORTENED = re.compile(rf"\b(?:{'|'.join(ADDRESSES)}|St|Jr|Sr|[A-Z])\.")
_TOKEN = re.compile(
    rf"\x01+|\n+|(?:[A-Z]\.){{2,}}|{SHORTENED.pattern}|[\w\u0300-\u036f$€£%]+(?:(?:[-’'&./]|(?<=\d),(?=\d{{3}}))[\w\u0300-\u036f$€£%]+)*(?:(?<=s)['’](?=\s))?|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a masked quotation, with its place in the article; `ending` is the last character inside a quotation's marks."""

    word: str
    span: Span
    ending: str = ""

    @property
    def utters(self) -> bool:
        """Whether it is a quotation of something said: a title or a term has no comma and no stop inside its marks."""
        return self.ending != "" and self.ending in ",.?!…—–-"

    @property
    def lower(self) -> str:
        return self.word.lower().replace("’", "'")

    @property
    def bare(self) -> str:
        """The word of an owner, without the mark."""
        return self.word.removesuffix("’s").removesuffix("'s")

    @property
    def capital(self) -> bool:
        return self.word[0].isupper() or (len(self.word) > 1 and self.word[1].isupper())

    @property
    def letters(self) -> bool:
        return self.word[0].isalnum()


def is_quoted(token: Token) -> bool:
    return token.word[0] == MASK


class Referent(Enum):
    """What a phrase names, as far as its words tell."""

    PERSON = "person"
    MANY = "many"
    BODY = "body"
    DOCUMENT = "document"
    UNKNOWN = "unknown"


def tokens(text: str, window: Span, quoted: Sequence[Span]) -> list[Token]:
    """The words and marks of `window`, each of the `quoted` spans as one token of MASK."""
    made = []
    for match in _TOKEN.finditer(masked(text, window, quoted)):
        span = Span(window.start + match.start(), window.start + match.end())
        made.append(Token(match[0], span, span.of(text).rstrip(CLOSING)[-1:] if match[0][0] == MASK else ""))
    return made


def kind(words: Sequence[Token]) -> Referent:
    """What the noun phrase `words` names."""
    head = list(_head(words))
    if not head:
        return Referent.UNKNOWN
    last = head[-1].lower
    for of_that_kind, known in ((Referent.PERSON, PERSONS), (Referent.MANY, MANY), (Referent.DOCUMENT, DOCUMENTS), (Referent.BODY, BODIES)):
        if last in known and not (of_that_kind is Referent.DOCUMENT and head[-1].capital and last in BODIES):
            return of_that_kind
    return _named(head)


def gender(words: Sequence[Token]) -> str:
    """`she`, `he` or nothing, where a title or role says it."""
    lowers = {token.lower.rstrip(".") for token in words}
    return "she" if lowers & WOMEN else "he" if lowers & MEN else ""


def _head(words: Sequence[Token]) -> Iterator[Token]:
    """The words before the first preposition, without the determiner."""
    for position, token in enumerate(words):
        if token.lower in PREPOSITIONS and position:
            return
        if token.letters and not (position == 0 and token.lower in DETERMINERS):
            yield token


def _named(head: Sequence[Token]) -> Referent:
    capitals = [token for token in head if token.capital]
    lowers = [token.lower for token in capitals]
    if not capitals or not head[-1].capital:
        return Referent.UNKNOWN
    if any(token.lower in PERSONS for token in head[:-1]):
        return Referent.PERSON
    if any(word in BODIES or word in COUNTRIES for word in lowers) or lowers[0] in PLACE_STARTS or capitals[-1].word.isupper():
        return Referent.BODY
    if any(not token.word.replace("-", "").replace("’", "").replace("'", "").replace(".", "").isalpha() for token in capitals):
        return Referent.BODY
    return Referent.PERSON if 2 <= len(capitals) <= 4 else Referent.UNKNOWN

"""A sentence's words, its noun phrases, and what they name: a person, people, a body, a document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rag.english.quotations import CLOSING, MASK, masked
from rag.english.words import (
    ADDRESSES,
    BODIES,
    CALENDAR,
    COMPANY_FORMS,
    COUNTRIES,
    DETERMINERS,
    DOCUMENTS,
    MANY,
    MEN,
    NAMELESS,
    PASTS,
    PERSONS,
    PLACE_STARTS,
    PREPOSITIONS,
    SOMEONE,
    SPEAKING,
    STOPS,
    TIMES,
    WOMEN,
)
from rag.types import Span

# a title or an initial with its full stop
SHORTENED = re.compile(rf"\b(?:{'|'.join(ADDRESSES)}|St|Jr|Sr|[A-Z])\.")
_TOKEN = re.compile(
    rf"\x01+|\n+|(?:[A-Z]\.){{2,}}|{SHORTENED.pattern}|[\w\u0300-\u036f$€£%]+(?:(?:[-’'&./]|(?<=\d),(?=\d{{3}}))[\w\u0300-\u036f$€£%]+)*(?:(?<=s)['’](?=\s))?|[^\w\s]"
)
# how many words a phrase may have
LONGEST_PHRASE = 14
# no word of a phrase, in lower case
_BREAKS = STOPS | PREPOSITIONS | TIMES | (SPEAKING - {"claims", "claim"})
_DAYS = CALENDAR - {"today", "yesterday"}
# what may stand after a comma within a name, and what says for whom or where a person is what he is
_AFTER_COMMA = COMPANY_FORMS | {"jr", "sr"}
_OF_A_ROLE = frozenset("for at with from in".split())
PARTICIPLES = frozenset("seen made given written sent done led".split())
NO_NAMES = NAMELESS | TIMES
NOUNS = SOMEONE | DOCUMENTS


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a masked quotation, with its place in the article; `ending` is the last character inside a quotation's marks."""

    word: str
    span: Span
    ending: str = ""

    @property
    def quoted(self) -> bool:
        return self.word[0] == MASK

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
    head = head_of(words)
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


def head_of(words: Sequence[Token]) -> list[Token]:
    """The words before the first preposition, without determiners."""
    end = next((at for at, token in enumerate(words) if at and token.lower in PREPOSITIONS), len(words))
    return [token for token in words[:end] if token.letters and (token.lower not in DETERMINERS or token.word.isupper())]


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


def phrase_end(words: Sequence[Token], start: int, *, strict: bool, limit: int | None = None) -> int:
    """Where the noun phrase that starts at `start` ends; `strict` where only its own words can tell."""
    limit = min(len(words), start + LONGEST_PHRASE) if limit is None else limit
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
    if lower.endswith(("ed", "ing")) or lower in PARTICIPLES:
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
        return True
    named = words[_after_determiners(words, at + 1, min(at + 3, len(words) - 1))]
    body = named.lower in BODIES | {"port"} and lower not in ("in", "from")
    return (named.capital and lower == "for") or (words[at - 1].lower in PERSONS | MANY and lower in _OF_A_ROLE and (named.capital or body))


def stands_for_someone(token: Token) -> bool:
    return (token.capital and token.lower not in NO_NAMES) or token.lower in SOMEONE


def window_of(words: Sequence[Token]) -> Span:
    return Span(words[0].span.start, words[-1].span.end)

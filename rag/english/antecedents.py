"""Where what a sentence leans on was said before, and whether it is clear who or what is meant."""

from collections.abc import Iterator, Sequence

from rag.english.leaning import BEFORE, GROUPS, THINGS, need_of
from rag.english.noun_phrases import phrases, stands_for_someone
from rag.english.phrases import Referent, Token, gender, kind
from rag.english.quotations import MASK
from rag.english.surroundings import Surroundings
from rag.english.words import COUNTRIES, PREPOSITIONS, SOMEONE
from rag.types import Span

# A lead stands at most so many before.
_LEAD = 6


def lead_at(article: Surroundings, first: int, at: int | None, need: str) -> Span | None:
    """The sentence `at` as a lead, where neither it nor any after it names another that can be meant.

    One that leans on an earlier sentence itself is none, since whom it means is not in it, nor is one that only says who speaks next.
    """
    if at is None or not 2 <= first - at <= _LEAD or need_of(article, at) is not None or article.shown(at).endswith(":"):
        return None
    own = _names(article, at, need)
    if any(name not in own for between in range(at + 1, first) for name in _names(article, between, need)):
        return None
    people = [named is Referent.PERSON for named in own.values()]
    clear = len(COUNTRIES.intersection(own)) <= 1 if need in THINGS else people == [need in ("he", "she")]
    return article.sentences[at] if clear else None


def _names(article: Surroundings, number: int, need: str) -> dict[str, Referent]:
    """The names in a sentence that can be meant, or can own what is meant, each by its last word."""
    words = article.words(number)
    found = {}
    for phrase in _named(words):
        named = _kind(article, phrase)
        if need in ("he", "she"):
            meant = _person(phrase, named) and gender(phrase) in ("", need)
            meant = meant and (not _lone(words, phrase) or _known(article, phrase[0]))
            at = words.index(phrase[0])
            if at and words[at - 1].lower in PREPOSITIONS:
                # another acts here: "a photo of Amsel"
                named = Referent.UNKNOWN
        else:
            meant = any(_capital(article, words, token) for token in phrase)
        if meant:
            found[_bare(phrase[-1]).lower()] = named
    return found


def _capital(article: Surroundings, words: Sequence[Token], token: Token) -> bool:
    """Whether a word has a capital that is not only its sentence's."""
    return token.capital and (token is not words[0] or _bare(token).lower() in COUNTRIES or _known(article, token))


def _named(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The phrases that name someone, apart where one owns the next ("the mayor's wife"), goes before it ("a photo of Amsel") or acts on it."""
    for phrase in phrases(words):
        start = 0
        for end, token in enumerate(phrase, 1):
            following = phrase[end] if end < len(phrase) else None
            attached = following is not None and following.lower in PREPOSITIONS
            acts = token.capital and following and not (following.capital or following.lower in SOMEONE or attached)
            if following is None or token.lower.endswith("'s") or (attached and not (token.capital and phrase[-1].capital)) or acts:
                if any(map(stands_for_someone, phrase[start:end])):
                    yield phrase[start:end]
                start = end + attached


def _kind(article: Surroundings, phrase: Sequence[Token]) -> Referent:
    """As `phrases.kind`; a capital alone is a person's where the article has it after another, and those after "a" or "the" are nobody's."""
    last = _bare(phrase[-1])
    named = kind([*phrase[:-1], Token(last, phrase[-1].span)])
    if named is Referent.UNKNOWN and last in article.surnames:
        return Referent.PERSON
    if named is Referent.PERSON and phrase[0].lower in ("a", "an", "the") and last.lower() not in SOMEONE:
        return Referent.UNKNOWN
    return named


def _bare(token: Token) -> str:
    """The word of an owner, without the mark."""
    return token.word.removesuffix("’s").removesuffix("'s")


def antecedent_of(article: Surroundings, number: int, need: str) -> int | None:
    """The nearest sentence before that holds what is needed, if one within reach does."""
    if need == BEFORE:
        return number - 1 if not article.heading(number - 1) else None
    quoting = article.words(number)[0].word[0] == MASK
    for at in range(number - 1, max(-1, number - (1 if quoting else _LEAD) - 1), -1):
        if not article.heading(at) and _holds(article, at, need):
            return at
    return None


def _holds(article: Surroundings, number: int, need: str) -> bool:
    words = article.words(number)
    if need == "they":
        return any(_candidates(words, need)) or any(token.lower.endswith("s") and len(token.word) > 3 for token in words if not token.capital)
    if need in ("he", "she"):
        return any(not _lone(words, phrase) or _known(article, phrase[0]) for phrase in _candidates(words, need))
    return _introduced(words, need) or (need in GROUPS and any(not _lone(words, phrase) for phrase in _candidates(words, need)))


def _person(phrase: Sequence[Token], named: Referent) -> bool:
    """Whether a phrase names a person, or someone by a name alone."""
    return named is Referent.PERSON or (named is Referent.UNKNOWN and phrase[-1].capital)


def _lone(words: Sequence[Token], phrase: Sequence[Token]) -> bool:
    """Whether a phrase is but the capital that opens its sentence, which may be no name."""
    return len(phrase) == 1 and phrase[0] is words[0] and kind(phrase) is Referent.UNKNOWN


def _known(article: Surroundings, token: Token) -> bool:
    """Whether a word has its capital inside a sentence too."""
    return article.capital_inside(_bare(token))


def _introduced(words: Sequence[Token], noun: str) -> bool:
    """Whether a sentence brings in what "the `noun`" means, not only goes on about it."""
    for at, token in enumerate(words):
        if token.lower.removesuffix("'s") != noun:
            continue
        before = words[at - 1].lower if at else ""
        after = words[at + 1].lower if at + 1 < len(words) else ""
        if (token.capital and at and before != "the") or before not in ("the", "") or after in ("of", "by", "on", "from", "between"):
            return True
    return False


def _candidates(words: Sequence[Token], need: str) -> Iterator[Sequence[Token]]:
    """The phrases that a pronoun, or "the group", can mean."""
    for phrase in _named(words):
        named = kind(phrase)
        if need in ("he", "she"):
            if _person(phrase, named) and gender(phrase) in ("", need):
                yield phrase
        elif need == "they":
            if named in (Referent.MANY, Referent.BODY):
                yield phrase
        elif named is Referent.BODY or (named is Referent.UNKNOWN and phrase[-1].capital):
            yield phrase

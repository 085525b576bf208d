"""Where what a sentence leans on was said before, and whether it is clear who or what is meant."""

from collections.abc import Iterable, Iterator, Sequence

from rag.english.leaning import BEFORE, GROUPS, THINGS, need_of
from rag.english.noun_phrases import stands_for_someone
from rag.english.phrases import Referent, Token, gender, kind
from rag.english.quotations import MASK
from rag.english.surroundings import Surroundings
from rag.english.words import COUNTRIES, DETERMINERS, PREPOSITIONS, SOMEONE, STOPS, TIMES
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
    for phrase in _parted(_phrases(words)):
        named = _kind(article, phrase)
        if need in ("he", "she"):
            meant = named in (Referent.PERSON, Referent.UNKNOWN) and gender(phrase) in ("", need)
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


def _parted(phrases: Iterable[Sequence[Token]]) -> Iterator[Sequence[Token]]:
    """Each phrase, or the names in it where one owns the next ("the mayor's wife") or acts on it ("Amsel met Brun")."""
    for phrase in phrases:
        start = 0
        for end, token in enumerate(phrase, 1):
            following = phrase[end] if end < len(phrase) else None
            acts = token.capital and following and not (following.capital or following.lower in SOMEONE or following.lower == "of")
            if following is None or token.lower.endswith("'s") or acts:
                yield phrase[start:end]
                start = end


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
    for phrase in _phrases(words):
        named = kind(phrase)
        if need in ("he", "she"):
            known = named is Referent.PERSON or (named is Referent.UNKNOWN and phrase[-1].capital)
            if known and gender(phrase) in ("", need):
                yield phrase
        elif need == "they":
            if named in (Referent.MANY, Referent.BODY):
                yield phrase
        elif named is Referent.BODY or (named is Referent.UNKNOWN and phrase[-1].capital):
            yield phrase


def _phrases(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The names, and the nouns for people and bodies with what stands before them."""
    start = 0
    for at, token in enumerate([*words, None]):
        if token is not None and _in_phrase(words, at, start):
            continue
        if at > start and any(stands_for_someone(word) for word in words[start:at]):
            yield words[start:at]
        start = at if token is not None and _in_phrase(words, at, at) else at + 1


def _in_phrase(words: Sequence[Token], at: int, start: int) -> bool:
    token, lower = words[at], words[at].lower
    if not token.letters or (lower in TIMES and not token.word.isupper()):
        return False
    if lower in DETERMINERS:
        return at == start
    if lower in STOPS or (lower in PREPOSITIONS and lower != "of"):
        return False
    if token.capital or lower in SOMEONE:
        return True
    if lower == "of":
        return at > start and at + 1 < len(words) and words[at + 1].capital
    return any(stands_for_someone(word) for word in words[at + 1 : at + 2]) and start < at

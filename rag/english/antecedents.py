"""Where what a sentence leans on was said before, and whether it is clear who or what is meant."""

from collections.abc import Iterator, Sequence

from rag.english.leaning import BEFORE, GROUPS, ONE, THINGS, need_of
from rag.english.phrases import Referent, Token, gender, phrases, stands_for_someone
from rag.english.surroundings import Surroundings
from rag.english.words import COUNTRIES, PREPOSITIONS, SOMEONE
from rag.types import Span

# A lead stands at most so many before.
_LEAD = 6
_MEANT = {
    "he": (Referent.PERSON,),
    "she": (Referent.PERSON,),
    "they": (Referent.MANY, Referent.BODY),
    "it": (Referent.BODY, Referent.DOCUMENT),
}
_OF = frozenset("of by on from between".split())


def lead_at(article: Surroundings, first: int, at: int | None, need: str) -> Span | None:
    """The sentence `at` as a lead, where neither it nor any after it names another that can be meant.

    One that leans on an earlier sentence itself is none, since whom it means is not in it, nor is one that only says who speaks next.
    """
    if at is None or not 2 <= first - at <= _LEAD or need_of(article, at) is not None or article.shown(at).endswith(":"):
        return None
    own = _names(article, at, need)
    if any(name not in own for between in range(at + 1, first) for name in _names(article, between, need)):
        return None
    clear = len(COUNTRIES.intersection(own)) <= 1 if need in THINGS else list(own.values()) == [need in ONE]
    return article.sentences[at] if clear else None


def antecedent_of(article: Surroundings, number: int, need: str) -> int | None:
    """The nearest sentence before that holds what is needed, if one within reach does."""
    if need == BEFORE:
        return number - 1 if not article.heading(number - 1) else None
    reach = 1 if article.words(number)[0].quoted else _LEAD
    before = range(number - 1, max(-1, number - reach - 1), -1)
    return next((at for at in before if not article.heading(at) and _holds(article, article.words(at), need)), None)


def can_mean(article: Surroundings, phrase: Sequence[Token], pronoun: str) -> bool:
    """Whether a pronoun can mean what the phrase names."""
    return article.kind(phrase) in _MEANT[pronoun] and (pronoun not in ONE or gender(phrase) in ("", pronoun))


def _holds(article: Surroundings, words: Sequence[Token], need: str) -> bool:
    if need in ONE:
        return any(_may_mean(article, words, phrase, need) for phrase in _named(words))
    if need == "they":
        many = any(token.lower.endswith("s") and len(token.word) > 3 for token in words if not token.capital)
        return many or any(can_mean(article, phrase, need) for phrase in _named(words))
    bodies = _named(words) if need in GROUPS else ()
    return _introduced(words, need) or any(article.kind(phrase) is Referent.BODY or _is_name(article, words, phrase) for phrase in bodies)


def _may_mean(article: Surroundings, words: Sequence[Token], phrase: Sequence[Token], need: str) -> bool:
    """Whether "he" or "she" can mean what the phrase names: a person, or someone by a name alone."""
    alone = article.kind(phrase) is Referent.UNKNOWN and phrase[-1].capital and _is_name(article, words, phrase)
    return can_mean(article, phrase, need) or (alone and gender(phrase) in ("", need))


def _names(article: Surroundings, number: int, need: str) -> dict[str, bool]:
    """The names in a sentence that can be meant, or can own what is meant, each by its last word; and whether it is a person who acts."""
    words = article.words(number)
    found = {}
    for phrase in _named(words):
        if _may_mean(article, words, phrase, need) if need in ONE else _is_name(article, words, phrase):
            at = words.index(phrase[0])
            # after a preposition another acts: "a photo of Amsel"
            acts = need not in ONE or not at or words[at - 1].lower not in PREPOSITIONS
            found[phrase[-1].bare.lower()] = acts and article.kind(phrase) is Referent.PERSON
    return found


def _named(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The phrases that name someone, apart where one owns the next ("the mayor's wife"), goes before it ("a photo of Amsel") or acts on it."""
    for phrase in phrases(words):
        start = 0
        for end, token in enumerate(phrase, 1):
            following = phrase[end] if end < len(phrase) else None
            joint = following is not None and (following.lower in PREPOSITIONS or following.lower == "and")
            acts = token.capital and following and not (following.capital or following.lower in SOMEONE or joint)
            if following is None or token.lower.endswith("'s") or (joint and not (token.capital and phrase[-1].capital)) or acts:
                if any(map(stands_for_someone, phrase[start:end])):
                    yield phrase[start:end]
                start = end + joint


def _is_name(article: Surroundings, words: Sequence[Token], phrase: Sequence[Token]) -> bool:
    """Whether a word of the phrase has a capital that is not only its sentence's."""
    return any(token.capital and (token is not words[0] or token.bare.lower() in COUNTRIES or article.capital_inside(token.bare)) for token in phrase)


def _introduced(words: Sequence[Token], noun: str) -> bool:
    """Whether a sentence brings in what "the `noun`" means, not only goes on about it."""
    lowers = ["", *(token.bare.lower() for token in words), ""]
    around = zip(lowers, lowers[1:], lowers[2:], strict=False)
    return any(word == noun and (before not in ("the", "") or after in _OF) for before, word, after in around)

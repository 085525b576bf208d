"""Who is speaking in a quote: the words of the article that name them, or nothing where the article itself speaks.

The rules look for the few shapes that news writing attributes in ("according
to X", "X said", "said X", "X: “…”") in what stands outside quotation marks.
Where they find more than one reading they give none: a wrong name does more
harm than none.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from rag.english.antecedents import can_mean
from rag.english.attributions import Attribution, attributions, chosen_of
from rag.english.leaning import ONE
from rag.english.phrases import Referent, Token, gender, kind, phrases, stands_for_someone, window_of
from rag.english.speech import BEGINNERS, opening_subject
from rag.english.surroundings import Surroundings
from rag.english.words import SPEAKING, STOPS
from rag.types import Span

_HEAD = re.compile(r"(?m)^((?:[A-Z][\w.’'-]*+ ?){1,5}+)(?<! )(?: \([^)\n]*\))?:(?= )")
# how many sentences back a quotation is looked for that goes on, and whom a pronoun means
_BACK, _PRONOUN_BACK = 20, 3


def speaker(text: str, sentences: Sequence[Span], quote: Span) -> Span | None:
    """The words that name who speaks in `quote`; None where the article itself does, or where it is not certain.

    `sentences` are all those of `text`, in order. Where several are quoted, all
    must have the same speaker. In "according to a report from X" X is the
    speaker, who made the report.
    """
    first = bisect_right(sentences, quote.start, key=lambda span: span.end)
    last = bisect_left(sentences, quote.end, key=lambda span: span.start)
    if first >= last:
        return None
    article, low = Surroundings.of(text, sentences, first, last)
    turn = _turn(article, sentences[first].start)
    if turn is not None:
        return turn
    found = []
    for number in range(first - low, last - low):
        around = article.around(article.sentences[number])
        found.append(_of_quotation(article, around) if around else _of_narration(article, number))
    named = [who for who in found if who is not None]
    return _fullest(text, named) if len(named) == len(found) else None


def _turn(article: Surroundings, start: int) -> Span | None:
    """Whom the turn is headed with that is spoken at `start`, where the text is a transcript: several take turns, and the text names them too."""
    text, window = article.text, article.span(0, -1)
    heads = [Span(*head.span(1)) for head in _HEAD.finditer(text, window.start, window.end) if head[1].isupper()]
    turns = Counter(head.of(text).split()[-1] for head in heads)
    again = [name for name, times in turns.items() if times > 1]
    if len(again) < 2 or len(turns) * 2 > len(heads) or not any(f" {name.title()}" in window.of(text) for name in again):
        return None
    before = [head for head in heads if head.start <= start]
    ends = any(head.start > start for head in heads) or (before and "\n" not in text[before[-1].end : start])
    return before[-1] if before and ends else None


def _fullest(text: str, named: Sequence[Span]) -> Span | None:
    """The first of the longest, if all name the same: "FBI Director X" and then "X"."""
    fullest = max(named, key=len)
    names = {who: " ".join(who.of(text).casefold().split()).removeprefix("the ") for who in named}
    return fullest if all(f" {name} " in f" {names[fullest]} " for name in names.values()) else None


def _of_narration(article: Surroundings, number: int) -> Span | None:
    words = article.words(number)
    chosen = chosen_of(attributions(words))
    if chosen is not None:
        return _resolved(article, number, chosen)
    if len(words) > 1 and words[-1].quoted and words[-2].word == ":":
        return _introduced(words)
    return None


def _of_quotation(article: Surroundings, quotation: Span) -> Span | None:
    """Who speaks in a quotation, from the sentences that it begins and ends in, or those beside them."""
    first, last = article.holding(quotation.start), article.holding(quotation.end - 1)
    for number in dict.fromkeys((last, first)):
        if not quotation.covers(article.sentences[number]):
            return _of_narration(article, number)
    if first and article.shown(first - 1).endswith(":"):
        words = article.words(first - 1)
        chosen = chosen_of(attributions(words))
        return _resolved(article, first - 1, chosen) if chosen else _introduced(words)
    follows = article.shown(last + 1) if last + 1 < len(article.sentences) and not article.breaks(last, last + 1) else ""
    if follows and (follows[0].islower() or quotation.of(article.text)[-2:-1] == ","):
        # it only says who spoke
        return _of_narration(article, last + 1)
    return _running(article, first) or _acting(article, first)


def _running(article: Surroundings, first: int) -> Span | None:
    """The speaker of the quotation that goes on here, after “…,” X said."""
    for before in range(first - 1, max(-1, first - _BACK - 1), -1):
        if article.breaks(before, before + 1):
            return None
        if article.around(article.sentences[before]) is None:
            words = article.words(before)
            chosen = chosen_of(attributions(words))
            return _resolved(article, before, chosen) if chosen and chosen.quoted and words[0].quoted else None
    return None


def _acting(article: Surroundings, first: int) -> Span | None:
    """Who acts in the sentence before a quotation that nothing is said about: Jan Roe shook her head. “…”"""
    if not first or article.breaks(first - 1, first):
        return None
    words = article.words(first - 1)
    subject = opening_subject(words)
    if subject is None or any(token.quoted for token in words) or words[subject.end].lower in STOPS:
        return None
    return window_of(subject.of(words)) if article.kind(subject.of(words)) is Referent.PERSON else None


def _introduced(words: Sequence[Token]) -> Span | None:
    """Who is named before a colon that introduces a quotation: The mayor was blunt: “…”."""
    subject = opening_subject(words)
    return window_of(subject.of(words)) if subject and len(words) - subject.end <= 14 else None


def _resolved(article: Surroundings, number: int, chosen: Attribution) -> Span | None:
    """Who the attribution names; for a pronoun, the one name of its number in the sentences before."""
    words = article.words(number)
    if not chosen.pronoun:
        doubtful = words[0].span == chosen.who and words[chosen.at].lower not in SPEAKING and kind(words[:1]) is Referent.UNKNOWN
        # "Minor questions that": a sentence's first word may be no name
        return None if doubtful and not _unknown(article, words) else chosen.who
    for before in range(number, max(-1, number - _PRONOUN_BACK - 1), -1):
        words = [token for token in article.words(before) if token.span.end <= chosen.who.start]
        one = chosen.pronoun in ONE
        acting = [phrase for phrase in _acting_in(words) if not (one and any(token.lower == "and" for token in phrase))]
        found = [phrase for phrase in acting if can_mean(article, phrase, chosen.pronoun)]
        if len(found) > 1 or _others(words, found, chosen.pronoun):
            return None
        if found or (chosen.pronoun != "it" and before < number and _unknown(article, words)):
            return window_of(found[0]) if found else None
    return None


def _unknown(article: Surroundings, words: Sequence[Token]) -> bool:
    """Whether a sentence is about someone who is named by a lone word, such as a surname."""
    lone = bool(words) and stands_for_someone(words[0]) and words[0].lower not in BEGINNERS
    return lone and kind(words[:1]) is Referent.UNKNOWN and article.capital_inside(words[0].word)


def _acting_in(words: Sequence[Token]) -> list[Sequence[Token]]:
    """The phrases for those who speak or act in a sentence, each once."""
    opening = opening_subject(words)
    acting = [opening.of(words)] if opening else []
    for attribution in attributions(words):
        if not attribution.pronoun and not any(token in phrase for phrase in acting for token in attribution.phrase):
            acting.append(attribution.phrase)
    return acting


def _others(words: Sequence[Token], found: Sequence[Sequence[Token]], pronoun: str) -> bool:
    """Whether the sentence names someone else whom the pronoun could mean."""
    known = {token.lower for phrase in found for token in phrase}
    meant = [phrase for phrase in phrases(words) if len(phrase) > 1 and phrase[-1].lower not in known and gender(phrase) in ("", pronoun)]
    return any(kind(phrase) is (Referent.PERSON if pronoun in ONE else Referent.MANY) for phrase in meant)

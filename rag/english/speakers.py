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
from dataclasses import dataclass

from rag.english.attributions import Attribution, attributions, chosen_of
from rag.english.noun_phrases import BEGINNERS, NO_NAMES, opening_subject, phrase_end, window_of
from rag.english.phrases import Referent, Token, capital_inside, gender, kind, tokens
from rag.english.quotations import MASK, quotations
from rag.english.words import NAMELESS, SPEAKING, STOPS
from rag.types import Span

# how many sentences around the quote are read, for quotation marks and for whom a pronoun means, and within how many characters
_HEAD = re.compile(r"(?m)^((?:[A-Z][\w.’'-]*+ ?){1,5}+)(?<! )(?: \([^)\n]*\))?:(?= )")
_BACK, _FORWARD, _PRONOUN_BACK, _FAR = 20, 10, 3, 6_000


@dataclass(frozen=True, slots=True)
class _Nearby:
    """The sentences around a quote and the quotations in them."""

    text: str
    sentences: Sequence[Span]
    quoted: Sequence[Span]

    def words(self, number: int) -> list[Token]:
        return tokens(self.text, self.sentences[number], self.quoted)

    def together(self, number: int) -> bool:
        """Whether a sentence and the next stand in one paragraph."""
        return "\n" not in self.text[self.sentences[number].end : self.sentences[number + 1].start]

    def holding(self, at: int) -> int:
        """The sentence that the character at `at` is in, or the one after."""
        return min(bisect_right(self.sentences, at, key=lambda span: span.end), len(self.sentences) - 1)

    def around(self, span: Span) -> Span | None:
        """The quotation that `span` is wholly in."""
        last = bisect_right(self.quoted, span.start, key=lambda quoted: quoted.start) - 1
        return self.quoted[last] if last >= 0 and self.quoted[last].covers(span) else None


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
    low = max(0, first - _BACK, min(first, bisect_left(sentences, quote.start - _FAR, key=lambda span: span.start)))
    high = min(len(sentences), last + _FORWARD, max(last, bisect_right(sentences, quote.end + _FAR, key=lambda span: span.end)))
    turn = _turn(text, Span(sentences[low].start, sentences[high - 1].end), sentences[first].start)
    if turn is not None:
        return turn
    some = sentences[low:high]
    nearby = _Nearby(text, some, quotations(text, Span(some[0].start, some[-1].end)))
    found = [_speaker(nearby, number) for number in range(first - low, last - low)]
    named = [who for who in found if who is not None]
    return _fullest(text, named) if len(named) == len(found) else None


def _turn(text: str, window: Span, start: int) -> Span | None:
    """Whom the turn is headed with that is spoken at `start`, where the text is a transcript: several take turns, and the text names them too."""
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
    within = _bare(fullest.of(text))
    return fullest if all(f" {_bare(who.of(text))} " in f" {within} " for who in named) else None


def _bare(name: str) -> str:
    return " ".join(name.casefold().split()).removeprefix("the ")


def _speaker(nearby: _Nearby, number: int) -> Span | None:
    """Who speaks in one sentence."""
    around = nearby.around(nearby.sentences[number])
    if around is not None:
        return _of_quotation(nearby, around)
    return _of_narration(nearby, number)


def _of_narration(nearby: _Nearby, number: int) -> Span | None:
    words = nearby.words(number)
    chosen = chosen_of(attributions(words))
    if chosen is not None:
        return _resolved(nearby, number, chosen)
    if len(words) > 1 and words[-1].word[0] == MASK and words[-2].word == ":":
        return _introduced(words)
    return None


def _of_quotation(nearby: _Nearby, quotation: Span) -> Span | None:
    """Who speaks in a quotation, from the sentences that it begins and ends in, or those beside them."""
    first, last = nearby.holding(quotation.start), nearby.holding(quotation.end - 1)
    for number in dict.fromkeys((last, first)):
        if not quotation.covers(nearby.sentences[number]):
            return _of_narration(nearby, number)
    if first and nearby.text[nearby.sentences[first - 1].end - 1] == ":":
        words = nearby.words(first - 1)
        chosen = chosen_of(attributions(words))
        return _resolved(nearby, first - 1, chosen) if chosen else _introduced(words)
    if last + 1 < len(nearby.sentences) and _completes(nearby, quotation, last):
        return _of_narration(nearby, last + 1)
    return _running(nearby, first) or _acting(nearby, first)


def _completes(nearby: _Nearby, quotation: Span, last: int) -> bool:
    """Whether the sentence after `last` only says who spoke."""
    follows = nearby.text[nearby.sentences[last + 1].start]
    return nearby.together(last) and (follows.islower() or nearby.text[quotation.end - 2 : quotation.end - 1] == ",")


def _running(nearby: _Nearby, first: int) -> Span | None:
    """The speaker of the quotation that goes on here, after “…,” X said."""
    for _ in range(_BACK):
        if not first or not nearby.together(first - 1):
            break
        first -= 1
        if nearby.around(nearby.sentences[first]) is not None:
            continue
        words = nearby.words(first)
        chosen = chosen_of(attributions(words))
        return _resolved(nearby, first, chosen) if chosen and chosen.quoted and words[0].word[0] == MASK else None
    return None


def _acting(nearby: _Nearby, first: int) -> Span | None:
    """Who acts in the sentence before a quotation that nothing is said about: Jan Roe shook her head. “…”"""
    if not first or not nearby.together(first - 1):
        return None
    words = nearby.words(first - 1)
    subject = opening_subject(words)
    if subject is None or any(word.word[0] == MASK for word in words):
        return None
    who = words[subject.start : subject.end]
    known = kind(who) is Referent.PERSON or _surname(nearby, who)
    return window_of(words, subject.start, subject.end) if known and words[subject.end].lower not in STOPS else None


def _introduced(words: Sequence[Token]) -> Span | None:
    """Who is named before a colon that introduces a quotation: The mayor was blunt: “…”."""
    subject = opening_subject(words)
    return window_of(words, subject.start, subject.end) if subject and len(words) - subject.end <= 14 else None


def _resolved(nearby: _Nearby, number: int, chosen: Attribution) -> Span | None:
    """Who the attribution names; for a pronoun, the one name of its number in the sentences before."""
    if not chosen.pronoun:
        words = nearby.words(number)
        doubtful = words[0].span == chosen.who and words[chosen.at].lower not in SPEAKING and kind(words[:1]) is Referent.UNKNOWN
        # "Minor questions that": a sentence's first word may be no name
        return None if doubtful and not _unknown(nearby, words) else chosen.who
    for before in range(number, max(-1, number - _PRONOUN_BACK - 1), -1):
        words = nearby.words(before)
        if before == number:
            words = [token for token in words if token.span.end <= chosen.who.start]
        found = [who for who in _candidates(words) if _agrees(nearby, words, who, chosen.pronoun)]
        if len(found) > 1 or (found and _others(words, found[0], chosen.pronoun)):
            return None
        if found:
            return found[0]
        if chosen.pronoun != "it" and (_others(words, None, chosen.pronoun) or (before < number and _unknown(nearby, words))):
            return None
    return None


def _unknown(nearby: _Nearby, words: Sequence[Token]) -> bool:
    """Whether a sentence is about someone who is named by a lone word, such as a surname."""
    if not words or not words[0].capital or words[0].lower in NO_NAMES or words[0].lower in BEGINNERS:
        return False
    window = Span(nearby.sentences[0].start, nearby.sentences[-1].end)
    return kind(words[:1]) is Referent.UNKNOWN and capital_inside(nearby.text, window, words[0].word)


def _candidates(words: Sequence[Token]) -> list[Span]:
    """Those who speak or act in a sentence, each once."""
    opening = opening_subject(words)
    spans = [window_of(words, opening.start, opening.end)] if opening else []
    for attribution in attributions(words):
        if not attribution.pronoun and not any(span.start < attribution.who.end and attribution.who.start < span.end for span in spans):
            spans.append(attribution.who)
    return spans


def _agrees(nearby: _Nearby, words: Sequence[Token], who: Span, pronoun: str) -> bool:
    phrase = [token for token in words if who.covers(token.span)]
    named = kind(phrase)
    if pronoun in ("he", "she"):
        if any(token.lower == "and" for token in phrase):
            return False
        if named is Referent.UNKNOWN and _surname(nearby, phrase):
            named = Referent.PERSON
        return named is Referent.PERSON and gender(phrase) in ("", pronoun)
    if pronoun == "it":
        return named in (Referent.BODY, Referent.DOCUMENT)
    return named in (Referent.MANY, Referent.BODY)


def _surname(nearby: _Nearby, phrase: Sequence[Token]) -> bool:
    """Whether a lone name is one that was given in full before."""
    if not phrase or not phrase[-1].capital or len(phrase) > 1:
        return False
    at = nearby.text.rfind(f" {phrase[0].word}", nearby.sentences[0].start, phrase[0].span.start - 1)
    before = nearby.text[max(0, at - 30) : max(0, at)].split(" ")
    follows = nearby.text[at + 1 + len(phrase[0].word) : at + 3 + len(phrase[0].word)]
    if follows[:1].isalpha() or follows[1:].isupper():
        return False
    return at > 0 and before[-1][:1].isupper() and before[-1].isalpha() and before[-1].lower() not in NAMELESS


def _others(words: Sequence[Token], who: Span | None, pronoun: str) -> bool:
    """Whether the sentence names someone else whom the pronoun could mean."""
    known = {token.lower for token in words if who is not None and who.covers(token.span)}
    wanted = (Referent.PERSON,) if pronoun in ("he", "she") else (Referent.MANY,)
    at = 0
    while at < len(words):
        end = phrase_end(words, at, strict=True)
        phrase = words[at:end]
        if end - at > 1 and kind(phrase) in wanted and phrase[-1].lower not in known and gender(phrase) in ("", pronoun):
            return True
        at = max(end, at + 1)
    return False

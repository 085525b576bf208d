"""Quotes into differences: where articles give different answers to what was asked.

An article's claim is the answer in its best quote, read as a number, a day or a
name. A difference in print that is none does more harm than one that is missed:
two claims are set side by side only where both are said in the same way, as
facts or as plans, and nothing says that they are about different things.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.copies import near_copies
from rag.types import Difference, Quote, Span, Value
from rag.values import CALENDAR, FORMER, Kind, Quantity, Standing, agree, quantities, standing, wanted

# What is looked at around an answer, in characters: it holds the work to a text's length, however long its sentences are.
_NEAR = 400
# How far before a name a word like "former" still speaks of it, in characters.
_BEFORE = 60
# At least this share of the question's names must stand in the answer's sentence or in the title above it.
_NAMED = 2 / 3
# So many letters of a name are enough to know it again: China, Chinese.
_STEM = 4
# A month or a year, in days: what a number may be of. A single day is more often that of the event, or of the telling.
_SHORTEST, _LONGEST = 27, 366
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“‘(]?[^\W\d_a-z])")
_NAME = re.compile(r"(?<!\w)[A-Z][\w.]*\w")
# One name, written in many ways; and its own news leaves it out where everything is about it, so that none need have it.
_AMERICA = re.compile(r"(?<!\w)(?:U\.S\.(?:A\.)?|USA?|United States|Americans?)(?!\w)")
# Of those who came or were killed there are many, and each answer may be right; a post has one holder.
_WHO_HOLDS = re.compile(r"\s*(?i:who(?:['’]s| is| was)) (?:(?i:the|acting)\b|[A-Z][\w.]*(?:['’]s?)?(?= [a-z]))")


def differences(question: str, quotes: Sequence[Quote]) -> tuple[Difference, ...]:
    """Where the answers that the quotes' articles give differ; nothing where they agree or there are none.

    The claim of an article is its first answered quote's (quotes come best
    first). Values stand newest first, undated ones last, then by quote. One that
    agrees with another is listed too, but makes no difference alone. A near-copy
    (`rag.copies`) is counted once, as the newest; it is listed beside that only
    where a later day's version has changed the value itself.
    """
    asked = _Asked.of(question)
    groups: list[list[_Claim]] = []
    for claim in _once(sorted(_claims(asked, quotes), key=lambda claim: claim.order)):
        group = next((group for group in groups if all(_same_thing(asked, claim, other) for other in group)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    return tuple(_differing(group) for group in groups if any(not agree(a.value, b.value) for a in group for b in group))


def differing(question: str, quotes: Sequence[Quote], near_misses: Sequence[Quote]) -> tuple[Sequence[Quote], Sequence[Quote]]:
    """The quotes with those near misses beside them that answer otherwise, for another article, and the rest of the near misses.

    Where one article answers, another that says otherwise must not be folded away,
    though it may be told in other words than the question's.
    """
    own = {quote.article.id for quote in quotes}
    others = [near for near in near_misses if near.answer and near.article.id not in own] if quotes else []
    all_ = [*quotes, *others]
    told = {id(all_[value.quote]) for difference in differences(question, all_) for value in difference.values}
    beside = [near for near in others if id(near) in told]
    return (*quotes, *beside), [near for near in near_misses if not any(near is one for one in beside)]


@dataclass(frozen=True, slots=True)
class _Asked:
    words: frozenset[str]  # in lower case
    names: frozenset[str]
    periods: tuple[Quantity, ...]
    wanted: Standing
    holder: bool  # whether it asks who holds a post that it names

    @classmethod
    def of(cls, question: str) -> "_Asked":
        return cls(
            frozenset(word.lower() for word in _WORD.findall(question)),
            _names(question) - _names("America", first=True),
            _periods(question, Span(0, len(question))),
            wanted(question),
            bool(_names(question)) and _WHO_HOLDS.match(question) is not None,
        )


@dataclass(frozen=True, slots=True)
class _Claim:
    """An article's answer, and what its sentence and title say that it is about."""

    value: Quantity
    quote: Quote
    number: int
    standing: Standing
    names: frozenset[str]  # of the sentence
    above: frozenset[str]  # of the title
    periods: tuple[Quantity, ...]

    @property
    def order(self) -> tuple[int, int]:
        published = self.quote.article.published
        return -published.toordinal() if published else 0, self.number


# --- an article's claim ---


def _claims(asked: _Asked, quotes: Sequence[Quote]) -> Iterator[_Claim]:
    seen = set()
    for number, quote in enumerate(quotes):
        if quote.answer and quote.article.id not in seen:
            seen.add(quote.article.id)
            claim = _claim(asked, quote, number, quote.answer)
            if claim:
                yield claim


def _claim(asked: _Asked, quote: Quote, number: int, answer: Span) -> _Claim | None:
    """The answer as a claim, or None where it is no value, not said in the way that was asked for, or about something else."""
    text, title, sentence = quote.article.text, quote.article.title, _sentence(quote, answer)
    value = _value(text, sentence, answer) or (_name(text, answer) if asked.holder else None)
    if value is None:
        return None
    names, above = _names(sentence.of(text)), _names(title, first=True)
    there = names | above | {word.lower()[:_STEM] for word in _WORD.findall(f"{sentence.of(text)} {title}")}
    periods = () if value.kind is Kind.DATE else _periods(text, sentence)
    if len(asked.names & there) < _NAMED * len(asked.names) or _apart(asked.periods, periods):
        return None
    said = _said(asked, quote, value, sentence)
    return _Claim(value, quote, number, said, names - asked.names, above, periods) if said & asked.wanted else None


def _sentence(quote: Quote, answer: Span) -> Span:
    text = quote.article.text
    start, end = max(quote.span.start, answer.start - _NEAR), min(quote.span.end, answer.end + _NEAR)
    # a sentence's end is known by the letter behind it, which may be the answer's first
    ends = (match.end() for match in _SENTENCE_END.finditer(text, start, min(answer.start + 2, end)))
    starts = [end for end in ends if end <= answer.start]
    stop = _SENTENCE_END.search(text, answer.end, end)
    return Span(starts[-1] if starts else start, stop.end() if stop else end)


def _value(text: str, sentence: Span, answer: Span) -> Quantity | None:
    """The one quantity that the answer is, or has in it; of a number and its day, the number."""
    found = [value for value in quantities(text, sentence) if value.span.start < answer.end and answer.start < value.span.end]
    numbers = [value for value in found if value.kind is not Kind.DATE] or found
    return numbers[0] if len(numbers) == 1 and not numbers[0].part else None


def _name(text: str, answer: Span) -> Quantity | None:
    name = " ".join(_WORD.findall(answer.of(text)))
    return Quantity(answer, 0.0, 0.0, "", name.lower(), Kind.NAME, Span(answer.end, answer.end)) if name[:1].isupper() else None


def _said(asked: _Asked, quote: Quote, value: Quantity, sentence: Span) -> Standing:
    """How the article says the value; a day that was still to come is no fact, unless it says that it will be."""
    text = quote.article.text
    if value.kind is Kind.NAME:
        before = text[max(sentence.start, value.span.start - _BEFORE) : value.span.start].lower()
        return Standing.FACT if FORMER.isdisjoint(re.findall(r"\w+", before)) else Standing.DENIED
    said = standing(text, sentence, value, asked.words)
    return Standing.PLAN if said is Standing.FACT and _to_come(value, quote) else said


def _to_come(value: Quantity, quote: Quote) -> bool:
    """Whether a value is a day that was still to come when its article was published."""
    day = value.low if math.isfinite(value.low) else value.high
    published = quote.article.published
    return value.kind is Kind.DATE and value.unit == "" and published is not None and day > published.toordinal()


def _names(text: str, *, first: bool = False) -> frozenset[str]:
    """The stems of the names in a text, one at its very beginning only if told so."""
    found = ((match.start(), match[0].replace(".", "").lower()) for match in _NAME.finditer(_AMERICA.sub("America", text)))
    return frozenset(word[:_STEM] for at, word in found if (at or first) and word not in CALENDAR)


def _periods(text: str, window: Span) -> tuple[Quantity, ...]:
    """The months and years that a sentence names."""
    return tuple(value for value in quantities(text, window) if value.kind is Kind.DATE and _SHORTEST <= value.high - value.low <= _LONGEST)


# --- the claims together ---


def _once(claims: Sequence[_Claim]) -> list[_Claim]:
    """Without the near-copies of earlier ones in the list, but for another day's with another value."""
    kept: list[_Claim] = []
    for claim in claims:
        if not any(_copies(known, claim) for known in kept):
            kept.append(claim)
    return kept


def _copies(first: _Claim, second: _Claim) -> bool:
    updated = first.quote.article.published != second.quote.article.published and not agree(first.value, second.value)
    return not updated and near_copies(first.quote.article.text, second.quote.article.text)


def _same_thing(asked: _Asked, a: _Claim, b: _Claim) -> bool:
    """Whether nothing says that two claims are about different things."""
    if a.value.kind is not b.value.kind or (a.value.unit != b.value.unit and a.value.kind is not Kind.DATE):
        return False
    if not a.standing & b.standing or _expired(a, b) or _expired(b, a) or _apart(a.periods, b.periods):
        return False
    return a.value.kind is Kind.NAME or not (_elsewhere(a, b) or (not asked.names and _unrelated(a, b)))


def _expired(plan: _Claim, other: _Claim) -> bool:
    """Whether a day that was to come had passed when the other told of a day to come: a plan that was replaced, no contradiction."""
    published = other.quote.article.published
    both = _to_come(plan.value, plan.quote) and _to_come(other.value, other.quote)
    return both and published is not None and plan.value.high < published.toordinal()


def _apart(some: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether both name months or years, and none that could be the same."""
    return bool(some and others) and not any(agree(a, b) for a in some for b in others)


def _elsewhere(a: _Claim, b: _Claim) -> bool:
    """Whether each sentence has a name that the other's article has nowhere, and they share none."""
    strange = (claim.names - _names(f"{other.title} {other.text}", first=True) for claim, other in ((a, b.quote.article), (b, a.quote.article)))
    return a.names.isdisjoint(b.names) and all(strange)


def _unrelated(a: _Claim, b: _Claim) -> bool:
    """Whether both articles have names here, and none in common: two storms, where a question asks of "the storm"."""
    some, others = a.names | a.above, b.names | b.above
    return bool(some and others) and some.isdisjoint(others)


def _differing(claims: Sequence[_Claim]) -> Difference:
    values = [Value(claim.value.span.of(claim.quote.article.text), claim.number, claim.value.span, claim.quote.article.published) for claim in claims]
    things = (claim.value.thing.of(claim.quote.article.text).split() for claim in claims)
    return Difference(next((thing[-1] for thing in things if thing), ""), tuple(values))

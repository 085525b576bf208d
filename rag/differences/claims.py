"""An article's claim: the answer in its best quote, read as a number, a day or a name, and what it says that it is about."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.differences.standing import Standing, standing, wanted
from rag.english.names import names_in, stem, words_in
from rag.english.sentences import overlapping, sentences
from rag.question import Question
from rag.types import Quote, Span
from rag.values import Quantity, ValueKind, agree, periods, quantities

# What is looked at around an answer, in characters: it holds the work to a text's length, however long its sentences are.
_NEAR = 400
# How far before a name a word like "former" still speaks of it, in characters.
_BEFORE = 60
# At least this share of the question's names must stand in the answer's sentence or in the title above it.
_NAMED = 2 / 3
_FORMER = frozenset("previous previously earlier initial initially original originally preliminary former ex".split())


@dataclass(frozen=True, slots=True)
class Claim:
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


def claims(asked: Question, quotes: Sequence[Quote]) -> Iterator[Claim]:
    """The claim of each article that makes one, its best quote's, in the quotes' order."""
    ways, seen = wanted(asked.text), set()
    for number, quote in enumerate(quotes):
        if quote.answer and quote.article.id not in seen:
            seen.add(quote.article.id)
            claim = _claim(asked, ways, quote, number, quote.answer)
            if claim:
                yield claim


def _claim(asked: Question, ways: Standing, quote: Quote, number: int, answer: Span) -> Claim | None:
    """The answer as a claim, or None where it is no value, not said in the way that was asked for, or about something else."""
    text, title, sentence = quote.article.text, quote.article.title, _sentence(quote, answer)
    value = _value(text, sentence, answer) or (_name(text, answer) if asked.holder else None)
    if value is None:
        return None
    names, above = names_in(sentence.of(text)), names_in(title, first=True)
    there = names | above | {stem(word.lower()) for word in words_in(f"{sentence.of(text)} {title}")}
    own = () if value.kind is ValueKind.DATE else periods(text, sentence)
    if len(asked.names & there) < _NAMED * len(asked.names) or apart(asked.periods, own):
        return None
    said = _said(asked, quote, value, sentence)
    return Claim(value, quote, number, said, names - asked.names, above, own) if said & ways else None


def _sentence(quote: Quote, answer: Span) -> Span:
    """The answer's sentence, as far as it stands in the quote."""
    near = Span(max(quote.span.start, answer.start - _NEAR), min(quote.span.end, answer.end + _NEAR))
    text = near.of(quote.article.text)
    own = overlapping(sentences(text, len(text)), Span(answer.start - near.start, answer.end - near.start))
    return Span(near.start + own[0].start, near.start + own[-1].end) if own else near


def _value(text: str, sentence: Span, answer: Span) -> Quantity | None:
    """The one quantity that the answer is, or has in it; of a number and its day, the number."""
    found = [value for value in quantities(text, sentence) if value.span.start < answer.end and answer.start < value.span.end]
    numbers = [value for value in found if value.kind is not ValueKind.DATE] or found
    return numbers[0] if len(numbers) == 1 and not numbers[0].part else None


def _name(text: str, answer: Span) -> Quantity | None:
    name = " ".join(words_in(answer.of(text)))
    return Quantity(answer, 0.0, 0.0, "", name.lower(), ValueKind.NAME, Span(answer.end, answer.end)) if name[:1].isupper() else None


def _said(asked: Question, quote: Quote, value: Quantity, sentence: Span) -> Standing:
    """How the article says the value; a day that was still to come is no fact, unless it says that it will be."""
    text = quote.article.text
    if value.kind is ValueKind.NAME:
        before = text[max(sentence.start, value.span.start - _BEFORE) : value.span.start].lower()
        return Standing.FACT if _FORMER.isdisjoint(words_in(before)) else Standing.DENIED
    said = standing(text, sentence, value, asked.words)
    return Standing.PLAN if said is Standing.FACT and to_come(value, quote) else said


def to_come(value: Quantity, quote: Quote) -> bool:
    """Whether a value is a day that was still to come when its article was published."""
    day = value.low if math.isfinite(value.low) else value.high
    published = quote.article.published
    return value.kind is ValueKind.DATE and value.unit == "" and published is not None and day > published.toordinal()


def apart(some: Sequence[Quantity], others: Sequence[Quantity]) -> bool:
    """Whether both name months or years, and none that could be the same."""
    return bool(some and others) and not any(agree(a, b) for a in some for b in others)

"""What is shown of an answer, taken apart once for all formats: the words as they are, nothing escaped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.render.quotation import Quotation, quotations
from rag.render.words import characters, cited, confidence_words, copies_text, day_text, published_text
from rag.types import Answer, Difference, Outcome, Quote, Span

# where the articles do not answer, or may not, so many of the nearest are read at once
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Part:
    """A quote or a near miss, in the pieces that every format shows.

    `number` is None for a near miss. `day` is that of publication where it opens the part, as in a list of articles, else empty.
    `quotations` are its lead, if it has one, and
    itself, with a gap between them; `speaker` are the words that name who speaks and `speaker_at` their offsets; `citation` are
    title, source, author, day, offsets and where the article notes a correction, as far as known. `copies` say how many
    copies of its story there are, then which.
    """

    number: int | None
    day: str
    quotations: tuple[Quotation, ...]
    speaker: str | None
    speaker_at: str
    citation: tuple[str, ...]
    url: str | None
    confidence: str
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value of a difference: `number` is its quote's, counted from 1."""

    day: str
    value: str
    number: int
    article: str


def part(quote: Quote, number: int | None = None, *, dated: bool = False) -> Part:
    """The parts of a quote with its number, or of a near miss without; `dated` ones open with their day."""
    article = quote.article
    return Part(
        number=number,
        day=published_text(article) if dated else "",
        quotations=quotations(quote),
        speaker=quote.speaker.of(article.text) if quote.speaker else None,
        # it is the article that says whose words they are, so it is cited for that too
        speaker_at=characters(quote.speaker) if quote.speaker else "",
        citation=cited(article, *windows(quote), day=not dated),
        url=article.url,
        confidence=f"{confidence_words(quote.confidence)} ({quote.confidence:.2f})",
        copies=copies_text(quote.copies),
    )


def parts(answer: Answer) -> list[Part]:
    """The parts of each quote, numbered from 1."""
    return [part(quote, number, dated=answer.topic is not None) for number, quote in enumerate(answer.quotes, start=1)]


def near_parts(answer: Answer) -> list[Part]:
    """The parts of the near misses that are read at once."""
    return [part(quote, dated=answer.topic is not None) for quote in nearest(answer)[0]]


def nearest(answer: Answer) -> tuple[Sequence[Quote], Sequence[Quote]]:
    """The near misses that are read at once, and the rest: none beside quotes that answer, else the first three, which say as much as all."""
    most = 0 if answer.outcome is Outcome.ANSWERED else _MOST_NEAR
    return answer.near_misses[:most], answer.near_misses[most:]


def windows(quote: Quote) -> tuple[Span, ...]:
    """The windows that a quote shows, in the article's order: its lead, if it has one, and itself."""
    return tuple(window for window in (quote.lead, quote.span) if window is not None)


def rows(difference: Difference, quotes: Sequence[Quote]) -> Iterator[ValueRow]:
    """The values of a difference, in its order."""
    for value in difference.values:
        article = quotes[value.quote].article
        where = " · ".join(known for known in (article.source, article.title) if known)
        yield ValueRow(day_text(value.published), value.value, value.quote + 1, where)

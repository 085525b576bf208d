"""Quotations: the words that stand in one pair of quotation marks, and which of them answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from rag.types import Quote, Span


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of one window, as their article has them; `answer` are those that answer, counted from the window's first character."""

    text: str
    answer: Span | None = None

    @property
    def pieces(self) -> tuple[str, str, str]:
        """The words before those that answer, these, and the words after them: joined, they are the text."""
        if self.answer is None:
            return self.text, "", ""
        return self.text[: self.answer.start], self.answer.of(self.text), self.text[self.answer.end :]

    def lines(self) -> Iterator["Quotation"]:
        """Each line without its end, with what of the answer stands on it."""
        start = 0
        for ended in self.text.splitlines(keepends=True):
            line = "".join(ended.splitlines())
            yield Quotation(line, self._within(Span(start, start + len(line))))
            start += len(ended)

    def _within(self, line: Span) -> Span | None:
        if self.answer is None:
            return None
        first, last = max(self.answer.start, line.start), min(self.answer.end, line.end)
        return Span(first - line.start, last - line.start) if first < last else None


def quotations(quote: Quote) -> tuple[Quotation, ...]:
    """What is shown of a quote, in the article's order: its lead, if it has one, and itself.

    The article says other things between them, so they never share a pair of
    quotation marks. Raises ValueError where the answering words are not the quote's own.
    """
    lead = [Quotation(quote.lead.of(quote.article.text))] if quote.lead else []
    return (*lead, Quotation(quote.text, _answer(quote)))


def _answer(quote: Quote) -> Span | None:
    if quote.answer is None:
        return None
    if not quote.span.covers(quote.answer):
        raise ValueError(f"the answer, characters {quote.answer.start} to {quote.answer.end}, is outside its quote")
    return Span(quote.answer.start - quote.span.start, quote.answer.end - quote.span.start)

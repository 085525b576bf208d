"""The part of an article that is read at a time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.reader.page import Page
from rag.types import Span


@dataclass(frozen=True, slots=True)
class Window:
    """The sentences `first` to `last` (excluded) of a page, and its passage's retrieval score."""

    page: Page
    first: int
    last: int
    hit: float

    @property
    def span(self) -> Span:
        sentences = self.page.sentences
        return Span(sentences[self.first].start, sentences[self.last - 1].end)

    @property
    def text(self) -> str:
        """The words that are read."""
        return self.span.of(self.page.article.text)


def window(page: Page, span: Span, hit: float) -> Window | None:
    """The whole sentences that share a character with `span`; None where there are none."""
    first = bisect_right(page.sentences, span.start, key=lambda sentence: sentence.end)
    last = bisect_left(page.sentences, span.end, key=lambda sentence: sentence.start)
    return Window(page, first, last, hit) if first < last else None


def article_hits(windows: Iterable[Window]) -> Mapping[str, float]:
    """The best retrieval score of each article's windows, by the article's id."""
    best: dict[str, float] = {}
    for one in windows:
        best[one.page.article.id] = max(best.get(one.page.article.id, one.hit), one.hit)
    return best

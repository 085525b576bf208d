"""What the page shows of an article beside its text."""

from rag import render
from rag.types import Article, Quote
from rag.web.originals import page_links


def correction_notes(one: Article) -> list[str]:
    """What an article says was wrong in an earlier text of it."""
    return [span.of(one.text) for span in one.corrections]


def quote_pages(quote: Quote) -> list[tuple[int, str]]:
    """The pages that a quote and its lead stand on, each with where it is shown."""
    return page_links(quote.article, quote.span, *([quote.lead] if quote.lead else []))


def quote_link(quote: Quote) -> str:
    """The address of a quote and its lead in their article, to be sent."""
    return render.article_link(quote.article, *([quote.lead] if quote.lead else []), quote.span)

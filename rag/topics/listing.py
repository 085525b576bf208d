"""A topic's articles as a list: a quote each, newest first, copies of one story once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.store import Snapshot
from rag.topics.articles import Concerned, TopicWords
from rag.topics.key_sentence import key_quote
from rag.types import MOST_ON_TOPIC, Article, Quote

Copies = Mapping[str, Sequence[Article]]


def quoted(articles: Sequence[Concerned], topic: TopicWords, copies: Copies, snapshot: Snapshot, longest: int) -> tuple[Quote, ...]:
    """Each article's key sentence with its copies, newest first and undated ones last; at most MOST_ON_TOPIC, those of the likeliest articles."""
    quotes = (key_quote(one, topic, snapshot, longest) for one in _distinct(articles, copies))
    told = [replace(quote, copies=tuple(copies[quote.article.id])) for quote in quotes if quote]
    return tuple(sorted(told, key=lambda quote: _day(quote.article), reverse=True))


def _distinct(articles: Sequence[Concerned], copies: Copies) -> list[Concerned]:
    """The likeliest of the articles, of near-copies the one that was published first."""
    told: set[str] = set()
    kept = []
    for one in sorted(articles, key=lambda one: (one.entry.article.published is None, _day(one.entry.article))):
        if one.entry.article.id not in told:
            kept.append(one)
        told.update({one.entry.article.id, *(copy.id for copy in copies[one.entry.article.id])})
    return sorted(kept, key=lambda one: -one.confidence)[:MOST_ON_TOPIC]


def _day(article: Article) -> int:
    return article.published.toordinal() if article.published else 0

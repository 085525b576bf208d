"""A topic's articles as a list: a quote each, newest first, copies of one story once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.arrays import Vectors
from rag.copies import CopyMemory
from rag.store import Snapshot, Store
from rag.topics.articles import Concerned, TopicWords, found
from rag.topics.key_sentence import key_quotes
from rag.types import MOST_ON_TOPIC, Article, Filters, Hit, Quote, Span

Copies = Mapping[str, Sequence[Article]]


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles that are on a topic, and those that come near, as a quote of each."""

    on_topic: tuple[Quote, ...]
    near: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic's words, their unit vector [dim], the passages found for them and the filters that these were found with."""

    words: str
    vector: Vectors
    hits: Sequence[Hit]
    filters: Filters


def listed(store: Store, asked: Asked, sentences: Callable[[Article], Sequence[Span]], memory: CopyMemory, longest: int) -> Listing:
    """The articles of the hits as quotes of at most `longest` characters; `sentences` gives an article's in order."""
    with store.reading() as snapshot:
        topic = TopicWords(asked.words, snapshot)
        looked = found(topic, asked.vector, asked.hits, snapshot, sentences)
        articles = [one.entry.article for one in (*looked.on_topic, *looked.near)]
        alike = snapshot.alike({article.id for article in articles}, asked.filters)
    # with the store let go, since texts are compared
    copies = memory.among(articles, alike)
    with store.reading() as snapshot:
        return Listing(*(_quoted(ones, topic, copies, snapshot, longest) for ones in (looked.on_topic, looked.near)))


def _quoted(articles: Sequence[Concerned], topic: TopicWords, copies: Copies, snapshot: Snapshot, longest: int) -> tuple[Quote, ...]:
    """Each article's key sentence with its copies, newest first and undated ones last; at most MOST_ON_TOPIC, those of the likeliest articles."""
    quotes = key_quotes(_distinct(articles, copies), topic, snapshot, longest)
    told = [replace(quote, copies=tuple(copies[quote.article.id])) for quote in quotes]
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

"""One generation of a shared archive, for as long as a question takes: its rows are read in one transaction, and Milvus is asked for no others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce

import numpy as np
from sqlalchemy import Connection

from rag.arrays import Numbers, Scores, Vectors
from rag.errors import ArticleDamaged
from rag.store.base import Entry, Labels, Passages
from rag.store.lexical import stems
from rag.store.quoted_words import have_quoted, silent, titled
from rag.store.shared.collection import View
from rag.store.shared.generations import Generation
from rag.store.shared.parts import Parts
from rag.store.wanted import Wanted
from rag.types import Article, Filters, Searched


class SharedSnapshot:
    def __init__(self, parts: Parts, connection: Connection, generation: Generation) -> None:
        self._parts = parts
        self._connection = connection
        self._generation = generation
        self._hidden = parts.generations.hidden(connection, generation)
        # of the words that filters ask for, the numbers of the articles that have them
        self._known: dict[str, Numbers] = {}

    @property
    def left_out(self) -> Sequence[ArticleDamaged]:
        # nothing is left out when it is stored: an article that the database has changed since is named when it is read
        return ()

    def searched(self, filters: Filters) -> Searched:
        return self._parts.listing.searched(self._connection, filters, self.having(filters), self._generation)

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        return self._parts.collection.nearest(vector, k, self._view(filters)) if self._generation.passages else _nothing()

    def matching(self, query: str, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        wanted = list(dict.fromkeys(stems(query)))
        if not wanted or not self._generation.passages:
            return _nothing()
        return self._parts.collection.matching(wanted, k, self._view(filters), self._statistics(wanted))

    def every(self, wanted: Wanted, filters: Filters) -> tuple[Numbers, Scores]:
        if not wanted.stems or not self._generation.passages:
            return _nothing()
        numbers, scores = self._parts.collection.every(wanted.stems, self._view(filters), self._statistics(wanted.stems))
        if wanted.quoted:
            kept = have_quoted(numbers, wanted, self._parts.listing.passage_texts(self._connection, numbers))
            numbers, scores = numbers[kept], scores[kept]
        return numbers, scores

    def saying(self, numbers: Numbers, wanted: Wanted) -> Numbers:
        articles = self.articles_of(numbers)
        unsure = numbers[np.isin(articles, titled(self._parts.listing.titles_by_number(self._connection, np.unique(articles)), wanted))]
        return np.setdiff1d(numbers, silent(wanted, self._parts.listing.passage_texts(self._connection, unsure)))

    def having(self, filters: Filters) -> Numbers | None:
        """The numbers of the articles that have all words that the filters ask for, ascending; None where they ask for none."""
        if not filters.having:
            return None
        for words in filters.having:
            if words not in self._known:
                self._known[words] = np.unique(self.articles_of(self.every(Wanted.of(words), Filters())[0]))
        return reduce(np.intersect1d, (self._known[words] for words in filters.having))

    def articles_of(self, numbers: Numbers) -> Numbers:
        return self._parts.listing.articles_of(self._connection, numbers)

    def labels(self, articles: Numbers) -> Labels:
        return self._parts.listing.labels(self._connection, articles)

    def stories(self, articles: Numbers) -> Numbers:
        known = self._parts.likenesses.stories_of(self._connection, articles.tolist())
        # of an article of which nothing is known the story is its own, and stories are numbered as articles are
        return np.array([known.get(number, number) for number in articles.tolist()], dtype=np.int64)

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        return self._parts.collection.cosines(numbers, vector) if len(numbers) else _nothing()[1]

    def passages(self, numbers: Collection[int]) -> Passages:
        return self._parts.articles.passages(self._connection, numbers, self._generation)

    def alike(self, ids: Collection[str], filters: Filters) -> Mapping[str, Sequence[Article]]:
        return self._parts.likenesses.alike(self._connection, ids, filters, self.having(filters))

    def entry(self, id: str) -> Entry | None:
        return self._parts.entry(self._connection, id)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        return dict(self._parts.stems.frequencies(self._connection, list(stems), self._generation))

    def _statistics(self, wanted: Sequence[str]) -> "Statistics":
        return Statistics(self._generation.passages, self._generation.words, self.frequencies(wanted))

    def _view(self, filters: Filters) -> View:
        sources = None if filters.sources is None else self._parts.sources.numbers(self._connection, filters.sources)
        return View(self._generation.horizon, self._hidden, filters, sources, self.having(filters))


def _nothing() -> tuple[Numbers, Scores]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)

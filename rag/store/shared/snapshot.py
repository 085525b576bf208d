"""One generation of a shared archive, for as long as a question takes: its rows are read in one transaction, and Milvus is asked for no others."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

import numpy as np
from sqlalchemy import Connection

from rag.arrays import Numbers, Scores, Vectors
from rag.errors import ArticleDamaged
from rag.store.base import Entries, Labels, Passages
from rag.store.counting import counted
from rag.store.lexical import stems
from rag.store.shared.bm25 import Statistics
from rag.store.shared.by_number import ByNumber
from rag.store.shared.filtering import Filtering
from rag.store.shared.generations import Generation
from rag.store.shared.listing import Listing
from rag.store.shared.owners import Owners
from rag.store.shared.parts import Parts
from rag.store.shared.searching import Searching
from rag.store.shared.view import View
from rag.store.wanted import Wanted
from rag.store.words_of_passages import WordsOfPassages
from rag.types import Article, Filters, Searched, Status


class SharedSnapshot(WordsOfPassages):
    def __init__(self, parts: Parts, connection: Connection, generation: Generation) -> None:
        super().__init__()
        self._parts = parts
        self._connection = connection
        self._generation = generation
        present, tables = parts.generations.of(generation), parts.database.tables
        self._present = present
        self.listing, self._by_number = Listing(connection, tables, present), ByNumber(connection, tables)
        self._owners = Owners(connection, tables, present)

    @property
    def left_out(self) -> Sequence[ArticleDamaged]:
        # an article that is not what was stored is named when it is found
        return self._owners.damaged

    def searched(self, filters: Filters) -> Searched:
        return self._parts.counts.of(self._generation, filters, self._counted)

    def nearest(self, vector: Vectors, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        return self._found(partial(self._searching.nearest, vector, k), filters) if self._generation.passages else _nothing()

    def matching(self, query: str, k: int, filters: Filters) -> tuple[Numbers, Scores]:
        wanted = list(dict.fromkeys(stems(query)))
        if not wanted or not self._generation.passages:
            return _nothing()
        statistics = self._statistics(wanted)
        return self._found(lambda view: self._searching.matching(wanted, k, view, statistics), filters)

    def every(self, wanted: Wanted, filters: Filters) -> tuple[Numbers, Scores]:
        if not wanted.stems or not self._generation.passages:
            return _nothing()
        statistics = self._statistics(wanted.stems)
        return self._as_quoted(*self._found(lambda view: self._searching.every(wanted.stems, view, statistics), filters), wanted)

    def articles_of(self, numbers: Numbers) -> Numbers:
        return self._owners.of(numbers)

    def _titles(self, articles: Numbers) -> dict[int, str]:
        return self._by_number.titles(articles)

    def _passage_texts(self, numbers: Numbers) -> Iterator[tuple[int, str, str]]:
        return self._by_number.passage_texts(numbers)

    def labels(self, articles: Numbers) -> Labels:
        return self._by_number.labels(articles)

    def stories(self, articles: Numbers) -> Numbers:
        known = self._parts.likeness_rows.stories_of(self._connection, articles)
        # of an article of which nothing is known the story is its own, and stories are numbered as articles are
        return np.array([known.get(number, number) for number in articles.tolist()], dtype=np.int64)

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        return self._searching.cosines(numbers, vector) if len(numbers) else _nothing()[1]

    def passages(self, numbers: Collection[int]) -> Passages:
        return self._parts.articles.passages(self._connection, numbers, self._generation)

    def alike(self, ids: Collection[str], filters: Filters) -> Mapping[str, Sequence[Article]]:
        read = partial(self._parts.articles.sound, self._connection, generation=self._generation)
        return self._parts.likeness_rows.alike(self._connection, self._present, ids, filters, self.having(filters), read)

    def entries(self, ids: Collection[str]) -> Entries:
        articles = self._parts.articles
        rows = articles.rows(self._connection, ids, self._generation)
        # those that came after the generation are told of too
        rows |= articles.rows(self._connection, [id for id in ids if id not in rows])
        return self._parts.entries(self._connection, {id: rows[id] for id in ids if id in rows})

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        return dict(self._parts.stems.frequencies(self._connection, list(stems), all_put=self._has_all))

    def status(self) -> Status:
        all_of_it = self.listing.searched(Filters())
        return Status(
            articles=all_of_it.articles,
            passages=all_of_it.passages,
            earliest=all_of_it.earliest,
            latest=all_of_it.latest,
            undated=all_of_it.undated,
            sources=self.listing.sources(),
            generation=self._generation.number,
            token=self._generation.token,
            model=self._parts.identity(self._connection),
            search="Milvus" if self._generation.passages else "nothing to search yet",
            caches="current",
            guessed=all_of_it.guessed,
            originals=self._parts.originals.size(self._connection),
            origins=self.listing.stories,
        )

    def _found(self, search: Callable[[View], tuple[Numbers, Scores]], filters: Filters) -> tuple[Numbers, Scores]:
        """What a search finds, as far as the database has it too."""
        filtered = Filtering(self._parts.database.tables).left(filters)
        while True:
            numbers, scores = search(self._view(filters))
            left = self._owners.left(numbers, filtered)
            if left.all():
                return numbers, scores
            stranded = self._owners.stranded(numbers[~left], self._searching.collection)
            if not set(stranded) - set(self._hidden):
                return numbers[left], scores[left]
            self._hidden = (*self._hidden, *stranded)

    def _counted(self, filters: Filters) -> Searched:
        return counted(self.listing.searched, filters, self.having(filters))

    @cached_property
    def _searching(self) -> Searching:
        return Searching(self._parts.collection(self._connection))

    @cached_property
    def _hidden(self) -> tuple[int, ...]:
        """The numbers of the articles whose passages Milvus may have, and that are not of the generation."""
        return self._parts.generations.hidden(self._connection, self._generation)

    @cached_property
    def _has_all(self) -> bool:
        """Whether nothing was put since the generation."""
        return self._generation == self._parts.generations.last(self._connection)

    def _statistics(self, wanted: Sequence[str]) -> Statistics:
        return Statistics(self._generation.passages, self._generation.words, self.frequencies(wanted))

    def _view(self, filters: Filters) -> View:
        sources = None if filters.sources is None else tuple(self._parts.sources.numbers(self._connection, filters.sources))
        return View(self._generation.horizon, self._hidden, filters, sources, self.having(filters))


def _nothing() -> tuple[Numbers, Scores]:
    return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)

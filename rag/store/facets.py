"""What the filters look at: the day and the source of every article that is searched, as they were when it was indexed, and its passages."""

import io
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Mask, Numbers
from rag.corpus.dates import guessed_day
from rag.store.base import Labels
from rag.types import Article, Filters, Searched

_UNDATED, _NO_SOURCE = 0, -1


@dataclass(frozen=True, slots=True)
class Facets:
    """`articles` is int64 [5, articles]: their numbers, how many passages they have, days told, days told or guessed, and places in `sources`.

    A day is its `date.toordinal`, 0 where it is not known. `passages` is int64 [passages]: their numbers, article by
    article. `gone`, bool [articles], is true of those that were indexed and are there no more.
    """

    articles: NDArray[np.int64]
    passages: Numbers
    sources: tuple[str, ...]
    gone: Mask

    @classmethod
    def of(cls, articles: Iterable[tuple[int, Article, Numbers]]) -> Self:
        """Of articles with their numbers and those of their passages."""
        places: dict[str, int] = {}
        rows, passages = [], [np.zeros(0, dtype=np.int64)]
        for number, article, of_one in articles:
            source = _NO_SOURCE if article.source is None else places.setdefault(article.source, len(places))
            told, known = map(_ordinal, days(article))
            rows.append((number, len(of_one), told, known, source))
            passages.append(of_one)
        columns = np.array(rows, dtype=np.int64).reshape(len(rows), 5).T
        return cls(columns, np.concatenate(passages), tuple(places), np.zeros(len(rows), dtype=bool))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """All of these, one after the other."""
        places: dict[str, int] = {}
        blocks = [np.zeros((5, 0), dtype=np.int64)]
        for part in parts:
            mapped = np.array([*(places.setdefault(source, len(places)) for source in part.sources), _NO_SOURCE], dtype=np.int64)
            blocks.append(np.concatenate([part.articles[:4], mapped[part.articles[4:]]]))
        none = np.zeros(0, dtype=np.int64)
        passages, gone = ([none, *(part.passages for part in parts)], [none.astype(bool), *(part.gone for part in parts)])
        return cls(np.concatenate(blocks, axis=1), np.concatenate(passages), tuple(places), np.concatenate(gone))

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From the bytes of a file, which the caller has checked."""
        file = io.BytesIO(data)
        sources = tuple(json.loads(file.readline()))
        articles, passages = (np.load(file, allow_pickle=False) for _ in range(2))
        return cls(articles, passages, sources, np.zeros(articles.shape[1], dtype=bool))

    def saved(self) -> bytes:
        """A line of JSON with the sources, then both arrays as NumPy writes them; of what is gone nothing is said."""
        file = io.BytesIO()
        file.write(json.dumps(self.sources).encode() + b"\n")
        for array in (self.articles, self.passages):
            np.save(file, array, allow_pickle=False)
        return file.getvalue()

    def without(self, numbers: Numbers) -> Self:
        """The same, the articles with these numbers gone."""
        return replace(self, gone=self.gone | np.isin(self.articles[0], numbers))

    def present(self) -> Self:
        """Only what is not gone."""
        there = ~self.gone
        return replace(self, articles=self.articles[:, there], passages=self.passages[self._of_passages(there)], gone=self.gone[there])

    def left(self, filters: Filters, having: Numbers | None = None) -> Mask | None:
        """Which passages the filters leave, bool [passages], with `having` only of the articles with these numbers; None where all are left."""
        return self._of_passages(self._left(filters, having)) if filters or self.gone.any() else None

    def owners(self, numbers: Collection[int]) -> list[int]:
        """The numbers of the articles that have these passages; a number that no passage has is left out."""
        if not numbers:
            return []
        of_passages = np.repeat(self.articles[0], self.articles[1])
        found: list[int] = np.unique(of_passages[np.isin(self.passages, list(numbers))]).tolist()
        return found

    def labels(self, numbers: Numbers) -> Labels:
        """Of the articles with these numbers, each of which is here, their days told and their sources."""
        own, _, told, _, sources = self.articles
        order = np.argsort(own, kind="stable")
        places = order[np.searchsorted(own, numbers, sorter=order)]
        return Labels(told[places], sources[places], self.sources)

    def searched(self, filters: Filters, having: Numbers | None = None) -> Searched:
        """What the filters leave, with `having` of the articles with these numbers."""
        _, passages, days, known, _ = self.articles[:, self._left(filters, having)]
        dated, guessed = days[days != _UNDATED], int(np.count_nonzero(known != _UNDATED))
        earliest, latest = (date.fromordinal(int(day)) for day in (dated.min(), dated.max())) if len(dated) else (None, None)
        return Searched(len(days), int(passages.sum()), earliest, latest, len(days) - len(dated), filters, guessed=guessed - len(dated))

    def _of_passages(self, articles: Mask) -> Mask:
        """A mask of articles as one of their passages."""
        return np.repeat(articles, self.articles[1])

    def _left(self, filters: Filters, having: Numbers | None) -> Mask:
        numbers, _, told, known, sources = self.articles
        left = ~self.gone
        if having is not None:
            left &= np.isin(numbers, having)
        if filters.by_day:
            days = known if filters.guessed else told
            after, before = filters.after or date.min, filters.before or date.max
            # the first day is 1, so that what is undated is outside
            inside = (days >= after.toordinal()) & (days <= before.toordinal())
            left &= inside | (days == _UNDATED) if filters.undated else inside
        if filters.sources is not None:
            wanted = set(filters.sources)
            left &= np.isin(sources, [n for n, source in enumerate(self.sources) if source in wanted])
        return left


def days(article: Article) -> tuple[date | None, date | None]:
    """An article's day that was told, and the one that was told or guessed."""
    return article.published, article.published or guessed_day(article.facts)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else _UNDATED

"""What the filters look at: the day and the source of every passage that is searched, as they were when the caches were built."""

import io
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Numbers
from rag.corpus.dates import guessed_day
from rag.types import Article, Filters, Searched

_UNDATED, _NO_SOURCE = 0, -1


@dataclass(frozen=True, slots=True)
class Facets:
    """`columns` is int64 [5, passages]: their numbers, ascending; their articles' numbers, days told, days told or guessed, and places in `sources`.

    A day is its `date.toordinal`, 0 where it is not known.
    """

    columns: NDArray[np.int64]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, articles: Iterable[tuple[int, Article, Numbers]]) -> Self:
        """Of articles with their numbers and those of their passages, ascending."""
        places: dict[str, int] = {}
        blocks = [np.zeros((5, 0), dtype=np.int64)]
        for number, article, passages in articles:
            days = [_ordinal(article.published), _ordinal(article.published or guessed_day(article.facts))]
            source = _NO_SOURCE if article.source is None else places.setdefault(article.source, len(places))
            rest = np.array([[number], [days[0]], [days[1]], [source]], dtype=np.int64)
            blocks.append(np.concatenate([passages[None], np.broadcast_to(rest, (4, len(passages)))]))
        return cls(np.concatenate(blocks, axis=1), tuple(places))

    @classmethod
    def load(cls, data: bytes) -> Self:
        """From the bytes of a file, which the caller has checked."""
        head, _, columns = data.partition(b"\n")
        return cls(np.load(io.BytesIO(columns), allow_pickle=False), tuple(json.loads(head)))

    def saved(self) -> bytes:
        """A line of JSON with the sources, then the columns as NumPy writes them."""
        columns = io.BytesIO()
        np.save(columns, self.columns, allow_pickle=False)
        return json.dumps(self.sources).encode() + b"\n" + columns.getvalue()

    def allowed(self, filters: Filters) -> Numbers:
        """The numbers of the passages that the filters leave, ascending."""
        numbers: Numbers = self.columns[0, self._left(filters)]
        return numbers

    def owners(self, numbers: Collection[int]) -> list[int]:
        """The numbers of the articles that have these passages; a number that no passage has is left out."""
        found: list[int] = np.unique(self.columns[1, np.isin(self.columns[0], list(numbers))]).tolist() if numbers else []
        return found

    def searched(self, filters: Filters) -> Searched:
        """What the filters leave."""
        left = self.columns[:, self._left(filters)]
        _, first = np.unique(left[1], return_index=True)
        days, known = left[2, first], int(np.count_nonzero(left[3, first] != _UNDATED))
        dated = days[days != _UNDATED]
        earliest, latest = (date.fromordinal(int(day)) for day in (dated.min(), dated.max())) if len(dated) else (None, None)
        return Searched(len(first), left.shape[1], earliest, latest, len(days) - len(dated), filters, guessed=known - len(dated))

    def _left(self, filters: Filters) -> NDArray[np.bool_]:
        _, _, told, known, sources = self.columns
        left = np.ones(len(sources), dtype=bool)
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


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else _UNDATED

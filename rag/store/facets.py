"""What the filters look at: the date and the source of every passage that is searched, as they were when the caches were built."""

import io
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Numbers
from rag.types import Article, Filters, Searched

_UNDATED, _NO_SOURCE = 0, -1


@dataclass(frozen=True, slots=True)
class Facets:
    """`columns` is int64 [4, passages]: their numbers, ascending; their articles' numbers, days (date.toordinal) and places in `sources`."""

    columns: NDArray[np.int64]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, articles: Iterable[tuple[int, Article, Numbers]]) -> Self:
        """Of articles with their numbers and those of their passages, ascending."""
        places: dict[str, int] = {}
        blocks = [np.zeros((4, 0), dtype=np.int64)]
        for number, article, passages in articles:
            day = article.published.toordinal() if article.published else _UNDATED
            source = _NO_SOURCE if article.source is None else places.setdefault(article.source, len(places))
            rest = np.array([[number], [day], [source]], dtype=np.int64)
            blocks.append(np.concatenate([passages[None], np.broadcast_to(rest, (3, len(passages)))]))
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
        days = left[2, first]
        dated = days[days != _UNDATED]
        earliest, latest = (date.fromordinal(int(day)) for day in (dated.min(), dated.max())) if len(dated) else (None, None)
        return Searched(len(first), left.shape[1], earliest, latest, len(days) - len(dated), filters)

    def _left(self, filters: Filters) -> NDArray[np.bool_]:
        _, _, days, sources = self.columns
        left = np.ones(len(days), dtype=bool)
        if filters.after or filters.before:
            after, before = filters.after or date.min, filters.before or date.max
            left &= (days != _UNDATED) & (days >= after.toordinal()) & (days <= before.toordinal())
        if filters.sources is not None:
            wanted = set(filters.sources)
            left &= np.isin(sources, [n for n, source in enumerate(self.sources) if source in wanted])
        return left

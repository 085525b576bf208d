"""What of an archive's passages a question is asked of, as expressions that Milvus filters by: in them stand numbers alone, no word of anybody's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rag.arrays import Numbers
from rag.types import Filters

_UNDATED = 0
_ANY = Filters()
# Milvus reads an expression word by word: so many numbers at most are given with one
_MOST_NUMBERS = 10_000
# Articles that came together mostly go together: so many in a row are left out by their ends. Each row of them is a condition
# of its own, and of some fifty older versions of Milvus take none.
_LONG, _MOST_ROWS = 100, 16


@dataclass(frozen=True, slots=True)
class View:
    """The passages up to `horizon`, not of the `hidden` articles, as far as the filters leave them.

    `sources` are the numbers of the sources that the filters name; `having` are the
    articles that alone may answer, int64 [n]. None means no restriction.
    """

    horizon: int
    hidden: tuple[int, ...] = ()
    filters: Filters = _ANY
    sources: tuple[int, ...] | None = None
    having: Numbers | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be in it."""
        return self.horizon <= 0 or self.sources == () or (self.having is not None and not len(self.having))

    def expressions(self, after: int = 0, until: int | None = None) -> Iterator[str]:
        """Expressions that no passage fulfils two of, for those with numbers above `after`, and up to `until`."""
        until = self.horizon if until is None else min(until, self.horizon)
        limits = [f"passage <= {until}", *([f"passage > {after}"] if after else []), *self._limits()]
        for some in [None] if self.having is None else _some(self.having):
            yield " and ".join([*limits, *([f"article in {_listed(some)}"] if some is not None else [])])

    def _limits(self) -> Iterator[str]:
        if self.hidden:
            yield from _without(np.unique(np.array(self.hidden, dtype=np.int64)))
        if self.sources is not None:
            yield f"source in {_listed(self.sources)}"
        if self.filters.by_day:
            day = "known" if self.filters.guessed else "told"
            after, before = self.filters.after or date.min, self.filters.before or date.max
            inside = f"({day} >= {after.toordinal()} and {day} <= {before.toordinal()})"
            yield f"({inside} or {day} == {_UNDATED})" if self.filters.undated else inside


def _some(numbers: Numbers) -> list[Numbers]:
    return [numbers[start : start + _MOST_NUMBERS] for start in range(0, len(numbers), _MOST_NUMBERS)]


def _without(articles: Numbers) -> Iterator[str]:
    """Conditions of which each leaves out some of the articles, whose numbers ascend."""
    starts = np.flatnonzero(np.diff(articles, prepend=articles[0] - 2) > 1)
    lengths = np.diff(starts, append=len(articles))
    listed = np.ones(len(articles), dtype=bool)
    for row in np.argsort(-lengths, kind="stable")[:_MOST_ROWS].tolist():
        start, stop = starts[row], starts[row] + lengths[row]
        if stop - start >= _LONG:
            listed[start:stop] = False
            yield f"(article < {articles[start]} or article > {articles[stop - 1]})"
    if listed.any():
        yield f"article not in {_listed(articles[listed])}"


def _listed(numbers: Sequence[int] | Numbers) -> str:
    return f"[{','.join(map(str, np.unique(np.asarray(numbers, dtype=np.int64)).tolist()))}]"

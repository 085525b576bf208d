"""What is searched by filters and by vectors, in segments: each has the passages of some articles, and never changes once it is made.

A large segment has an inverted file, and stays. Small ones are joined before they are many, each time with others of
their size, so that what an `add` costs hangs on what it adds (O'Neil, Cheng, Gawlick and O'Neil, "The Log-Structured
Merge-Tree", 1996).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Self

import numpy as np

from rag.arrays import Mask, Numbers, Scores, Vectors
from rag.store.facets import Facets
from rag.store.ranking import best
from rag.store.truth import Indexed
from rag.store.vectors import VectorIndex, products
from rag.types import Filters

FACETS = "facets"
# a segment is joined with smaller ones while it has fewer passages, or at most so many times as many as they have together
_FEW, _TIMES = 10_000, 2
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Segment:
    facets: Facets
    vectors: VectorIndex

    @classmethod
    def of(cls, articles: Sequence[Indexed], large: int) -> Self:
        """Of articles, whose texts are not kept; from `large` passages on with an inverted file."""
        numbered = ((one.number, one.article, np.array([number for number, _ in one.spans], dtype=np.int64)) for one in articles)
        return cls(Facets.of(numbered), _index((one.vectors for one in articles), articles[0].vectors.shape[1], large))

    @classmethod
    def joined(cls, segments: Sequence[Self], large: int) -> Self:
        """Of all articles of several segments but those that are gone."""
        blocks = (block for segment in segments for block in segment.blocks())
        dimension = segments[0].vectors.dimension
        return cls(Facets.joined([segment.facets.present() for segment in segments]), _index(blocks, dimension, large))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From a folder whose files the caller has checked."""
        return cls(Facets.load((folder / FACETS).read_bytes()), VectorIndex.load(folder))

    def save(self, folder: Path) -> None:
        (folder / FACETS).write_bytes(self.facets.saved())
        self.vectors.save(folder)

    def blocks(self) -> Iterator[Vectors]:
        """The vectors of what is not gone, float32 [n, dimension], in blocks that do not need much memory."""
        left = self.facets.left(Filters())
        positions = np.arange(self.vectors.size) if left is None else np.flatnonzero(left)
        return (self.vectors.vectors(positions[start : start + _BLOCK]) for start in range(0, len(positions), _BLOCK))


class Segments:
    """Several segments that are searched as one."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.facets = Facets.joined([segment.facets for segment in segments])
        self._indexes = [segment.vectors for segment in segments]
        # where each segment's passages begin among all of them, and where the last one's end
        self._bounds = np.cumsum([0, *(index.size for index in self._indexes)])

    @property
    def kind(self) -> str:
        approximate = sum(not index.is_exact for index in self._indexes)
        return f"approximate (IVF, SQ8) in {approximate} of {len(self._indexes)} segments" if approximate else "exact (flat)"

    def nearest(self, vector: Vectors, k: int, filters: Filters, having: Numbers | None = None) -> tuple[Numbers, Scores]:
        """The numbers of the `k` nearest passages that the filters leave, best first and by number where equal, with their scores.

        With `having` only of the articles with these numbers.
        """
        left = self.facets.left(filters, having)
        return best(partial(self._found, vector, left), k)

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        """Of the passages with these numbers, float32 [n]."""
        positions = self._positions(numbers)
        vectors = np.empty((len(numbers), len(vector)), dtype=np.float32)
        for index, start in zip(self._indexes, self._bounds, strict=False):
            inside = np.flatnonzero((positions >= start) & (positions < start + index.size))
            if len(inside):
                vectors[inside] = index.vectors(positions[inside] - start)
        return products(vectors, vector)

    def places(self, numbers: Numbers) -> Numbers:
        """Where among the articles of `facets` stand those that have these passages, int64 [n]."""
        return self._owners[self._positions(numbers)]

    def _found(self, vector: Vectors, left: Mask | None, k: int) -> tuple[Numbers, Scores]:
        """Those of each segment."""
        found = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))]
        for index, start in zip(self._indexes, self._bounds, strict=False):
            positions, scores = index.search(vector, k, None if left is None else left[start : start + index.size])
            found.append((self.facets.passages[start + positions], scores))
        numbers, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return numbers, scores

    def _positions(self, numbers: Numbers) -> Numbers:
        found = np.searchsorted(self.facets.passages, numbers, sorter=self._order)
        return found if self._order is None else self._order[found]

    @cached_property
    def _owners(self) -> Numbers:
        """The place of the article of each passage."""
        counts = self.facets.articles[1]
        owners: Numbers = np.repeat(np.arange(len(counts)), counts)
        return owners

    @cached_property
    def _order(self) -> Numbers | None:
        """What sorts the passages by their numbers; None where they stand so, as they mostly do."""
        passages = self.facets.passages
        return None if (np.diff(passages) > 0).all() else np.argsort(passages, kind="stable")


def to_join(sizes: Iterable[int], large: int) -> list[int]:
    """Which of segments with so many passages are to be one: their places, of none or of at least two."""
    ordered = sorted((size, place) for place, size in enumerate(sizes) if size < large)
    chosen: list[int] = []
    together = 0
    for size, place in ordered:
        if chosen and size >= _FEW and size > _TIMES * together:
            break
        chosen.append(place)
        together += size
    return sorted(chosen) if len(chosen) > 1 else []


def _index(blocks: Iterable[Vectors], dimension: int, large: int) -> VectorIndex:
    index = VectorIndex.of(blocks, dimension)
    return index if index.size < large else index.with_lists()

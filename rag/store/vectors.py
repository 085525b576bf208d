"""The vectors of some passages: all of them in half precision, as the truth has them, and of many an inverted file that says which to compare.

The inverted file (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor Search", 2011) has its vectors
in eight bits a number; what it finds is compared by the vectors themselves, so that every score is the exact one. Unlike
a graph it takes new vectors, and those that a filter leaves, in its stride.
"""

from collections.abc import Iterable
from math import ceil, sqrt
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np

from rag.arrays import Mask, Numbers, Scores, Vectors
from rag.models.machine import cores

_EXACT, _LISTS = "vectors.faiss", "lists.faiss"
# k-means learns lists from so many vectors each, FAISS's own least without a warning
_LEARNT_FROM = 39
# this share of the lists is looked through: questions lie far from what answers them (docs/performance.md)
_LOOKED_THROUGH = 0.5
# where a filter leaves fewer, all of these are compared
_COMPARED_ALL = 50_000
_BLOCK = 20_000


class VectorIndex:
    """Unit vectors by their position, searched by inner product, which of unit vectors is the cosine."""

    def __init__(self, exact: Any, lists: Any = None) -> None:
        self._exact = exact
        self._lists = lists

    @classmethod
    def of(cls, blocks: Iterable[Vectors], dimension: int) -> Self:
        """Of the vectors [n, dimension] of all blocks, one after the other; every search of it is exact."""
        exact = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        for block in blocks:
            exact.add(block)
        return cls(exact)

    def with_lists(self) -> Self:
        """The same with an inverted file, which takes a while to make."""
        faiss.omp_set_num_threads(cores())
        # of few, fewer lists: there are no more than can be learnt
        count = min(ceil(2 * sqrt(self.size)), max(1, self.size // _LEARNT_FROM))
        made = faiss.index_factory(self.dimension, f"IVF{count},SQ8", faiss.METRIC_INNER_PRODUCT)
        learnt = np.random.default_rng(1).choice(self.size, min(self.size, _LEARNT_FROM * count), replace=False)
        made.train(self.vectors(np.sort(learnt)))
        for start in range(0, self.size, _BLOCK):
            made.add(self.vectors(np.arange(start, min(start + _BLOCK, self.size))))
        return type(self)(self._exact, made)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From the files of a folder, which the caller has checked: FAISS does not. The exact vectors are mapped and not read."""
        lists = folder / _LISTS
        exact = faiss.read_index(str(folder / _EXACT), faiss.IO_FLAG_MMAP_IFC)
        return cls(exact, faiss.read_index(str(lists)) if lists.exists() else None)

    def save(self, folder: Path) -> None:
        for name, index in ((_EXACT, self._exact), (_LISTS, self._lists)):
            if index is not None:
                # written by Python, whose errors say what is wrong: FAISS says so of a full disk that a file cannot be opened
                (folder / name).write_bytes(faiss.serialize_index(index).data)

    @property
    def size(self) -> int:
        """How many vectors there are."""
        return int(self._exact.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._exact.d)

    @property
    def is_exact(self) -> bool:
        return self._lists is None

    def search(self, vector: Vectors, k: int, left: Mask | None) -> tuple[Numbers, Scores]:
        """The positions of the `k` nearest, in no order, with their scores; `left`, bool [size], limits them to some."""
        # in one thread: sharing so short a search out costs more than it saves where the model's threads are just idle (20 ms against 2)
        faiss.omp_set_num_threads(1)
        count = self.size if left is None else int(np.count_nonzero(left))
        selector = None if left is None else faiss.IDSelectorBitmap(np.packbits(left, bitorder="little"))  # type: ignore[call-arg, arg-type] # its types lack what it has
        if count == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if self._lists is None or count < _COMPARED_ALL:
            scores, found = self._exact.search(vector[None], min(k, self.size), params=faiss.SearchParameters(sel=selector))  # type: ignore[call-arg] # likewise
            return found[0][found[0] >= 0], scores[0][found[0] >= 0]
        # the fewer a filter leaves, the more lists it takes to find as many
        lists = min(self._lists.nlist, ceil(_LOOKED_THROUGH * self._lists.nlist * self.size / count))
        _, found = self._lists.search(vector[None], k, params=faiss.SearchParametersIVF(sel=selector, nprobe=lists))  # type: ignore[call-arg] # likewise
        positions = np.sort(found[0][found[0] >= 0])
        return positions, products(self.vectors(positions), vector)

    def vectors(self, positions: Numbers) -> Vectors:
        """Float32 [n, dimension]."""
        found: Vectors = self._exact.reconstruct_batch(positions)
        return found


def products(vectors: Vectors, vector: Vectors) -> Scores:
    """The inner product of each of the vectors with one, float32 [n]; the same for the same vector, whichever others are beside it."""
    # the product of a matrix differs in the last bit from row to row, and in threads takes longer
    found: Scores = np.einsum("ij,j->i", vectors, vector)
    return found

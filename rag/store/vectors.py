"""The FAISS index of the passages' vectors: exact while it is fast, HNSW above a stated number of passages."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from rag.arrays import Numbers, Scores, Vectors

_LINKS = 32
_EF_CONSTRUCTION = 200
_EF_SEARCH = 400
_BLOCK = 20_000


class VectorIndex:
    """Passage numbers and their vectors, searched by inner product, which of unit vectors is the cosine."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, numbers: Numbers, vectors: Vectors, approximate_from: int) -> "VectorIndex":
        flat = len(numbers) < approximate_from
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]) if flat else _graph(vectors.shape[1]))
        index.add_with_ids(vectors, numbers)
        return cls(index)

    @classmethod
    def load(cls, data: bytes) -> "VectorIndex":
        """From the bytes of a saved index, which the caller has checked: FAISS does not."""
        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    def save(self, path: Path) -> None:
        # written by Python, whose errors say what is wrong: FAISS says so of a full disk that a file cannot be opened
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    @property
    def kind(self) -> str:
        return "exact (flat)" if self._is_flat else "approximate (HNSW)"

    def search(self, vector: Vectors, k: int, allowed: Numbers | None) -> tuple[Numbers, Scores]:
        """The `k` nearest, best first and by number where equal; `allowed` limits them to these numbers."""
        if allowed is not None and not self._is_flat:
            # a graph search that may only keep a few of the nodes it visits finds too few: those few are compared one by one
            return _best(allowed, self._compared(allowed, vector), k)
        # in one thread: sharing so short a search out costs more than it saves where the model's threads are just idle (20 ms against 2)
        faiss.omp_set_num_threads(1)
        selector = None if allowed is None else faiss.IDSelectorBatch(allowed)
        scores, numbers = self._index.search(vector[None], min(k, self._index.ntotal), params=self._parameters(selector, k))
        found = numbers[0] >= 0
        return _best(numbers[0][found], scores[0][found], k)

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        if not len(numbers):
            return np.zeros(0, dtype=np.float32)
        cosines: Scores = self._index.reconstruct_batch(numbers) @ vector
        return cosines

    def _compared(self, numbers: Numbers, vector: Vectors) -> Scores:
        """Cosines in blocks, so that many numbers do not need much memory."""
        blocks = [self.cosines(numbers[n : n + _BLOCK], vector) for n in range(0, len(numbers), _BLOCK)]
        return np.concatenate([np.zeros(0, dtype=np.float32), *blocks])

    def _parameters(self, selector: Any, k: int) -> Any:
        if self._is_flat:
            return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # its types lack what it has
        return faiss.SearchParametersHNSW(sel=selector, efSearch=max(_EF_SEARCH, k))  # type: ignore[attr-defined] # likewise

    @property
    def _is_flat(self) -> bool:
        return isinstance(faiss.downcast_index(self._index.index), faiss.IndexFlat)


def _best(numbers: Numbers, scores: Scores, k: int) -> tuple[Numbers, Scores]:
    order = np.lexsort((numbers, -scores))[:k]
    return numbers[order], scores[order]


def _graph(dimension: int) -> Any:
    graph = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _EF_CONSTRUCTION
    return graph

"""Searches of an archive's Milvus collection: by vector, by words, and all passages that have some words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from rag.arrays import Numbers, Scores, Vectors
from rag.store.lexical import MOST_TERMS
from rag.store.ranking import best
from rag.store.shared import bm25
from rag.store.shared.bm25 import Statistics
from rag.store.shared.collection import Collection
from rag.store.shared.milvus import Milvus
from rag.store.shared.view import View

# what Milvus gives at most at one time
_MOST = 16_384
# so many with their words, which may be long; and a part of the archive is chosen to have half as many
_WITH_WORDS = 8_192
# the best by the scores of the archive's parts have among them the best by those of the whole (docs/decisions.md)
_TIMES, _LEAST = 3, 400
_NOTHING = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Searching:
    """Safe to share between threads."""

    collection: Collection

    def nearest(self, vector: Vectors, k: int, view: View) -> tuple[Numbers, Scores]:
        """The `k` passages with the highest cosine, best first and by number where equal."""
        return _NOTHING if view.is_empty else best(partial(self._nearest, vector, view), k)

    def matching(self, stems: Iterable[str], k: int, view: View, statistics: Statistics) -> tuple[Numbers, Scores]:
        """The `k` best passages by BM25, best first and by number where equal."""
        wanted = [stem for stem in list(dict.fromkeys(stems))[:MOST_TERMS] if statistics.frequencies.get(stem)]
        if view.is_empty or not wanted:
            return _NOTHING
        limit = min(_WITH_WORDS, max(_LEAST, _TIMES * k))
        found = [hit for expression in view.expressions() for hit in self._with_words(wanted, limit, expression)]
        numbers, scores = _scored(found, wanted, statistics)
        order = np.lexsort((numbers, -scores))[:k]
        return numbers[order], scores[order]

    def every(self, stems: Iterable[str], view: View, statistics: Statistics) -> tuple[Numbers, Scores]:
        """All passages that have every one of the stems, however many they are, by number, with their BM25; none for no stem."""
        wanted = list(dict.fromkeys(stems))
        frequencies = [statistics.frequencies.get(stem, 0) for stem in wanted]
        if view.is_empty or not all(frequencies) or not wanted:
            return _NOTHING
        rarest = wanted[int(np.argmin(frequencies))]
        bounds = np.linspace(0, view.horizon, 2 + 2 * min(frequencies) // _WITH_WORDS, dtype=np.int64).tolist()
        tokens = set(map(bm25.token, wanted))
        found = [
            (number, words)
            for after, until in pairwise(bounds)
            for number, words in self._all_with(rarest, after, until, view)
            if tokens.issubset(words.split(" "))
        ]
        numbers, scores = _scored(sorted(found), wanted, statistics)
        return numbers, scores

    def cosines(self, numbers: Numbers, vector: Vectors) -> Scores:
        """The cosine of each passage. Raises ArchiveDamaged where one is missing."""
        if not len(numbers):
            return _NOTHING[1]
        cosines: Scores = self.collection.vectors_of(numbers) @ vector.astype(np.float32)
        return cosines

    def _nearest(self, vector: Vectors, view: View, k: int) -> tuple[Numbers, Scores]:
        limit = min(k, _MOST)
        # a graph is searched more thoroughly than for as many as are wanted
        params = {"params": {"ef": min(_MOST * 2, max(200, 2 * limit))}}
        found = [
            self._milvus.ask(
                "search", data=[vector.tolist()], anns_field="vector", limit=limit, filter=expression, output_fields=["passage"], search_params=params
            )[0]
            for expression in view.expressions()
        ]
        numbers = np.array([number for hits in found for number in hits.ids], dtype=np.int64)
        return numbers, np.array([score for hits in found for score in hits.distances], dtype=np.float32)

    def _all_with(self, stem: str, after: int, until: int, view: View) -> list[tuple[int, str]]:
        """All with the stem and with numbers above `after` and up to `until`: by halves where there may be more than can be asked for."""
        found = [self._with_words([stem], _WITH_WORDS, expression) for expression in view.expressions(after, until)]
        if until - after > _WITH_WORDS and any(len(hits) >= _WITH_WORDS for hits in found):
            middle = (after + until) // 2
            return [*self._all_with(stem, after, middle, view), *self._all_with(stem, middle, until, view)]
        return [hit for hits in found for hit in hits]

    def _with_words(self, stems: Sequence[str], limit: int, expression: str) -> list[tuple[int, str]]:
        """The numbers and words of the best by Milvus's BM25."""
        question = " ".join(map(bm25.token, stems))
        params = {"params": {"drop_ratio_search": 0}}
        hits: Any = self._milvus.ask(
            "search", data=[question], anns_field="bm25", limit=limit, filter=expression, output_fields=["words"], search_params=params
        )[0]
        return [(hit["passage"], hit["entity"]["words"]) for hit in hits]

    @property
    def _milvus(self) -> Milvus:
        return self.collection.milvus


def _scored(found: Sequence[tuple[int, str]], stems: Sequence[str], statistics: Statistics) -> tuple[Numbers, Scores]:
    numbers = np.array([number for number, _ in found], dtype=np.int64)
    return numbers, bm25.scores([words for _, words in found], stems, statistics)

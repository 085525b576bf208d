"""How rare a stem is in the rest of the archive."""

import math
from collections import Counter
from collections.abc import Mapping, Set

from rag.store import Entry, Snapshot, stems
from rag.types import Filters


class ArchiveRarity:
    """Inverse document frequency over the passages of all other articles.

    log(1 + (N - n + 0.5) / (n + 0.5)) for a stem in n of N passages, as in BM25
    (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), kept
    above 0 as Lucene does. The article's own passages do not count: its title
    is indexed with each of them, and would make its own words common.
    """

    def __init__(self, others: int, frequencies: Mapping[str, int]) -> None:
        self._others = others
        self._frequencies = frequencies

    @classmethod
    def of(cls, snapshot: Snapshot, entry: Entry, words: Set[str]) -> "ArchiveRarity":
        """The rarity of the stems `words`, which may stand in the article of `entry`, outside it."""
        frequencies = Counter(snapshot.frequencies(words))
        title = words & set(stems(entry.article.title))
        for span in entry.spans:
            frequencies.subtract(title | (words & set(stems(span.of(entry.article.text)))))
        return cls(max(0, snapshot.searched(Filters()).passages - len(entry.spans)), frequencies)

    def __call__(self, stem: str) -> float:
        # while somebody writes, the counts may be those of an earlier generation
        found = min(max(self._frequencies.get(stem, 0), 0), self._others)
        return math.log(1 + (self._others - found + 0.5) / (found + 0.5))

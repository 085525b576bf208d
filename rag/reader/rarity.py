"""How much each word of a question counts: the rarer among the sentences at hand, the more."""

import math
from collections import Counter
from collections.abc import Iterable


class Rarity:
    """Inverse document frequency, with sentences for documents.

    log(1 + (N - n + 0.5) / (n + 0.5)) for a stem in n of N sentences, as in
    BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009),
    kept above 0 as Lucene does.
    """

    def __init__(self, asked: frozenset[str], sentences: Iterable[frozenset[str]]) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for stems in sentences:
            counts.update(asked & stems)
            total += 1
        self._asked = asked
        self._weights = {stem: math.log(1 + (total - counts[stem] + 0.5) / (counts[stem] + 0.5)) for stem in sorted(asked)}
        self._sum = sum(self._weights.values())

    def share(self, stems: frozenset[str]) -> float:
        """The share of the question, by weight, that these stems have: 0 to 1."""
        return math.fsum(self._weights[stem] for stem in self._asked & stems) / self._sum if self._sum else 0.0

"""How rare a stem is: in the rest of the archive, and in English."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from functools import cache

from rag.models.vocabulary import vocabulary
from rag.store import Entry, Snapshot, stems
from rag.types import Filters

# Of some 140 words, a passage's, the word of rank r in English is one with a probability of about 14/r: by Zipf's law its share of all
# words is 0.1/r, which holds from rank 10 to 10,000 of the vocabulary in news-dev (.08 to .12).
_PASSAGE_SHARE = 14
# so many passages of other English stand beside the archive's own, which say little where they are few
_ENGLISH_PASSAGES = 1_000


class ArchiveRarity:
    """Inverse document frequency over passages: of the whole archive, or of all articles but one.

    log(1 + (N - n + 0.5) / (n + 0.5)) for a stem in n of N passages, as in BM25
    (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), kept
    above 0 as Lucene does. Of one article's words its own passages do not count: its
    title is indexed with each of them, and would make its own words common.
    """

    def __init__(self, passages: int, frequencies: Mapping[str, int]) -> None:
        self._passages = passages
        self._frequencies = frequencies

    @classmethod
    def everywhere(cls, snapshot: Snapshot, words: Iterable[str]) -> "ArchiveRarity":
        """The rarity of the stems `words` in the whole archive."""
        return cls(snapshot.searched(Filters()).passages, snapshot.frequencies(words))

    def outside(self, entry: Entry, words: Set[str]) -> "ArchiveRarity":
        """The rarity of those of these stems that are `words`, which may stand in the article of `entry`, outside it."""
        frequencies = Counter({stem: self._frequencies[stem] for stem in words})
        title = words & set(stems(entry.article.title))
        for span in entry.spans:
            frequencies.subtract(title | (words & set(stems(span.of(entry.article.text)))))
        return ArchiveRarity(max(0, self._passages - len(entry.spans)), frequencies)

    def __call__(self, stem: str) -> float:
        return self.among(stem)

    def among(self, stem: str, more: float = 0, found_there: float = 0) -> float:
        """The rarity with `more` passages beside the others, in so many of which the stem stands."""
        # while somebody writes, the counts may be those of an earlier generation
        found = min(max(self._frequencies.get(stem, 0), 0), self._passages) + found_there
        return math.log(1 + (self._passages + more - found + 0.5) / (found + 0.5))


class EnglishRarity:
    """The rarity in an archive to which so many passages of other English were added, as it is in general."""

    def __init__(self, archive: ArchiveRarity) -> None:
        self._archive = archive

    def __call__(self, stem: str) -> float:
        return self._archive.among(stem, _ENGLISH_PASSAGES, _ENGLISH_PASSAGES * english_share(stem))


def english_share(stem: str) -> float:
    """The share of passages of English that have a word with the stem."""
    ranks = _ranks()
    return min(1.0, _PASSAGE_SHARE / ranks.get(stem, len(ranks)))


@cache
def _ranks() -> Mapping[str, int]:
    """Each stem's place among those of the commonest words, from 1; of several words the commonest counts."""
    ranks: dict[str, int] = {}
    for stem in stems(" ".join(vocabulary())):
        ranks.setdefault(stem, len(ranks) + 1)
    return ranks

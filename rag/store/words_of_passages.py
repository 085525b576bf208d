"""What a snapshot tells of the words of passages, whatever it finds them by."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np

from rag.arrays import Numbers, Scores
from rag.store.wanted import Wanted, has_all
from rag.types import Filters


class WordsOfPassages(ABC):
    """For as long as a snapshot lasts: what filters ask for is looked up once."""

    def __init__(self) -> None:
        # of the words that filters ask for, the numbers of the articles that have them
        self._known: dict[str, Numbers] = {}

    def saying(self, numbers: Numbers, wanted: Wanted) -> Numbers:
        """See `Snapshot.saying`."""
        articles = self.articles_of(numbers)
        titled = [article for article, title in self._titles(np.unique(articles)).items() if wanted.touches(title)]
        # of these some words may stand in the title alone
        unsure = numbers[np.isin(articles, titled)]
        return np.setdiff1d(numbers, [number for number, _, text in self._passage_texts(unsure) if not has_all(wanted, text)])

    def having(self, filters: Filters) -> Numbers | None:
        """The numbers of the articles that have all words that the filters ask for, ascending; None where they ask for none."""
        if not filters.having:
            return None
        for words in filters.having:
            if words not in self._known:
                self._known[words] = np.unique(self.articles_of(self.every(Wanted.of(words), Filters())[0]))
        return reduce(np.intersect1d, (self._known[words] for words in filters.having))

    def _as_quoted(self, numbers: Numbers, scores: Scores, wanted: Wanted) -> tuple[Numbers, Scores]:
        """Those of the passages in which, or in whose titles, what stood in quotation marks stands as it is."""
        if not wanted.quoted:
            return numbers, scores
        kept = np.isin(numbers, [number for number, *texts in self._passage_texts(numbers) if wanted.stands_in(*texts)])
        return numbers[kept], scores[kept]

    @abstractmethod
    def every(self, wanted: Wanted, filters: Filters) -> tuple[Numbers, Scores]:
        """See `Snapshot.every`."""

    @abstractmethod
    def articles_of(self, numbers: Numbers) -> Numbers:
        """See `Snapshot.articles_of`."""

    @abstractmethod
    def _titles(self, articles: Numbers) -> Mapping[int, str]:
        """The titles of the articles of these numbers: to be looked through, not to be shown, as nothing is checked."""

    @abstractmethod
    def _passage_texts(self, numbers: Numbers) -> Iterable[tuple[int, str, str]]:
        """Number, article's title and own text of each of the passages that is there: to be looked through too."""

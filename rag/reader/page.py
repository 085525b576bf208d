"""An article as its sentences, each with its stems and whether it offers an answer, worked out when first asked for and once a question."""

from collections.abc import Sequence
from functools import cached_property

from rag.question import Question
from rag.reader.offers import offers
from rag.store import stems
from rag.types import Article, Span

_NONE: frozenset[str] = frozenset()


class Page:
    def __init__(self, article: Article, sentences: Sequence[Span], question: Question) -> None:
        self.article = article
        self.sentences = sentences
        self._question = question
        self.kind = question.kind
        self._stems: dict[int, frozenset[str]] = {}
        self._offers: dict[int, bool] = {}

    def text(self, n: int) -> str:
        return self.sentences[n].of(self.article.text)

    def stems(self, n: int) -> frozenset[str]:
        """The stems of sentence `n`; none before the first and after the last."""
        if not 0 <= n < len(self.sentences):
            return _NONE
        if n not in self._stems:
            self._stems[n] = frozenset(stems(self.text(n)))
        return self._stems[n]

    def offers(self, n: int) -> bool:
        """Whether sentence `n` has words of the kind that the question asks for."""
        if n not in self._offers:
            self._offers[n] = offers(self.text(n), self._question)
        return self._offers[n]

    @cached_property
    def title_stems(self) -> frozenset[str]:
        return frozenset(stems(self.article.title))

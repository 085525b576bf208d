"""A question set that has been read: its articles and its gold questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.corpus import canonical
from rag.errors import InputError
from rag.evaluation.gold import Evidence, Gold
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles (none, where the form has none) and the questions on them; `left_out` counts questions that nothing is relevant to.

    Raises InputError where there is no question.
    """

    articles: Sequence[Article]
    gold: Sequence[Gold]
    left_out: int = 0

    def __post_init__(self) -> None:
        if not self.gold:
            also = f" but {self.left_out:,} that no document is relevant to" if self.left_out else ""
            raise InputError(f"there is no question in it{also}; is it the file that was meant?")


def evidence(article: Article, words: Iterable[str] = ()) -> tuple[Evidence, ...]:
    """The article with each of these words that stands in its text; the article alone where none does."""
    quotes = [quote for quote in dict.fromkeys(map(canonical, words)) if quote and quote in article.text]
    return tuple(Evidence(article.id, quote) for quote in quotes) or (Evidence(article.id, None),)

"""A question set that has been read: its articles, those made of sections among them, and its gold questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.corpus import article, canonical, sha256
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


class Sections:
    """The articles so far, by id: the id comes from title and text, so another file with the same section gives the same."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._articles: dict[str, Article] = {}

    def article(self, title: str, sentences: Iterable[str]) -> Article:
        """The article of the sentences, a space between two. Raises InputError where they are blank."""
        # some sections have sentences without characters
        text = " ".join(filter(None, map(canonical, sentences)))
        digest = sha256(f"{title}\n{text}")[:12]
        id = f"{self._prefix}-{digest}"
        return self._articles.setdefault(id, article(id, title, text))

    def articles(self) -> tuple[Article, ...]:
        return tuple(self._articles.values())

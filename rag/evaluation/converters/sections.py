"""Articles that a set gives as sentences with every question; questions on the same ones have one article."""

from collections.abc import Iterable

from rag.corpus import article, canonical, sha256
from rag.types import Article


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

"""A reader's notes, pinned to words of an article."""

from dataclasses import dataclass
from datetime import datetime

from rag.types import Article, Span

LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader wrote about a selection of an article's text.

    `article` is an id, `span` and `words` are the selection in the text whose
    SHA-256 is `sha256`, `text` is the reader's own, `made` is in UTC, to the
    second. `number` names the note in its archive and is never used twice; 0 is
    a note that is not stored yet.
    """

    number: int
    article: str
    sha256: str
    span: Span
    words: str
    text: str
    made: datetime

    def stands_in(self, article: Article) -> bool:
        """Whether `article` has the very text that the note was pinned to.

        If not, the article was replaced since: `span` counts in the earlier text,
        and `words` are what stood there.
        """
        return (article.id, article.sha256) == (self.article, self.sha256)

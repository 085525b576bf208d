"""The decision whether two articles are near-copies, by what each says itself: what a site puts on all its pages makes no copies of them."""

from rag.types import Article
from rag.values import Wording

# A digest holds whole stories, and a stub hardly more than what an agency puts below each of its own: neither is a copy of
# the article that it shares these words with. So the shorter text has to have this share of the longer one's runs, too.
SHARED_OF_LONGER = 0.4


def are_copies(a: Wording, b: Wording) -> bool:
    """Whether two articles' words are near-copies (`Wording.copies`), neither of them much longer than the other."""
    return a.copies(b) and len(a.runs & b.runs) >= SHARED_OF_LONGER * max(len(a.runs), len(b.runs))


def own_wording(article: Article) -> Wording:
    return Wording(own_text(article))


def own_text(article: Article) -> str:
    """What the article itself says, each part on lines of its own; all of its text where that is nothing."""
    own = "\n".join(part.span.of(article.text) for part in article.parts if part.kind.is_own)
    return own if own.strip() else article.text

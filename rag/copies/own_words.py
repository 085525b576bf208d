"""The words by which two articles are compared: what each says itself, so that what a site puts on all its pages makes no copies of them."""

from rag.types import Article
from rag.values import Wording


def are_copies(a: Article, b: Article) -> bool:
    """Whether two articles are near-copies, as `Wording.copies` has it of their own words."""
    return own_wording(a).copies(own_wording(b))


def own_wording(article: Article) -> Wording:
    return Wording(own_text(article))


def own_text(article: Article) -> str:
    """What the article itself says, each part on lines of its own; all of its text where that is nothing."""
    own = "\n".join(part.span.of(article.text) for part in article.parts if part.kind.is_own)
    return own if own.strip() else article.text

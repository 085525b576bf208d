"""The decision whether two articles are near-copies, by what each says itself: what a site puts on all its pages makes no copies of them."""

from rag.types import Article
from rag.values import Wording

# A digest holds whole stories, and a stub hardly more than what an agency puts below each of its own: neither is a copy of
# the article that it shares these words with. So the shorter text has to have this share of the longer one's runs, too.
_SHARED_OF_LONGER = 0.4
# a longer article is compared by so many characters of its beginning, so that no comparison takes long
_COMPARED = 200_000


def likeness(a: Wording, b: Wording) -> float:
    """The share of the longer one's runs that two near-copies (`Wording.copies`) have in common, at least .4; 0 where two articles are none."""
    if a.words == b.words:
        return 1.0 if a.words else 0.0
    shared = len(a.runs & b.runs) / max(len(a.runs), len(b.runs)) if a.copies(b) else 0.0
    return shared if shared >= _SHARED_OF_LONGER else 0.0


def own_wording(article: Article) -> Wording:
    return Wording(own_text(article))


def own_text(article: Article) -> str:
    """What the article itself says, each part on lines of its own; all of its text where that is nothing. At most 200,000 characters."""
    own = "\n".join(part.span.of(article.text) for part in article.parts if part.kind.is_own)
    return (own if own.strip() else article.text)[:_COMPARED]

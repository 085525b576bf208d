"""Questions to begin with, made of names that the newest articles have in their titles."""

from functools import lru_cache

from rag.archive import Archive
from rag.errors import PullquoteError
from rag.listing import Order

_MOST = 3
# so many of the newest articles are looked through for a name
_LOOKED_AT = 5


def questions(archive: Archive) -> tuple[str, ...]:
    """Up to three questions that the archive answers: each about all that it has on the name that says most of one of its newest articles.

    A name stands in quotation marks, and so needs no article before it to be English. Nothing is encoded for them.
    """
    return _made(archive, archive.status().token)


# once for what an archive holds at a time
@lru_cache(maxsize=4)
def _made(archive: Archive, token: str) -> tuple[str, ...]:  # noqa: ARG001
    names: dict[str, None] = {}
    for entry in archive.shelf(order=Order.NEWEST, limit=_LOOKED_AT).entries:
        try:
            found = archive.overview(entry.id)
        except PullquoteError:
            # a damaged article is told of where it is opened
            continue
        words = [span.of(found.article.text) for span in found.keywords]
        # a name in full before a single word, which may be a people's ("Chinese")
        if name := next((word for word in sorted(words, key=lambda word: " " not in word) if _is_name(word) and word in entry.title), None):
            names[name] = None
        if len(names) == _MOST:
            break
    return tuple(f"What do the articles say about “{name}”?" for name in names)


def _is_name(words: str) -> bool:
    return words[:1].isupper() and words[-1:].isalnum() and not any(quote in words for quote in '“”"\n')

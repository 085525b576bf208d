"""An article of what is written about it, where what need not be there costs only itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from rag.corpus.canonical_text import article, one_line, web_address
from rag.corpus.dates import publication_date
from rag.corpus.header import Header
from rag.errors import InputError
from rag.given import valid
from rag.types import Article

_T = TypeVar("_T")


def lenient_article(header: Header, text: str, *, id: str, title: str, origin: str) -> Article:
    """An article with those facts of `header` that can be used, and a warning for each that cannot.

    `id` and `title` stand in for those that the header lacks. Raises InputError
    where the id, the title or the text is empty or cannot be used, or anything
    has half a character: then more is damaged than a fact.
    """
    warnings = list(header.warnings)
    for name in ("source", "author", "published", "url"):
        valid(name, getattr(header, name) or "")

    def usable(name: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except InputError as error:
            warnings.append(f"{error}; it was taken without its {name}")
            return None

    made = article(
        header.id or id,
        header.title or title,
        text,
        source=usable("source", lambda: one_line("source", header.source)),
        author=usable("author", lambda: one_line("author", header.author)),
        published=usable("date", lambda: publication_date(header.published)),
        url=usable("address", lambda: web_address(header.url)),
        origin=origin,
    )
    return replace(made, warnings=tuple(warnings))

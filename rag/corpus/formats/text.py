"""Text (.txt): a header, if there is one, above a page as people save and paste it."""

from collections.abc import Iterator

from rag.corpus.canonical_text import canonical
from rag.corpus.decoding import decode
from rag.corpus.draft import Draft
from rag.corpus.header import split_header
from rag.corpus.plain import read_page
from rag.types import Fact, Facts, Provenance


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """The one draft of a text file. Raises InputError where it is empty or no text."""
    inferred: list[str] = []
    header, text = split_header(canonical(decode(data, inferred)))
    page = read_page(text, header.title)
    day = page.published.isoformat() if page.published else page.unclear
    found = Facts(title=_told(page.title), author=_told(page.author), published=_told(day))
    yield Draft(page.body, facts=header.facts.or_else(found), warnings=(*inferred, *header.warnings))


def _told(value: str | None) -> Fact | None:
    return Fact(value, Provenance.BYLINE) if value else None

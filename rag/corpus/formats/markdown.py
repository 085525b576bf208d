"""Markdown (.md): a header, if there is one, above text with its marks."""

from collections.abc import Iterator

from rag.corpus.canonical_text import canonical
from rag.corpus.decoding import decode
from rag.corpus.draft import Draft
from rag.corpus.header import split_header
from rag.corpus.markdown import plain_text
from rag.types import Fact, Facts, Provenance


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """The one draft of a Markdown file. Raises InputError where it is empty, no text, or has over 50,000 lines."""
    inferred: list[str] = []
    header, text = split_header(canonical(decode(data, inferred)))
    title, body = plain_text(text)
    if header.title and title and title != header.title:
        body = f"{title}\n\n{body}"
    found = Facts(title=Fact(title, Provenance.HEADER) if title else None)
    yield Draft(canonical(body), facts=header.facts.or_else(found), warnings=(*inferred, *header.warnings))

"""What a document's own properties tell of it, where people wrote them and no program."""

import re
from collections.abc import Iterable

from rag.corpus.canonical_text import TITLE_CHARS
from rag.corpus.draft import Piece
from rag.types import Fact, Kind, Provenance

# What programs, libraries and fresh installations write where a person's name belongs, and for a title.
_NOBODY = frozenset((
    "admin", "administrator", "anonymous", "apache poi", "author", "default", "docx4j", "microsoft", "microsoft office", "microsoft office user",
    "microsoft word", "office", "openpyxl", "owner", "pc", "python-docx", "un-named", "unknown", "unknown author", "user", "utente", "utilisateur",
    "windows user", "word",
))  # fmt: skip
_NO_TITLES = frozenset(("document", "new document", "no title", "title", "untitled", "untitled document", "word document"))


def stated_title(value: str | None) -> Fact | None:
    """The title that a document's properties state; None for a program's own."""
    return _stated(value, _NO_TITLES)


def stated_author(value: str | None) -> Fact | None:
    """The author that a document's properties state; None for a program or nobody in particular."""
    return _stated(value, _NOBODY)


def stated_language(value: str | None, told_by: Provenance = Provenance.PROPERTIES) -> Fact | None:
    """The language's two letters of a code such as "en-GB"; None where they are not two."""
    code = re.split("[-_]", (value or "").strip())[0].lower()
    return Fact(code, told_by) if len(code) == 2 and code.isascii() and code.isalpha() else None


def first_heading(pieces: Iterable[Piece]) -> Fact | None:
    """The title of a document whose properties have none: its first heading."""
    headings = (" ".join(piece.text.split()) for piece in pieces if piece.kind is Kind.HEADING)
    return next((Fact(heading, Provenance.HEADER) for heading in headings if len(heading) <= TITLE_CHARS), None)


def _stated(value: str | None, empty: frozenset[str]) -> Fact | None:
    said = " ".join((value or "").split())
    return Fact(said, Provenance.PROPERTIES) if said and said.casefold() not in empty and len(said) <= TITLE_CHARS else None

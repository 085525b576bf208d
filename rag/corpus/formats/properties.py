"""What a document's own properties tell of it, where people wrote them and no program."""

import re
from collections.abc import Iterable

from rag.corpus.canonical_text import TITLE_CHARS
from rag.corpus.draft import Piece
from rag.corpus.language import language_code
from rag.types import Fact, Kind, Provenance

# What programs, libraries and fresh installations write where a person's name belongs, and for a title.
_NOBODY = re.compile(
    r"""anonymous|(?:unknown|un-named|unspecified)(?:\ author)?|author|(?:default\ |windows\ |microsoft\ office\ )?user\d*|admin(?:istrator)?
      |owner|root|none|n/a|pc|default|utente|utilisateur|(?:microsoft\ )?(?:office|word)|microsoft|apache\ poi|docx4j|openpyxl|python-docx""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_TITLE = re.compile(
    r"""untitled.*|unspecified|(?:(?:no|document|new|word)\ )?(?:title|document)|(?:document|slide|presentation|sheet|doc|book)\ ?\d*|\S*_\S*
      |powerpoint\ presentation|microsoft\ (?:word|powerpoint|excel|office).*|(?:https?|file|about):\S*|[a-z]:\\.*
      |.*\.(?:docx?|dot|exe|pdf|tex|dvi|e?ps|odt|rtf|txt|qxd|indd|pmd|pages|pptx?|odp|xlsx?|csv|[xs]?html?|md|tmp|jpe?g|png|tiff?)""",
    re.IGNORECASE | re.VERBOSE,
)


def stated_title(value: str | None) -> Fact | None:
    """The title that a document's properties state; None for a program's own, and for a file's name."""
    return _stated(value, _NO_TITLE)


def stated_author(value: str | None) -> Fact | None:
    """The author that a document's properties state; None for a program or nobody in particular."""
    return _stated(value, _NOBODY)


def stated_language(value: str | None, told_by: Provenance = Provenance.PROPERTIES) -> Fact | None:
    """The language's two letters of a code such as "en-GB"; None where they are not two."""
    code = language_code(value or "")
    return Fact(code, told_by) if code else None


def first_heading(pieces: Iterable[Piece]) -> Fact | None:
    """The title of a document whose properties have none: its first heading."""
    headings = (" ".join(piece.text.split()) for piece in pieces if piece.kind is Kind.HEADING)
    return next((Fact(heading, Provenance.HEADER) for heading in headings if len(heading) <= TITLE_CHARS), None)


def _stated(value: str | None, empty: re.Pattern[str]) -> Fact | None:
    said = " ".join((value or "").split())
    return Fact(said, Provenance.PROPERTIES) if said and not empty.fullmatch(said) and len(said) <= TITLE_CHARS else None

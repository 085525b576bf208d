"""What a reader makes of a document: its text, where each part of that stands in the document, and what the document says of itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from rag.corpus.canonical_text import canonical
from rag.types import NOTHING_TOLD, Box, Facts, Kind, Original, Part, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a document before it is put together with the others: `before` stands between it and the piece before."""

    text: str
    kind: Kind = Kind.BODY
    place: str = ""
    box: Box | None = None
    before: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that was read and is no article yet.

    `text` is canonical, and the spans of `parts` count in it; they are in its order and do not overlap. `part` says which of a
    file's documents it is ("row 3", "message 2"), the same each time that the file is read; it is empty where a file is one document.
    `format` names the reader that made it, and `original` is the document that it read, the innermost where one lies in another.
    """

    text: str
    parts: tuple[Part, ...] = ()
    facts: Facts = NOTHING_TOLD
    part: str = ""
    warnings: tuple[str, ...] = ()
    format: str = ""
    original: Original | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A document that lies in another, such as a page in a ZIP file: its name there, its bytes, and what the outer one tells of it."""

    name: str
    data: bytes
    facts: Facts = NOTHING_TOLD


@dataclass(frozen=True, slots=True)
class Address:
    """A page that a document only names, as a sitemap does; to be read, it has to be fetched."""

    url: str


def put_together(pieces: Iterable[Piece]) -> tuple[str, tuple[Part, ...]]:
    """The canonical text of pieces, each made canonical by itself, and its parts; a piece of blanks leaves nothing.

    `before` of a piece is white space, so that nothing of two pieces becomes one character.
    """
    text: list[str] = []
    parts: list[Part] = []
    end = 0
    for piece in pieces:
        own = canonical(piece.text)
        if not own:
            continue
        if text:
            text.append(piece.before)
            end += len(piece.before)
        text.append(own)
        parts.append(Part(Span(end, end + len(own)), piece.kind, piece.place, piece.box))
        end += len(own)
    return "".join(text), tuple(parts)

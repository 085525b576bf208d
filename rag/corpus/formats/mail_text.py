"""The plain text of a mail: its paragraphs, what is quoted of other mails, and the signature."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.corpus.draft import Piece
from rag.types import Kind

_SIGNATURE = re.compile(r"-- ?")
_LONGEST_SIGNATURE = 15


def paragraphs(text: str, place: str, *, is_flowed: bool = False, deletes_spaces: bool = False) -> Iterator[Piece]:
    """The paragraphs, those that are quoted and the signature by themselves, all at `place`; `text` ends its lines by line feeds.

    In flowed text (RFC 3676) a line that ends with a space goes on in the next; the space is no part of it where the mail
    `deletes_spaces`.
    """
    plain = ((line.lstrip(" ").startswith(">"), line) for line in text.split("\n"))
    lines = list(_unwrapped(text, deletes_spaces) if is_flowed else plain)
    signature = _signature(lines)
    before = "\n\n"
    kinds = [Kind.COMMENT if is_quoted else Kind.BYLINE if number >= signature else Kind.BODY for number, (is_quoted, _) in enumerate(lines)]
    for (kind, is_blank), group in groupby(zip(kinds, lines, strict=True), key=lambda line: (line[0], not line[1][1].strip())):
        if is_blank:
            before = "\n\n"
        else:
            yield Piece("\n".join(line for _, (_, line) in group), kind, place, before=before)
            before = "\n"


def _unwrapped(text: str, deletes_spaces: bool) -> Iterator[tuple[bool, str]]:
    """The lines of text whose soft line ends are spaces (RFC 3676), those joined; each after whether it is quoted."""
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        own_depth = len(line) - len(line.lstrip(">"))
        own = line[own_depth:].removeprefix(" ")
        is_signature = own == "-- "
        # what is blank ends a paragraph even where a line before it is left open
        if paragraph and (own_depth != depth or is_signature or not own.strip()):
            yield _quoted(depth, "".join(paragraph))
            paragraph = []
        is_open = own.endswith(" ") and not is_signature
        paragraph.append(own[:-1] if is_open and deletes_spaces else own)
        depth = own_depth
        if not is_open:
            yield _quoted(depth, "".join(paragraph))
            paragraph = []
    if paragraph:
        yield _quoted(depth, "".join(paragraph))


def _quoted(depth: int, line: str) -> tuple[bool, str]:
    return depth > 0, f"{'>' * depth} {line}" if depth else line


def _signature(lines: Sequence[tuple[bool, str]]) -> int:
    """The number of the line that a signature begins with; that of lines where there is none."""
    begins = next((number for number, (_, line) in reversed(list(enumerate(lines))) if _SIGNATURE.fullmatch(line)), len(lines))
    length = sum(bool(line.strip()) and not is_quoted for is_quoted, line in lines[begins:])
    return begins if length <= _LONGEST_SIGNATURE else len(lines)

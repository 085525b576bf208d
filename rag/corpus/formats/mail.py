"""Mails (RFC 5322, MIME): what the sender wrote, with quoted replies and the signature marked, and the documents sent with it."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.errors import NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

from rag.corpus.charsets import decode_declared
from rag.corpus.decoding import decode
from rag.corpus.draft import Draft, Member, Piece, put_together
from rag.corpus.formats import markup
from rag.corpus.formats.mail_header import decoded, header_facts
from rag.corpus.formats.mail_text import paragraphs
from rag.corpus.formats.media_types import in_utf8, may_be_document
from rag.errors import InputError
from rag.types import Facts, Kind, Refusal

# A mail as it came, its lines neither folded anew nor escaped. The newer policies fail at fields of an unusual form.
_AS_IT_CAME = compat32.clone(mangle_from_=False, max_line_length=0)
# The suffixes of what has no name: what does not show its kind by its first bytes is known by them.
_SUFFIXES = {"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/markdown": ".md"}
_MESSAGES = ("message/rfc822", "message/global", "message/news")
# What stands for an encoding that the sender's program did not know.
_NO_CHARSETS = ("us-ascii", "x-unknown", "unknown", "unknown-8bit", "8bit", "binary")
_UNDIVIDED = (NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
_LINE_END = re.compile(r"\r\n?|\n")
# The classes in which programs for mail in HTML have a quoted reply, or a signature.
_CLASSES = {"gmail_quote": Kind.COMMENT, "yahoo_quoted": Kind.COMMENT, "gmail_signature": Kind.BYLINE, "moz-signature": Kind.BYLINE}
# A text beside HTML that has less than this share of its words only says that there is HTML.
_SHARE_OF_WORDS = 1 / 3


def read(data: bytes, name: str) -> Iterator[Draft | Member | Refusal]:  # noqa: ARG001 - every reader is called alike
    """The mail's text as one draft, if it has any, and the documents and mails that are attached to it.

    Of a text and the same in HTML the text is taken, unless it only says that there is HTML. A part in an encoding that is
    not known, or whose letters are not certain, is refused; a field of the header that cannot be read costs that fact.
    Raises InputError where nothing is in it, or parts are nested too deeply.
    """
    warnings: list[str] = []
    try:
        message = BytesParser(policy=_AS_IT_CAME).parsebytes(data)
        facts = header_facts(message, warnings)
        found = list(_parts(message, "", facts, warnings))
    except RecursionError:
        raise InputError("its parts are nested too deeply; save those that matter by themselves") from None
    text, parts = put_together(item for item in found if isinstance(item, Piece))
    if text:
        yield Draft(text, parts, facts, warnings=tuple(warnings))
    others = [item for item in found if not isinstance(item, Piece)]
    if not text and not others:
        raise InputError("the mail has no text, and no document is attached to it")
    yield from others


def _parts(part: Message, place: str, facts: Facts, warnings: list[str]) -> Iterator[Piece | Member | Refusal]:
    """What a part of the mail holds; `place` numbers it in those around it, as in "1.2"."""
    kind = part.get_content_type()
    if not may_be_document(kind):
        return
    if kind in _MESSAGES and part.is_multipart():
        yield from (_sent_on(inner, f"part {place or 1}") for inner in _inside(part))
    elif part.is_multipart():
        inside = [
            (inner.get_content_type(), list(_parts(inner, f"{place}.{number}".lstrip("."), facts, warnings)))
            for number, inner in enumerate(_inside(part), start=1)
        ]
        chosen = _chosen(inside) if kind == "multipart/alternative" else None
        for number, (_, found) in enumerate(inside):
            yield from (item for item in found if chosen in (None, number) or isinstance(item, Member))
    elif _is_shown(part, kind):
        try:
            yield from _shown(part, kind, f"part {place or 1}", warnings)
        except InputError as error:
            yield Refusal(f"part {place or 1}", str(error))
    else:
        yield _attached(part, kind, f"part {place or 1}", facts)


def _chosen(alternatives: Sequence[tuple[str, Sequence[Piece | Member | Refusal]]]) -> int:
    """Which of several forms of the same is taken: the plain text, unless it lacks most of what another has."""
    words = [sum(len(item.text.split()) for item in found if isinstance(item, Piece)) for _, found in alternatives]
    plain = next((number for number, (kind, _) in enumerate(alternatives) if kind == "text/plain" and words[number]), None)
    if plain is not None and words[plain] >= max(words) * _SHARE_OF_WORDS:
        return plain
    return max(range(len(words)), key=lambda number: words[number], default=0)


def _is_shown(part: Message, kind: str) -> bool:
    """Whether it is text that a program for mail shows below the header; what cannot be divided into its parts is shown as it is."""
    if part.get_content_disposition() == "attachment":
        return False
    return kind in ("text/plain", "text/html") or kind.startswith("multipart/") or (kind.startswith("text/") and not part.get_filename())


def _attached(part: Message, kind: str, place: str, facts: Facts) -> Member:
    data = in_utf8(_content(part), str(part.get("Content-Type", "")))
    name = decoded(part.get_filename() or "", "name", []).replace("\\", "/").rpartition("/")[2]
    return Member(f"{place}/{name}" if name else f"{place}{_SUFFIXES.get(kind, '.bin')}", data, Facts(author=facts.author, published=facts.published))


def _sent_on(message: Message, place: str) -> Member | Refusal:
    """A mail in the mail; who sent it on did not write it."""
    written = io.BytesIO()
    try:
        BytesGenerator(written, policy=_AS_IT_CAME).flatten(message)
    except UnicodeEncodeError:
        return Refusal(place, "what divides its parts is no ASCII, so it is damaged; save that mail by itself")
    return Member(f"{place}.eml", written.getvalue())


def _inside(part: Message) -> list[Message]:
    parts = part.get_payload()
    return [inner for inner in parts if isinstance(inner, Message)] if isinstance(parts, list) else []


def _content(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _shown(part: Message, kind: str, place: str, warnings: list[str]) -> Iterator[Piece]:
    """The pieces of a part. Raises InputError where its letters are not certain, or it cannot be read."""
    if any(isinstance(defect, _UNDIVIDED) for defect in part.defects):
        warnings.append("what divides the mail's parts is missing or damaged, so it was read as it stands")
    data, charset = _content(part), part.get_content_charset()
    if not data.strip():
        return iter(())
    if kind == "text/html" and not charset:
        # it may say itself what it is in
        return _of_markup(data, place)
    text = decode(data, warnings) if not charset or charset in _NO_CHARSETS else decode_declared(data, charset, warnings)
    if kind == "text/html":
        return _of_markup(text, place)
    return paragraphs(_LINE_END.sub("\n", text), place, is_flowed=_says(part, "format", "flowed"), deletes_spaces=_says(part, "delsp", "yes"))


def _says(part: Message, parameter: str, value: str) -> bool:
    return str(part.get_param(parameter, "")).lower() == value


def _of_markup(source: bytes | str, place: str) -> Iterator[Piece]:
    root = markup.parse(source)
    marked = {_path(root.getroottree().getpath(element)): kind for element in root.iter("*") if (kind := _kind(element))}
    for piece in markup.pieces(root):
        steps = _path(piece.place).split("/")
        kinds = (marked.get("/".join(steps[:count])) for count in range(len(steps) + 1)) if marked else ()
        yield replace(piece, place=place, kind=next(filter(None, kinds), piece.kind))


def _kind(element: Any) -> Kind | None:
    """What an element is to the program that wrote the mail: a quoted reply, a signature, or nothing of its own."""
    if element.get("type") == "cite":
        return Kind.COMMENT
    return next((_CLASSES[name] for name in element.get("class", "").split() if name in _CLASSES), None)


def _path(path: str) -> str:
    """An XPath without the numbers of first elements, which need not be said."""
    return path.replace("[1]", "")

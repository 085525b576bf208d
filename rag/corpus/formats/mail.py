"""Mails (RFC 5322, MIME): what the sender wrote, with quoted replies and the signature marked, and the documents sent with it."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.errors import HeaderParseError, NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect
from email.generator import BytesGenerator
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from itertools import groupby
from typing import Any

from rag.corpus.charsets import decode_as, decode_declared
from rag.corpus.decoding import decode
from rag.corpus.draft import Draft, Member, Piece, put_together
from rag.corpus.formats import markup
from rag.corpus.formats.media_types import in_utf8, may_be_document
from rag.errors import InputError
from rag.types import Fact, Facts, Kind, Provenance, Refusal

# A mail as it came, its lines neither folded anew nor escaped. The newer policies fail at fields of an unusual form.
_AS_IT_CAME = compat32.clone(mangle_from_=False, max_line_length=0)
# The suffixes of what has no name: what does not show its kind by its first bytes is known by them.
_SUFFIXES = {"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/markdown": ".md"}
_MESSAGES = ("message/rfc822", "message/global", "message/news")
# What stands for an encoding that the sender's program did not know.
_NO_CHARSETS = ("us-ascii", "x-unknown", "unknown", "unknown-8bit", "8bit", "binary")
_UNDIVIDED = (NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
_LONGEST_FIELD = 5_000
_MESSAGE_ID = re.compile(r"<\s*([^<>]+?)\s*>")
_LINE_END = re.compile(r"\r\n?|\n")
_SIGNATURE = re.compile(r"-- ?")
_LONGEST_SIGNATURE = 15
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
        facts = _facts(message, warnings)
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


def _facts(message: Message, warnings: list[str]) -> Facts:
    subject = _field(message, "Subject", warnings)
    identity = _field(message, "Message-ID", warnings)
    inside = _MESSAGE_ID.search(identity)
    return Facts(
        id=_fact(inside[1] if inside else identity),
        title=_fact(_decoded(subject, "Subject", warnings)),
        author=_fact(_author(message, warnings)),
        published=_fact(_date(message, warnings)),
        language=_fact(_field(message, "Content-Language", warnings).partition(",")[0]),
    )


def _fact(value: str) -> Fact | None:
    line = " ".join(value.split())
    return Fact(line, Provenance.MAIL) if line else None


def _field(message: Message, name: str, warnings: list[str]) -> str:
    """The field, unfolded, its encoded words as they are; empty where there is none."""
    values = [value for field, value in message.raw_items() if field.lower() == name.lower()]
    try:
        # eight bits in a header are UTF-8 today (RFC 6532)
        value = _LINE_END.sub("", values[0]).encode("ascii", "surrogateescape").decode() if values else ""
    except UnicodeDecodeError:
        warnings.append(f"its {name} is not readable as UTF-8; it was taken without that")
        return ""
    if len(value) > _LONGEST_FIELD:
        warnings.append(f"its {name} has {len(value):,} characters; it was taken without that")
        return ""
    return value


def _decoded(value: str, name: str, warnings: list[str]) -> str:
    """The value with its encoded words (RFC 2047) as what they mean; empty where that cannot be told."""
    # the library escapes what is not ASCII
    if not value.isascii():
        return value
    try:
        return "".join(part if isinstance(part, str) else decode_as(part, charset or "ascii") for part, charset in decode_header(value))
    except (HeaderParseError, InputError, ValueError):
        warnings.append(f"its {name} is in an encoding that is not known, or not as it says; it was taken without that")
        return ""


def _author(message: Message, warnings: list[str]) -> str:
    """The names of the senders, without their addresses."""
    try:
        addresses = getaddresses([_field(message, "From", warnings)])
    except RecursionError:
        warnings.append("its From has comments nested too deeply; it was taken without that")
        return ""
    names = [_decoded(name, "From", warnings).strip("'\" ") for name, _ in addresses]
    return ", ".join(name for name in names if name and "@" not in name)


def _date(message: Message, warnings: list[str]) -> str:
    """When it was sent, in ISO 8601, in the sender's zone."""
    value = _field(message, "Date", warnings)
    try:
        return parsedate_to_datetime(value).isoformat()
    except (IndexError, OverflowError, TypeError, ValueError):
        warnings.append(f"its date, {value[:60]!r}, cannot be read; it was taken without it" if value.strip() else "the mail has no date")
        return ""


def _parts(part: Message, place: str, facts: Facts, warnings: list[str]) -> Iterator[Piece | Member | Refusal]:
    """What a part of the mail holds; `place` numbers it in those around it, as in "1.2"."""
    kind = part.get_content_type()
    if not may_be_document(kind):
        return
    if kind in _MESSAGES and part.is_multipart():
        # who sent it on did not write it
        yield from (Member(f"part {place or 1}.eml", _as_it_came(inner)) for inner in _inside(part))
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
    data = _content(part)
    if part.get_content_maintype() == "text":
        data = in_utf8(data, part.get_content_charset())
    name = _decoded(part.get_filename() or "", "name", []).replace("\\", "/").rpartition("/")[2]
    return Member(f"{place}/{name}" if name else f"{place}{_SUFFIXES.get(kind, '.bin')}", data, Facts(author=facts.author, published=facts.published))


def _as_it_came(message: Message) -> bytes:
    written = io.BytesIO()
    BytesGenerator(written, policy=_AS_IT_CAME).flatten(message)
    return written.getvalue()


def _inside(part: Message) -> list[Message]:
    parts = part.get_payload()
    return [inner for inner in parts if isinstance(inner, Message)] if isinstance(parts, list) else []


def _content(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _shown(part: Message, kind: str, place: str, warnings: list[str]) -> Iterator[Piece]:
    text = _text(part, warnings)
    if any(isinstance(defect, _UNDIVIDED) for defect in part.defects):
        warnings.append("what divides the mail's parts is missing or damaged, so it was read as it stands")
    if kind == "text/html":
        return _of_markup(text, place)
    lines = [(line.lstrip(" ").startswith(">"), line) for line in text.split("\n")]
    if str(part.get_param("format", "")).lower() == "flowed":
        lines = list(_unwrapped(text, str(part.get_param("delsp", "")).lower() == "yes"))
    return _of_lines(lines, place)


def _text(part: Message, warnings: list[str]) -> str:
    """The text of a part. Raises InputError where its letters are not certain."""
    data = _content(part)
    charset = part.get_content_charset()
    if not data.strip():
        return ""
    text = decode(data, warnings) if charset is None or charset in _NO_CHARSETS else decode_declared(data, charset, warnings)
    return _LINE_END.sub("\n", text)


def _of_markup(text: str, place: str) -> Iterator[Piece]:
    if not text.strip():
        return
    root = markup.parse(text)
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


def _unwrapped(text: str, delete_space: bool) -> Iterator[tuple[bool, str]]:
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
        paragraph.append(own[:-1] if is_open and delete_space else own)
        depth = own_depth
        if not is_open:
            yield _quoted(depth, "".join(paragraph))
            paragraph = []
    if paragraph:
        yield _quoted(depth, "".join(paragraph))


def _quoted(depth: int, line: str) -> tuple[bool, str]:
    return depth > 0, f"{'>' * depth} {line}" if depth else line


def _of_lines(lines: Sequence[tuple[bool, str]], place: str) -> Iterator[Piece]:
    """The paragraphs of the lines, those that are quoted and the signature by themselves."""
    signature = _signature(lines)
    before = "\n\n"
    kinds = [Kind.COMMENT if is_quoted else Kind.BYLINE if number >= signature else Kind.BODY for number, (is_quoted, _) in enumerate(lines)]
    for (kind, is_blank), group in groupby(zip(kinds, lines, strict=True), key=lambda line: (line[0], not line[1][1].strip())):
        if is_blank:
            before = "\n\n"
        else:
            yield Piece("\n".join(line for _, (_, line) in group), kind, place, before=before)
            before = "\n"


def _signature(lines: Sequence[tuple[bool, str]]) -> int:
    """The number of the line that a signature begins with; that of lines where there is none."""
    begins = next((number for number, (_, line) in reversed(list(enumerate(lines))) if _SIGNATURE.fullmatch(line)), len(lines))
    length = sum(bool(line.strip()) and not is_quoted for is_quoted, line in lines[begins:])
    return begins if length <= _LONGEST_SIGNATURE else len(lines)

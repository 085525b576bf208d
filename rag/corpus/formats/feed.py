"""Feeds (RSS, RDF, Atom, CDF): an article an entry."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from xml.parsers import expat
from xml.sax import expatreader

import feedparser
import feedparser.api

from rag.corpus.charsets import decode_declared
from rag.corpus.decoding import decode, utf16
from rag.corpus.draft import Draft, Piece, put_together
from rag.corpus.formats import markup
from rag.errors import InputError
from rag.types import Fact, Facts, Provenance, Refusal

# Of the parsers that the library looks for, the one that Python has.
feedparser.api.PREFERRED_XML_PARSERS = [expatreader.__name__]
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*>")
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_FIRST_BYTES = 1_024
# With it go entities of the feed's own, which may be made to fill the memory; HTML's are known without it.
_DOCUMENT_TYPE = re.compile(r"((?>\s+|<\?.*?\?>|<!--.*?-->)*+)<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_MOST_NESTED = 500
_MARKUP = ("text/html", "application/xhtml+xml")


def read(data: bytes, name: str) -> Iterator[Draft | Refusal]:  # noqa: ARG001 - every reader is called alike
    """A draft for each entry that has a text, its content before its summary; one without is refused.

    A feed that is no sound XML is read as far as it can be, with a warning. Raises InputError for what is no feed, and where
    no entry is in it.
    """
    warnings: list[str] = []
    sound = _in_utf8(data, warnings)
    _check_depth(sound)
    try:
        # what is a stream is neither fetched nor opened
        feed = feedparser.parse(io.BytesIO(sound))
    # what the library raises for what it did not foresee, such as a character of a number too large
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(f"the feed is damaged, and cannot be read ({str(error)[:80]}); fetch it anew") from None
    if not feed.entries:
        raise InputError("there is no entry in the feed" if feed.version or feed.feed else "it is no feed, or it is damaged; fetch it anew")
    if feed.bozo:
        warnings.append(f"the feed is no sound XML ({str(feed.bozo_exception).rpartition(': ')[2][:80]}); look whether its entries are whole")
    seen: set[str] = set()
    for number, entry in enumerate(feed.entries, start=1):
        place = f"entry {number}"
        part = entry.get("id") or place
        part = place if part in seen else part
        seen.add(part)
        try:
            text, parts = put_together(_text(entry, place))
            if not text:
                raise InputError(f"the entry has no text{_way_out(entry)}")
        except InputError as error:
            yield Refusal(part, str(error))
        else:
            yield Draft(text, parts, _facts(entry, feed), part=part, warnings=tuple(warnings))


def _in_utf8(data: bytes, warnings: list[str]) -> bytes:
    """The feed in UTF-8, without what declares its encoding and its type."""
    text = _decoded(data, warnings).lstrip("\ufeff")
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :]
    if document_type := _DOCUMENT_TYPE.match(text):
        text = document_type[1] + text[document_type.end() :]
    # where entries have no other date, that of Dublin Core is when they were published; the library takes it for a change
    if "<item" in text and "<pubDate" not in text:
        text = text.replace("<dc:date>", "<pubDate>").replace("</dc:date>", "</pubDate>")
    return text.encode()


def _check_depth(data: bytes) -> None:
    """Raises InputError where elements are nested too deeply, as far as the feed is sound XML."""
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:  # noqa: ARG001 - what the parser calls
        nonlocal depth
        depth += 1
        if depth > _MOST_NESTED:
            raise InputError("its elements are nested too deeply; fetch the feed anew")

    def closed(name: str) -> None:  # noqa: ARG001
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    with suppress(expat.ExpatError):
        parser.Parse(data, True)


def _decoded(data: bytes, warnings: list[str]) -> str:
    declared = _DECLARED.search(data[:_FIRST_BYTES])
    if declared is None or utf16(data) or (_is_utf8(data) and not data.isascii()):
        return decode(data, warnings)
    return decode_declared(data, declared[1].decode("ascii"), warnings)


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, whatever it declares: many feeds say that they are Latin-1, and nothing else is UTF-8 by chance."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(entry: Any, place: str) -> list[Piece]:
    """The first of an entry's contents that has a text, else its summary."""
    for part in (*entry.get("content", ()), entry.get("summary_detail")):
        if part and (found := _pieces(part, place)):
            return found
    return []


def _pieces(part: Mapping[str, Any], place: str) -> list[Piece]:
    value = part.get("value", "").strip()
    if part.get("type") not in _MARKUP or not value:
        return [Piece(value, place=place)] if value else []
    return [replace(piece, place=place) for piece in markup.pieces(markup.parse(value))]


def _line(detail: Mapping[str, Any] | None) -> str:
    """A title in one line, without its marks."""
    try:
        return " ".join(" ".join(piece.text.split()) for piece in _pieces(detail, "")) if detail else ""
    except InputError:
        return ""


def _way_out(entry: Any) -> str:
    title, link = _line(entry.get("title_detail")), entry.get("link", "")
    return f"{f' but its title, {title[:80]!r}' if title else ''}{f'; add the page itself, {link[:200]}' if link else ''}"


def _facts(entry: Any, feed: Any) -> Facts:
    # only in Atom is a feed's author that of entries that name none
    authors = entry.get("authors") or (feed.feed.get("authors") if feed.version.startswith("atom") else None) or ()
    source = entry.get("source") or {}
    told = {
        "id": entry.get("id"),
        "title": _line(entry.get("title_detail")),
        "author": ", ".join(name for author in authors if (name := author.get("name", "")) and "@" not in name),
        "source": _line(source.get("title_detail")) or source.get("title") or _line(feed.feed.get("title_detail")),
        "published": entry.get("published"),
        # the library gives for it, where it is missing, when it was published
        "updated": dict.get(entry, "updated"),
        # the library gives the id for it where it is missing
        "url": link if (link := entry.get("link", "")) != entry.get("id") or link.startswith(("http://", "https://")) else "",
        "language": feed.feed.get("language"),
    }
    return Facts(**{name: Fact(value, Provenance.FEED) for name, value in told.items() if value})

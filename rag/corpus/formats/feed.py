"""Feeds (RSS, RDF, Atom, CDF): an article an entry."""

import io
import re
import xml.sax.expatreader
from collections.abc import Iterator
from typing import Any

import feedparser
import feedparser.api

from rag.corpus.charsets import decode_as
from rag.corpus.decoding import decode
from rag.corpus.draft import Draft, Facts, Piece, put_together
from rag.corpus.formats import markup
from rag.errors import InputError
from rag.types import Fact, Provenance, Refusal

_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*>")
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w.:-]+)")
_FIRST_BYTES = 1_024
# Entities of its own, which may be made to fill the memory, go with it; HTML's are known without it.
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_FIRST_ELEMENT = re.compile(r"<\w")
_MARKUP = ("text/html", "application/xhtml+xml")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?![A-Za-z])")


def read(data: bytes, name: str) -> Iterator[Draft | Refusal]:
    """A draft for each entry that has a text, its content before its summary; one without is refused.

    A feed that is no sound XML is read as far as it can be, with a warning. Raises InputError for what is no feed, and where
    no entry is in it.
    """
    warnings: list[str] = []
    feed = feedparser.parse(io.BytesIO(_sound(data, warnings)))
    if not feed.entries:
        raise InputError("there is no entry in the feed" if feed.version else "it is no feed, or is damaged")
    if feed.bozo:
        warnings.append(f"the feed is no sound XML ({str(feed.get('bozo_exception'))[:80]}); look whether the entry is whole")
    seen: set[str] = set()
    for number, entry in enumerate(feed.entries, start=1):
        part = entry.get("id") or f"entry {number}"
        if part in seen:
            part = f"entry {number}"
        seen.add(part)
        ...

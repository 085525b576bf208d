"""Web pages that a browser saved as one file (.mhtml, .mht): the page is the root part, and the rest is what it shows."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from rag.corpus.draft import Draft
from rag.corpus.formats.html import page_draft
from rag.errors import InputError
from rag.types import Fact, Facts, Provenance

_PAGES = ("text/html", "application/xhtml+xml")


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """The one draft of a saved page; its frames are left out.

    Where the page does not tell its address, it is where the file says that it was saved from, and where it has no title,
    that is the file's subject. The day that it was saved on is no date of publication. Raises InputError where the file has
    no page, and as the reader of web pages does.
    """
    try:
        saved = message_from_bytes(data)
        page = _root(saved)
    except RecursionError:
        raise InputError("the file is nested too deeply; save the page anew") from None
    body = page.get_payload(decode=True) if page else None
    if page is None or not isinstance(body, bytes):
        raise InputError("the file has no web page in it: it is damaged, or something else; save the page anew")
    draft = page_draft(body, page.get_content_charset(), _address(saved, page))
    yield replace(draft, facts=draft.facts.or_else(_subject(saved)))


def _root(saved: Message) -> Message | None:
    """The part that the file names as its root, else the first page in it."""
    pages = [part for part in saved.walk() if part.get_content_type() in _PAGES]
    start = saved.get_param("start")
    return next((page for page in pages if start and page["content-id"] == start), next(iter(pages), None))


def _address(saved: Message, page: Message) -> Facts:
    told = (page["content-location"], saved["snapshot-content-location"], saved["content-location"])
    address = next((line for value in told if (line := str(value or "").strip()).startswith(("http://", "https://"))), None)
    return Facts(url=Fact(address, Provenance.MAIL) if address else None)


def _subject(saved: Message) -> Facts:
    try:
        subject = " ".join(str(make_header(decode_header(saved["subject"] or ""))).split())
    except (HeaderParseError, LookupError, ValueError):
        subject = ""
    return Facts(title=Fact(subject, Provenance.MAIL) if subject else None)

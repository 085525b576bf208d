"""PDF: its text line by line, each with its page and its box there, and what its properties say of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath
from unicodedata import combining, east_asian_width

import pypdfium2

from rag.corpus.draft import Draft, Member, Piece, put_together
from rag.corpus.formats import pdf_pages
from rag.corpus.formats.pdf_columns import reading_order
from rag.corpus.formats.pdf_furniture import furniture
from rag.corpus.formats.pdf_lines import HYPHENS
from rag.corpus.formats.pdf_pages import Page
from rag.corpus.formats.pdf_paragraphs import Paragraph, paragraphs, stitched, text_size
from rag.corpus.formats.properties import stated_author, stated_language, stated_title
from rag.errors import InputError
from rag.types import Fact, Facts, Kind, Provenance, Refusal

_OCR = "run it through text recognition (OCR) and add what that makes"
# More unknown characters than one in so many are told, and so many pages without text.
_SOME_IN, _MOST_NAMED = 20, 10
# Fewer characters than this show nothing.
_FEW = 30
_DASHED = re.compile(r"(?:\w[–—/]|\d-|:/?/)$")
_AS_LARGE = 0.95
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")


def read(data: bytes, name: str) -> Iterator[Draft | Member | Refusal]:
    """The document as one draft; each line of it is a part.

    A sentence that a page's end parts is whole: running heads and feet, captions and footnotes stand behind the paragraph that they
    interrupt. A hyphen at a line's end stays, with the line's end behind it, which tells it from other hyphens. Raises InputError where
    the document is damaged, protected by a password, or too long, and where it has no text or none that can be told.
    """
    with pdf_pages.opened(data) as document:
        count = len(document)
        pages = list(pdf_pages.read_pages(document))
        facts = _facts(document, PurePath(name).stem)
    if not pages:
        raise InputError(pdf_pages.DAMAGED.format("none of its pages can be read"))
    warnings = tuple(_warnings(pages, count))
    found = list(_paragraphs(pages))
    text, parts = put_together(piece for paragraph in found for piece in _pieces(paragraph))
    if not text:
        raise InputError(f"the PDF has no text layer, only pictures or nothing at all; {_OCR}")
    yield Draft(text, parts, facts if facts.title else replace(facts, title=_headline(found)), warnings=warnings)


def _paragraphs(pages: Sequence[Page]) -> Iterator[Paragraph]:
    """The document's paragraphs, what is at the pages' edges among them."""
    size = text_size(line for page in pages for line in page.lines)
    edges = furniture(pages, size)
    if all(len(edge) == len(page.lines) for edge, page in zip(edges, pages, strict=True)):
        edges = [set() for _ in pages]  # there is nothing else
    found: list[Paragraph] = []
    for page, edge in zip(pages, edges, strict=True):
        found += paragraphs(reading_order([line for at, line in enumerate(page.lines) if at not in edge]), size)
        around = reading_order([line for at, line in enumerate(page.lines) if at in edge])
        found += (Paragraph((line,), Kind.PAGE_FURNITURE) for line in around)
    return stitched(found)


def _pieces(paragraph: Paragraph) -> Iterator[Piece]:
    """The lines of a paragraph: a blank line before the first, before each other a space, or what joins it to what it goes on with."""
    texts = [line.text for line in paragraph.lines]
    befores = ["\n\n", *(_between(text, following) for text, following in pairwise(texts))]
    for line, text, before in zip(paragraph.lines, texts, befores, strict=True):
        yield Piece(text, paragraph.kind, f"page {line.page}", line.box, before)


def _between(text: str, following: str) -> str:
    """What stands between two lines of a paragraph: nothing where a dash or a stroke stands there that was not put there to divide a word."""
    if _DASHED.search(text):
        return "" if not combining(following[0]) else " "
    if text.endswith(HYPHENS):
        return "\n"
    # Chinese and Japanese have no spaces
    wide = all(east_asian_width(letter) in "WF" and not combining(letter) and not _HANGUL.match(letter) for letter in (text[-1], following[0]))
    return "" if wide else " "


def _warnings(pages: Sequence[Page], count: int) -> Iterator[str]:
    """What of the document could not be read. Raises InputError where that is most of it."""
    tallies = [page.tally for page in pages]
    characters, unknown = sum(tally.characters for tally in tallies), sum(tally.unknown for tally in tallies)
    unmapped, letters = sum(tally.unmapped for tally in tallies), sum(tally.letters for tally in tallies)
    if 2 * unknown > characters or (2 * unmapped > characters and 3 * letters < unmapped and unmapped > _FEW):
        raise InputError(f"the PDF's fonts do not say which characters they show, so its text cannot be told; {_OCR}")
    if _SOME_IN * max(unknown, unmapped) > characters:
        yield f"{max(unknown, unmapped):,} of its {characters:,} characters may be wrong: its fonts do not say what they are"
    if len(pages) < count:
        yield f"{count - len(pages)} of its {count} pages are damaged and were left out"
    pictures = [str(page.number) for page in pages if page.picture]
    if pictures and len(pictures) < len(pages):
        more = ", …" if len(pictures) > _MOST_NAMED else ""
        yield f"pages without text, only pictures: {', '.join(pictures[:_MOST_NAMED])}{more}"


def _facts(document: pypdfium2.PdfDocument, stem: str) -> Facts:
    title = _readable(stated_title(pdf_pages.told(document, "Title")))
    return Facts(
        title=title if title and title.value.casefold() != stem.casefold() else None,
        author=_readable(stated_author(pdf_pages.told(document, "Author"))),
        language=stated_language(pdf_pages.language(document)),
    )


def _readable(stated: Fact | None) -> Fact | None:
    """What is stated, if it has letters: what is damaged or encoded otherwise has none, or characters that cannot be shown."""
    return stated if stated and any(map(str.isalpha, stated.value)) and stated.value.isprintable() else None


def _headline(found: Sequence[Paragraph]) -> Fact | None:
    """The heading on the first page that is larger than any other of the document."""
    headings = sorted((paragraph for paragraph in found if paragraph.kind is Kind.HEADING), key=lambda heading: -heading.first.style.size)
    if not headings or headings[0].first.page > 1 or any(other.first.style.size > _AS_LARGE * headings[0].first.style.size for other in headings[1:]):
        return None
    return Fact(" ".join(line.text for line in headings[0].lines), Provenance.GUESSED)

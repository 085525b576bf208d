"""What PDFium tells of a document: its pages with their lines, its properties, and why it cannot be read. Whatever is opened is closed here."""

import ctypes
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from rag.corpus.formats.pdf_characters import Tally, read_lines
from rag.corpus.formats.pdf_lines import Line, Sides
from rag.errors import InputError

_REASONS = {
    raw.FPDF_ERR_PASSWORD: "the PDF is password-protected; save it without its password and add that",
    raw.FPDF_ERR_SECURITY: "the PDF is password-protected in a way that is not known here; save it without its protection and add that",
}
DAMAGED = "the PDF is damaged: {}; open it in a viewer and save or print it to a new PDF"
# Some ten seconds' work for the longest document.
_MOST_PAGES, _MOST_CHARACTERS = 10_000, 1_500_000
# A line's shadow is nearer to it than so many times the font's size; of many lines alike the last few are looked at.
_SHADOW, _MOST_SHADOWS = 0.3, 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in PDFium's order; `number` counts from 1, `sides` are of the page itself, `picture` is whether it has an image and no line."""

    number: int
    sides: Sides
    lines: tuple[Line, ...]
    tally: Tally
    picture: bool


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document. Raises InputError where it is damaged or protected by a password."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # PDFium finds no error in a document without a page
        reason = "it has no pages" if error.err_code == raw.FPDF_ERR_SUCCESS else "its structure cannot be read"
        raise InputError(_REASONS.get(error.err_code, DAMAGED.format(reason))) from None
    with closing(document):
        yield document


def language(document: pypdfium2.PdfDocument) -> str:
    """What the document says of its language, such as "en-GB"; empty where it does not."""
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace")


def told(document: pypdfium2.PdfDocument, name: str) -> str:
    """A property of the document, on one line; empty where there is none, or none that is Unicode."""
    try:
        value: str = document.get_metadata_value(name)
    except UnicodeDecodeError:
        return ""
    return " ".join(value.replace("\0", "").split())


def read_pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    """The pages that PDFium can load. Raises InputError where there are too many pages or characters."""
    count = len(document)
    if count > _MOST_PAGES:
        raise InputError(f"the PDF has {count:,} pages; the most is {_MOST_PAGES:,}: split it and add its parts")
    left = _MOST_CHARACTERS
    for number in range(1, count + 1):
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            continue
        with closing(page):
            read = _read_page(page, number, left)
        if read is not None:
            left -= read.tally.characters
            yield read


def _read_page(page: pypdfium2.PdfPage, number: int, most: int) -> Page | None:
    try:
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return None
    with closing(text_page):
        if raw.FPDFText_CountChars(text_page) > most:
            raise InputError(f"the PDF has over {_MOST_CHARACTERS:,} characters; split it and add its parts")
        tally = Tally()
        lines = tuple(_without_shadows(read_lines(text_page.raw, number, tally)))
    picture = not lines and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    return Page(number, Sides(*page.get_bbox()), lines, tally, picture)


def _without_shadows(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines without those that were drawn twice almost in one place, as letters are made bold or given a shadow."""
    drawn: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        same = drawn[line.text]
        near = _SHADOW * line.style.size
        if not any(abs(line.base - other.base) < near and abs(line.sides.left - other.sides.left) < near for other in same[-_MOST_SHADOWS:]):
            same.append(line)
            yield line

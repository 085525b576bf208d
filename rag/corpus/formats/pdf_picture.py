"""A page of a PDF (.pdf) as a picture."""

import io
from contextlib import closing

import pypdfium2
from PIL import Image

from rag.corpus.formats import pdf_pages
from rag.corpus.formats.pdf_lines import Sides
from rag.corpus.picture import Picture
from rag.errors import InputError

# the longer side, in pixels; a small page is made larger, but no more than so many times
_MOST_PIXELS, _MOST_TIMES = 1_600, 4.0

# It reads its formats when it first writes one, and whoever reads documents can open no file then.
Image.preinit()


def drawn(data: bytes, number: int) -> Picture:
    """The page of that number, which counts from 1. Raises InputError where there is no such page, or it cannot be read."""
    with pdf_pages.opened(data) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise InputError(f"it has no page {number}; its last is {count}")
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            raise InputError(f"its page {number} is damaged") from None
        with closing(page):
            return Picture(_png(page), count, Sides(*page.get_bbox()), page.get_rotation() // 90)


def _png(page: pypdfium2.PdfPage) -> bytes:
    written = io.BytesIO()
    with closing(page.render(scale=min(_MOST_TIMES, _MOST_PIXELS / max(page.get_size())))) as bitmap:
        bitmap.to_pil().save(written, "PNG")
    return written.getvalue()

"""Web pages (.html, .htm): the article's words as trafilatura finds them, each line with its place on the page."""

import logging
from collections.abc import Iterator

from lxml import html
from trafilatura import extract
from trafilatura.external import jt_stoplist_init

from rag.corpus.canonical_text import canonical
from rag.corpus.draft import Draft
from rag.corpus.formats.page_decoding import decode_page
from rag.corpus.formats.page_facts import page_facts
from rag.corpus.formats.page_kinds import kinds
from rag.corpus.formats.page_places import places, xpaths
from rag.corpus.formats.page_tree import page_tree
from rag.errors import InputError
from rag.types import NOTHING_TOLD, Facts, Part, Span

_MOST_BYTES = 20_000_000

# It reads these lists when it first needs them, and whoever reads documents can open no file then.
jt_stoplist_init()
# They log each page in which they find nothing, which is told in a refusal.
for _library in ("trafilatura", "htmldate", "charset_normalizer"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


def read(data: bytes, name: str) -> Iterator[Draft]:  # noqa: ARG001 - every reader is called alike
    """The one draft of a web page. Raises InputError where it has no article text, is too large, or is nested too deeply."""
    yield page_draft(data)


def page_draft(data: bytes, charset: str | None = None, told: Facts = NOTHING_TOLD) -> Draft:
    """A page as a draft.

    From outside are `charset`, an encoding that goes before what the page declares, and `told`, facts for what the page does
    not tell. The text is canonical and else that of trafilatura, without comments, and each of its lines is a part, with the XPath
    of the innermost block that has its words, empty where none has all of them. Raises InputError as `read` does.
    """
    if len(data) > _MOST_BYTES:
        raise InputError(f"the page is larger than {_MOST_BYTES:,} bytes; save the part of it that you need")
    source, warnings = decode_page(data, charset)
    page = page_tree(source)
    text = canonical(_extracted(source) or _extracted(html.tostring(page, encoding="unicode")))
    if not text:
        raise InputError("the page has no article text; if a script writes it, save the page from a browser that shows it")
    return Draft(text, _parts(text, page), page_facts(page, source, told), warnings=warnings)


def _extracted(source: str) -> str:
    """The article's text; empty where there is none, or the page has too few elements to be taken for one."""
    return extract(source, include_comments=False, include_tables=True, include_formatting=False, deduplicate=False) or ""


def _parts(text: str, page: html.HtmlElement) -> tuple[Part, ...]:
    """Each line of the text, without the blanks around it, what it is, and where the page has it."""
    spans = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip(" \t")
        if bare:
            first = start + line.index(bare[0])
            spans.append(Span(first, first + len(bare)))
        start += len(line) + 1
    lines = [span.of(text) for span in spans]
    elements = places(lines, page)
    found = zip(spans, kinds(lines, elements), xpaths(elements), strict=True)
    return tuple(Part(span, kind, place) for span, kind, place in found)

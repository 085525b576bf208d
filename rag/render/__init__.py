"""Answers, hits and reports for people and programs. What is escaped is escaped in this room and nowhere else: one file a format."""

from rag.render.atom_feed import briefing_atom
from rag.render.bibtex_entries import bibtex
from rag.render.briefing_formats import BRIEFING_FORMATS
from rag.render.csl_items import csl_json
from rag.render.formats import FORMATS
from rag.render.html_elements import escaped
from rag.render.html_page import html_document
from rag.render.json_objects import (
    answer_json,
    article_json,
    briefing_json,
    conversation_json,
    edition_json,
    edition_text_json,
    filters_json,
    hits_json,
    listed_json,
    overview_json,
    parts_json,
    status_json,
    timestamp,
    to_json,
)
from rag.render.links import article_link, find_link, safe_url, text_fragment
from rag.render.markdown_text import markdown
from rag.render.parts import nearest
from rag.render.plain_text import answer_text, edition_text, editions_text, hits_text, listed_text, overview_text, parts_text, quoted, status_text
from rag.render.printable import PrintableLog, PrintableStream, printable
from rag.render.quotation import Quotation, quotations
from rag.render.story_parts import briefing_title
from rag.render.words import (
    GAP,
    MAY_NOT_ANSWER,
    citation,
    cited,
    confidence_words,
    copies_text,
    counted,
    day_text,
    earlier_text,
    filters_text,
    more_near,
    origins_text,
    page_numbers,
    pages,
    published_text,
    reason,
    searched_text,
    unconfirmed,
    unread,
)

__all__ = [
    "BRIEFING_FORMATS",
    "FORMATS",
    "GAP",
    "MAY_NOT_ANSWER",
    "PrintableLog",
    "PrintableStream",
    "Quotation",
    "answer_json",
    "answer_text",
    "article_json",
    "article_link",
    "bibtex",
    "briefing_atom",
    "briefing_json",
    "briefing_title",
    "citation",
    "cited",
    "confidence_words",
    "conversation_json",
    "copies_text",
    "counted",
    "csl_json",
    "day_text",
    "earlier_text",
    "edition_json",
    "edition_text",
    "edition_text_json",
    "editions_text",
    "escaped",
    "filters_json",
    "filters_text",
    "find_link",
    "hits_json",
    "hits_text",
    "html_document",
    "listed_json",
    "listed_text",
    "markdown",
    "more_near",
    "nearest",
    "origins_text",
    "overview_json",
    "overview_text",
    "page_numbers",
    "pages",
    "parts_json",
    "parts_text",
    "printable",
    "published_text",
    "quotations",
    "quoted",
    "reason",
    "safe_url",
    "searched_text",
    "status_json",
    "status_text",
    "text_fragment",
    "timestamp",
    "to_json",
    "unconfirmed",
    "unread",
]

"""A briefing as an Atom feed (RFC 4287), which newsletters and feed readers take."""

import re
import uuid
from datetime import UTC, date, datetime, time

from lxml import etree

from rag.render.json_objects import filters_json, timestamp, to_json
from rag.render.links import safe_url
from rag.render.story_parts import StoryPart, briefing_notes, briefing_title, story_parts
from rag.types import Article, Briefing

_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
# what no XML may hold (XML 1.0, section 2.2); all else of a text is kept
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def briefing_atom(briefing: Briefing, base: str | None = None, address: str | None = None) -> bytes:
    """The stories as the entries of a feed, UTF-8; `base` is as for `story_parts`, `address` where the feed itself is, where that is known.

    An entry keeps its id as long as one article leads its story and has the text that it has now.
    """
    feed = etree.Element(_name("feed"), nsmap={None: _ATOM})
    filters = briefing.searched.filters
    _text(feed, "id", _urn(f"briefing {address or ''} {'newest' if briefing.is_newest else to_json(filters_json(filters))}"))
    _text(feed, "title", briefing_title(briefing))
    _text(feed, "subtitle", " ".join(briefing_notes(briefing)))
    _text(feed, "updated", max((_updated(story.article, story.arrived) for story in briefing.stories), default=_moment(filters.after)))
    _text(etree.SubElement(feed, _name("author")), "name", "Pullquote")
    if address:
        etree.SubElement(feed, _name("link"), rel="self", type="application/atom+xml", href=address)
    for part in story_parts(briefing, base):
        _add_entry(feed, part)
    written: bytes = etree.tostring(feed, encoding="UTF-8", xml_declaration=True, pretty_print=False)
    return written


def _add_entry(feed: etree._Element, part: StoryPart) -> None:
    article = part.article
    entry = etree.SubElement(feed, _name("entry"))
    _text(entry, "id", _urn(f"article {article.id} {article.sha256}"))
    _text(entry, "title", article.title)
    _text(entry, "updated", _updated(article, part.arrived))
    if article.published:
        _text(entry, "published", _moment(article.published))
    _text(etree.SubElement(entry, _name("author")), "name", article.author or article.source or "unknown")
    # of one relation, two links of one kind may not stand in an entry
    for relation, link in (("alternate", part.link or safe_url(part.url)), ("via", part.link and safe_url(part.url))):
        if link:
            etree.SubElement(entry, _name("link"), rel=relation, href=link)
    _add_content(entry, part)


def _add_content(entry: etree._Element, part: StoryPart) -> None:
    """The sentences, each a quotation, then who says so and who tells it too."""
    content = etree.SubElement(entry, _name("content"), type="xhtml")
    block = etree.SubElement(content, f"{{{_XHTML}}}div", nsmap={None: _XHTML})
    for sentence in part.sentences:
        quotation = etree.SubElement(block, f"{{{_XHTML}}}blockquote")
        _paragraph(quotation, sentence.text)
        _paragraph(block, sentence.place, sentence.link)
    _paragraph(block, " · ".join(part.byline))
    for named in (part.others, part.copies):
        if named:
            _paragraph(block, f"{named[0]}: {'; '.join(named[1:])}")


def _paragraph(block: etree._Element, text: str, link: str | None = None) -> None:
    paragraph = etree.SubElement(block, f"{{{_XHTML}}}p")
    inside = etree.SubElement(paragraph, f"{{{_XHTML}}}a", href=link) if link else paragraph
    inside.text = _xml(text)


def _text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _name(name)).text = _xml(text)


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _xml(text: str) -> str:
    """The text, with a sign in place of each of the few characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"pullquote {name}").urn


def _updated(article: Article, arrived: datetime | None) -> str:
    """Of an undated article when its text came in: a reader of feeds passes over what is as old as 1970."""
    return timestamp(arrived) if arrived and not article.published else _moment(article.published)


def _moment(day: date | None) -> str:
    """The day's first second; what is of none a feed has to write as of some day."""
    return timestamp(datetime.combine(day or date(1970, 1, 1), time(tzinfo=UTC)))

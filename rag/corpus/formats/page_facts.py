"""What a web page tells of its article: in data made for programs first, the surest first, and then to its readers."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from htmldate import find_date
from htmldate.extractors import get_external_parser, month_words
from lxml import html
from trafilatura.metadata import extract_author, extract_title

from rag.corpus.canonical_text import TITLE_CHARS, URL_CHARS
from rag.corpus.dates import possible_days
from rag.corpus.header import written
from rag.corpus.language import language_code
from rag.types import Fact, Facts, Provenance

# Where each fact is told, the surest first: keys of an article in JSON-LD, names of OpenGraph, and those of other `meta` elements
# and of microdata ("itemprop."). Colons are read as full stops. A bare `date`, a site's own date and that of a change date no article.
_JSON_LD = {
    "title": ("headline", "name"),
    "author": ("author", "creator"),
    "source": ("publisher",),
    "published": ("datePublished",),
    "updated": ("dateModified",),
    "url": ("mainEntityOfPage", "url"),
    "language": ("inLanguage",),
}
_OPENGRAPH = {
    "title": ("og.title",),
    "source": ("og.site_name",),
    "published": ("article.published_time", "og.article.published_time", "og.published_time"),
    "updated": ("article.modified_time", "og.article.modified_time", "og.updated_time"),
    "author": ("article.author", "og.article.author"),
    "url": ("og.url",),
}
_META = {
    "title": ("citation_title", "itemprop.headline", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "twitter.title"),
    "author": ("citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "author", "byl"),
    "source": ("citation_journal_title", "dc.publisher", "dcterms.publisher", "application-name"),
    "published": (
        *("citation_publication_date", "citation_online_date", "citation_date", "itemprop.datepublished"),
        *("dc.date.issued", "dcterms.issued", "dc.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date"),
        *("parsely-pub-date", "sailthru.date", "datepublished", "pubdate", "publishdate", "publish-date", "publish_date"),
        *("publication_date", "publication-date", "article.published"),
    ),
    "updated": ("itemprop.datemodified", "dc.date.modified", "dcterms.modified", "dc.modified"),
    "url": ("link.canonical",),
    # a page's own attribute is surer than what a site says once for all of its pages
    "language": ("html.lang", "content-language", "dc.language", "og.locale"),
}
_ARTICLE = re.compile(r"(?!Job)\w*(?:Article|Posting)|Report")
_AROUND_JSON = re.compile(r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[)?|(?://)?\s*(?:-->|\]\]>)?[\s;]*$")
_MOST_NESTED = 6
_BY = re.compile(r"by\s+", re.IGNORECASE)
# what systems write where they have no date
_NO_DAY = "1970-01-01"
# Browsers say it above a page that they save.
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{4}\)(https?://\S+) -->")
_SAVED_WITHIN = 2_000

# They load words, zones and a module when they first need them, and whoever reads documents can open no file then.
month_words()
for _date_text in ("3 qqqq 2020", "3 May 2020 10:00"):
    get_external_parser().get_date_data(_date_text)
datetime.strptime("2020", "%Y").astimezone()


def page_facts(page: html.HtmlElement, source: str, outside: Facts) -> Facts:
    """The facts that a page, whose source is given too, tells of its article, and those told from `outside` where it tells none.

    What several places tell is taken from the surest whose value can be used. A date that nothing but htmldate found, and
    a title or source that only the page's looks tell, are GUESSED; an author who is named only to readers is BYLINE.
    """
    told = _Told(page, source)
    source_name = told.first("source", _name)
    site = source_name.value if source_name else ""
    facts = Facts(
        title=told.first("title", lambda value: _title(value, site)),
        author=told.author(),
        source=source_name,
        published=told.first("published", _date),
        updated=told.first("updated", _date),
        url=told.first("url", _page_address) or outside.url or told.first("url", _address),
        language=told.first("language", language_code),
    ).or_else(outside)
    return facts.or_else(_guessed(page, facts))


def _guessed(page: html.HtmlElement, told: Facts) -> Facts:
    """What the page's looks tell of facts that are not told."""
    author = None if told.author else extract_author(page)
    address = told.url.value if told.url else None
    host = (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
    return Facts(
        title=None if told.title else _shown_title(page),
        author=Fact(author, Provenance.BYLINE) if author else None,
        source=Fact(host, Provenance.GUESSED) if host else None,
        published=None if told.published else _guessed_date(page, address),
    )


def _shown_title(page: html.HtmlElement) -> Fact | None:
    title = _title(extract_title(page) or "", "")
    element = page.find(".//title")
    named = element is not None and title == _one_line(element.text_content())
    return Fact(title, Provenance.META if named else Provenance.GUESSED) if title else None


def _guessed_date(page: html.HtmlElement, address: str | None) -> Fact | None:
    day = find_date(page, original_date=True, url=address)
    # of a year alone it makes the first of January
    return Fact(day, Provenance.GUESSED) if day and not day.endswith("-01-01") else None


class _Told:
    """What a page tells in data made for programs."""

    def __init__(self, page: html.HtmlElement, source: str) -> None:
        self._meta = _meta(page, source)
        addresses = {_compared(value) for name in ("link.canonical", "og.url") for value in self._meta[name]}
        self._articles = _articles(page, addresses)

    def first(self, fact: str, usable: Callable[[str], str | None]) -> Fact | None:
        """The first value of a fact that is usable, as `usable` gives it back."""
        return next((Fact(value, place) for raw, place in self._values(fact) if (value := usable(raw))), None)

    def author(self) -> Fact | None:
        """All authors that the surest place names."""
        for names, place in self._all("author"):
            if author := written([name for raw in names if (name := _author(raw))]):
                return Fact(author, place)
        return None

    def _values(self, fact: str) -> Iterator[tuple[str, Provenance]]:
        return ((value, place) for values, place in self._all(fact) for value in values)

    def _all(self, fact: str) -> Iterator[tuple[Sequence[str], Provenance]]:
        for article in self._articles:
            for key in _JSON_LD[fact]:
                yield [*_texts(article.get(key), address=fact == "url")], Provenance.JSON_LD
        for names, place in ((_OPENGRAPH, Provenance.OPENGRAPH), (_META, Provenance.META)):
            for name in names.get(fact, ()):
                yield self._meta[name], place


def _meta(page: html.HtmlElement, source: str) -> defaultdict[str, list[str]]:
    """The values of `meta` elements and the like by their names in small letters."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for element in page.iter("meta"):
        for attribute, prefix in (("property", ""), ("name", ""), ("http-equiv", ""), ("itemprop", "itemprop.")):
            if name := element.get(attribute):
                found[prefix + name.strip().lower().replace(":", ".")].append(element.get("content", ""))
    for element in page.iterfind(".//*[@itemprop]"):
        if element.tag != "meta" and _is_of_article(element):
            shown = element.get("datetime") or element.get("content") or element.text_content()
            found[f"itemprop.{element.get('itemprop', '').lower()}"].append(shown)
    # articles in a list have each their own
    for name in ("itemprop.headline", "itemprop.datepublished", "itemprop.datemodified"):
        if len({value[:10] if "date" in name else value for value in found[name]}) > 1:
            del found[name]
    found["link.canonical"] += [link.get("href", "") for link in page.iter("link") if "canonical" in link.get("rel", "").lower().split()]
    found["link.canonical"] += _SAVED_FROM.findall(source[:_SAVED_WITHIN])
    found["html.lang"].append(page.get("lang") or page.get("{http://www.w3.org/XML/1998/namespace}lang") or page.get("xml:lang") or "")
    return found


def _is_of_article(element: html.HtmlElement) -> bool:
    """Whether the thing of microdata that the element tells of is an article, or not said to be something else."""
    scope = next((outer for outer in element.iterancestors() if outer.get("itemscope") is not None), None)
    return scope is None or _is_article(scope.get("itemtype", "Article"))


def _is_article(type: str) -> bool:
    return bool(_ARTICLE.fullmatch(type.strip().rpartition("/")[2]))


def _articles(page: html.HtmlElement, addresses: set[str]) -> list[dict[str, Any]]:
    """The descriptions in JSON-LD of the page's article; none where they are of several, and none of them is the page's by its address."""
    found = []
    for script in page.iter("script"):
        if "ld+json" in script.get("type", "").lower():
            try:
                value = json.loads(_AROUND_JSON.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue
            found += [thing for thing in _things(value, _MOST_NESTED) if any(_is_article(type) for type in _texts(thing.get("@type")))]
    own = [article for article in found if addresses & {_compared(url) for key in _JSON_LD["url"] for url in _texts(article.get(key), address=True)}]
    titles = {written(article.get("headline") or article.get("name")) for article in found}
    return own or (found if len(titles) < 2 else [])


def _things(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth:
        for item in value:
            yield from _things(item, depth - 1)
    elif isinstance(value, dict) and depth:
        yield value
        yield from _things(value.get("@graph"), depth - 1)
        yield from _things(value.get("mainEntity"), depth - 1)


def _texts(value: object, *, address: bool = False) -> Iterator[str]:
    """The texts of a value in JSON-LD, which may be one, a list, or a thing with a name, or with an address where that is wanted."""
    keys = ("@id", "url") if address else ("name", "alternateName")
    for item in value if isinstance(value, list) else [value]:
        said = next((item[key] for key in keys if item.get(key)), None) if isinstance(item, dict) else item
        if text := written(said):
            yield unescape(text)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _title(value: str, site: str) -> str | None:
    """The title, without the site's name at its end; None where it is none or too long."""
    title = _one_line(unescape(value))
    if site:
        title = re.sub(rf"(?<=\S)\s+[-|–—·•:»]\s+{re.escape(site)}$", "", title, flags=re.IGNORECASE)
    return title if 0 < len(title) <= TITLE_CHARS else None


def _name(value: str) -> str | None:
    """A name, if it is no address."""
    name = _one_line(unescape(value))
    return name if 0 < len(name) <= TITLE_CHARS and not name.lower().startswith(("http:", "https:", "www.")) else None


def _author(value: str) -> str | None:
    name = _name(_BY.sub("", value.strip(), count=1) if _BY.match(value.strip()) else value)
    return None if name is None or "@" in name else name


def _date(value: str) -> str | None:
    """The value, if it can mean one day only."""
    days = possible_days(value)
    return value.strip() if len(days) == 1 and days[0].isoformat() != _NO_DAY else None


def _address(value: str) -> str | None:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return None
    return value.strip() if parts.scheme in ("http", "https") and parts.netloc and len(value) <= URL_CHARS else None


def _page_address(value: str) -> str | None:
    """The address, if it is that of more than a site: some sites give their own for each of their pages."""
    address = _address(value)
    return address if address and (urlsplit(address).path.strip("/") or urlsplit(address).query) else None


def _compared(value: str) -> str:
    """An address as it is compared: without scheme, "www." and fragment."""
    return value.strip().partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")

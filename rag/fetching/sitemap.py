"""Sitemaps: the addresses of a site's pages, or of its other sitemaps (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from rag.errors import InputError
from rag.fetching.content_encoding import gunzipped

# the protocol's own bounds
MOST_ADDRESSES = 50_000
MOST_BYTES = 50_000_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses as they are written there, each once and in order; `sitemaps` are those of an index."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(data: bytes) -> Sitemap:
    """A sitemap or an index of sitemaps, also compressed by gzip. Raises InputError for what is neither, is damaged, or has too much."""
    found: dict[str, dict[str, None]] = {"url": {}, "sitemap": {}}
    try:
        for kind, address in _places(_unpacked(data)):
            found[kind][address] = None
            if sum(map(len, found.values())) > MOST_ADDRESSES:
                raise InputError(f"the sitemap has more than {MOST_ADDRESSES:,} addresses, which is the most; add the ones that you need")
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"the sitemap cannot be read ({error}); add the addresses of the pages themselves") from None
    return Sitemap(tuple(found["url"]), tuple(found["sitemap"]))


def _unpacked(data: bytes) -> bytes:
    unpacked = bytearray()
    for piece in gunzipped([data]) if data.startswith(_GZIP) else [data]:
        unpacked += piece
        if len(unpacked) > MOST_BYTES:
            raise InputError(f"the sitemap has more than {MOST_BYTES:,} bytes, which is the most; add the addresses of the pages themselves")
    return bytes(unpacked)


def _places(data: bytes) -> Iterator[tuple[str, str]]:
    """Each address and what it is of. Addresses of images and videos stand in other places, or under other names."""
    events = etree.iterparse(BytesIO(data), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    path: list[str] = []
    for event, element in events:
        name = etree.QName(element).localname
        if event == "start":
            path.append(name)
            if len(path) == 1 and name not in ("urlset", "sitemapindex"):
                raise ValueError(f"it begins with {name[:40]!a}, where a sitemap has urlset or sitemapindex")
            continue
        if path in (["urlset", "url", "loc"], ["sitemapindex", "sitemap", "loc"]) and element.text and element.text.strip():
            yield path[1], element.text.strip()
        path.pop()
        # what was read is not needed, and a sitemap has many of it
        element.clear()

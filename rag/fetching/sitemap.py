"""Sitemaps: the addresses of a site's pages, or of its other sitemaps (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from rag.errors import InputError
from rag.fetching.content_encoding import gunzipped

# the protocol's own bounds
MOST_ADDRESSES = 50_000
MOST_BYTES = 50_000_000
# far more than any extension of the protocol has
_DEEPEST = 100
_PIECE = 65_536
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses as they are written there, each once and in order; `sitemaps` are those of an index."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(data: bytes) -> Sitemap:
    """A sitemap or an index of sitemaps, also compressed by gzip. Raises InputError for what is neither, is damaged, or has too much."""
    places = _Places()
    # what has a target builds no tree: there may be millions of elements
    parser = etree.XMLParser(target=places, resolve_entities=False, load_dtd=False, no_network=True)
    try:
        for piece in _unpacked(data):
            parser.feed(piece)
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"the sitemap cannot be read ({str(error).splitlines()[0]}); add the addresses of the pages themselves") from None
    return Sitemap(tuple(places.found["urlset", "url", "loc"]), tuple(places.found["sitemapindex", "sitemap", "loc"]))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """In pieces, since the parser refuses a long text that it gets as a whole."""
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
    size = 0
    for piece in gunzipped(pieces) if data.startswith(_GZIP) else pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes, which is the most")
        yield piece


class _Places:
    """Takes what the parser comes upon. Addresses of images and videos stand in other places, or under other names."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], dict[str, None]] = {("urlset", "url", "loc"): {}, ("sitemapindex", "sitemap", "loc"): {}}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - as the parser calls it
        name = tag.rpartition("}")[2]
        if not self._path and name not in ("urlset", "sitemapindex"):
            raise ValueError(f"it begins with {name[:40]!a}, where a sitemap has urlset or sitemapindex")
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise ValueError("it is nested too deeply")
        self._text.clear()

    def data(self, text: str) -> None:
        self._text.append(text)

    def end(self, tag: str) -> None:  # noqa: ARG002 - as the parser calls it
        addresses = self.found.get(tuple(self._path))
        address = "".join(self._text).strip()
        if addresses is not None and address:
            addresses[address] = None
            if len(addresses) > MOST_ADDRESSES:
                raise ValueError(f"it has more than {MOST_ADDRESSES:,} addresses, which is the most")
        self._path.pop()
        self._text.clear()

    def close(self) -> None:
        pass

"""Sitemaps: the addresses of a site's pages, or of its other sitemaps (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from rag.corpus.draft import Address
from rag.errors import InputError

# the protocol's own bounds
MOST_ADDRESSES = 50_000
MOST_BYTES = 50_000_000
# far more than any extension of the protocol has
_DEEPEST = 100
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Addresses as they are written there, each once and in order; `sitemaps` are those of an index."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read(data: bytes, name: str) -> Iterator[Address]:  # noqa: ARG001 - every reader is called alike
    """The addresses of other sitemaps and of pages. Raises InputError as `read_sitemap` does, and where there is none."""
    found = read_sitemap(data)
    if not found.pages and not found.sitemaps:
        raise InputError("there is no address in the sitemap")
    for url in (*found.sitemaps, *found.pages):
        yield Address(url)


def read_sitemap(data: bytes) -> Sitemap:
    """A sitemap or an index of sitemaps. Raises InputError for what is neither, is damaged, or has too much."""
    places = _Places()
    # what has a target builds no tree: there may be millions of elements
    parser = etree.XMLParser(target=places, resolve_entities=False, load_dtd=False, no_network=True)
    try:
        for piece in _pieces(data):
            parser.feed(piece)
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"the sitemap cannot be read ({str(error).splitlines()[0]}); add the addresses of the pages themselves") from None
    return Sitemap(tuple(places.found["urlset", "url", "loc"]), tuple(places.found["sitemapindex", "sitemap", "loc"]))


def _pieces(data: bytes) -> Iterator[bytes]:
    """The data in pieces, since the parser refuses a long text that it gets as a whole."""
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes, which is the most")
    return (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))


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

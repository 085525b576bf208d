"""Sitemaps: the addresses of a site's pages."""

from collections.abc import Iterator

from rag.corpus.draft import Address
from rag.errors import InputError
from rag.fetching.sitemap import read_sitemap


def read(data: bytes, name: str) -> Iterator[Address]:  # noqa: ARG001 - every reader is called alike
    """The addresses of the pages, and of other sitemaps, in its order. Raises InputError where there is none, or it is damaged."""
    found = read_sitemap(data)
    if not found.pages and not found.sitemaps:
        raise InputError("there is no address in the sitemap")
    for url in (*found.sitemaps, *found.pages):
        yield Address(url)

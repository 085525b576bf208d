"""Sitemaps and indexes of them, and what a hostile one is refused for."""

import resource

import pytest

from rag.corpus.formats.sitemap import Sitemap, read_sitemap
from rag.errors import InputError

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*addresses, root="urlset", entry="url", before=""):
    entries = "".join(f"<{entry}><loc>{address}</loc><lastmod>2022-10-19</lastmod></{entry}>" for address in addresses)
    return f'<?xml version="1.0"?>{before}<{root} {NAMESPACE}>{entries}</{root}>'.encode()


def test_pages_are_listed_once_in_order_and_as_they_are_written():
    data = sitemap("https://news.example/b?c=1&amp;d=2", " https://news.example/a\n", "https://news.example/b?c=1&amp;d=2", "", "/relative")
    assert read_sitemap(data) == Sitemap(("https://news.example/b?c=1&d=2", "https://news.example/a", "/relative"), ())


def test_an_index_lists_sitemaps():
    data = sitemap("https://news.example/1.xml", "https://news.example/2.xml.gz", root="sitemapindex", entry="sitemap")
    assert read_sitemap(data) == Sitemap((), ("https://news.example/1.xml", "https://news.example/2.xml.gz"))


def test_what_is_not_a_page_is_left_out():
    image = (
        '<image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><image:loc>https://news.example/a.png</image:loc></image:image>'
    )
    link = '<xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" rel="alternate" href="https://news.example/de"/>'
    data = f"<urlset {NAMESPACE}><!-- a --><url><loc>https://news.example/a</loc>{image}{link}<?b?></url><sitemap><loc>https://news.example/s</loc></sitemap></urlset>"
    assert read_sitemap(data.encode()) == Sitemap(("https://news.example/a",), ())


ENCODED = {
    "UTF-16": sitemap("https://news.example/ä").decode().replace("?>", ' encoding="utf-16"?>').encode("utf-16"),
    "Latin-1": sitemap("https://news.example/ä").decode().replace("?>", ' encoding="iso-8859-1"?>').encode("latin-1"),
    "no namespace": sitemap("https://news.example/ä").replace(NAMESPACE.encode(), b""),
    "CDATA": sitemap("https://news.example/<![CDATA[ä]]>"),
    "a mark at its beginning": b"\xef\xbb\xbf" + sitemap("https://news.example/ä"),
}


@pytest.mark.parametrize("how", ENCODED)
def test_it_is_read_however_it_is_encoded(how):
    assert read_sitemap(ENCODED[how]).pages == ("https://news.example/ä",)


def test_fifty_thousand_addresses_are_read_and_no_more():
    addresses = [f"https://news.example/{n}" for n in range(50_000)]
    assert len(read_sitemap(sitemap(*addresses)).pages) == 50_000
    with pytest.raises(InputError, match="more than 50,000 addresses"):
        read_sitemap(sitemap(*addresses, "https://news.example/a"))


BOMB = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'>" + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


UNREADABLE = {
    "nothing": (b"", "cannot be read"),
    "no text": (b"\x00", "cannot be read"),
    "no XML": (b"https://news.example/a\n", "cannot be read"),
    "a page": (b"<html><body><url><loc>https://news.example/</loc></url></body></html>", "it begins with 'html'"),
    "a feed": (b"<rss><channel/></rss>", "it begins with 'rss'"),
    "cut": (sitemap("https://news.example/")[:-5], "cannot be read"),
    "a bomb": (b"<urlset>" + b" " * 50_000_000, "more than 50,000,000 bytes"),
    "nested": (f"<urlset>{'<url>' * 100_000}".encode(), "it is nested too deeply"),
}


@pytest.mark.parametrize("how", UNREADABLE)
def test_what_is_no_sitemap_or_too_much_of_one_is_refused(how):
    data, reason = UNREADABLE[how]
    with pytest.raises(InputError, match=reason):
        read_sitemap(data)


def test_an_entity_that_multiplies_is_refused():
    with pytest.raises(InputError, match="amplification"):
        read_sitemap(sitemap("https://news.example/&j;", before=BOMB))


def test_an_entity_from_outside_stands_for_nothing():
    assert read_sitemap(sitemap("https://news.example/&a;", before=OUTSIDE)).pages == ("https://news.example/",)


def test_millions_of_elements_take_no_room():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_sitemap(b"<urlset>" + b"<a/>" * 1_000_000 + b"</urlset>") == Sitemap()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB

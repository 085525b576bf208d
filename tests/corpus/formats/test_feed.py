import pytest

from rag.corpus.draft import Draft
from rag.corpus.formats.feed import read
from rag.errors import InputError
from rag.types import Kind, Provenance

from . import tables

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The &amp;amp; Daily</title><language>en-GB</language>{items}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">The &lt;b&gt;Daily&lt;/b&gt;</title>
<author><name>The Desk</name></author>{items}</feed>"""


@pytest.mark.parametrize(("name", "expected"), tables.expectations("feed"))
def test_each_file_gives_what_was_written_down_of_it(name, expected):
    assert tables.told(read, tables.file("feeds", name), name) == expected


def rss(items, encoding="utf-8", written=None):
    return list(read(RSS.format(items=items, encoding=encoding).encode(written or encoding), "feed.xml"))


def facts(draft):
    return {name: fact.value for name in draft.facts.__slots__ if (fact := getattr(draft.facts, name))}


def test_an_entry_is_read_with_what_the_feed_says_of_it():
    (draft,) = rss(
        "<item><title>Bridge &lt;i&gt;opens&lt;/i&gt;</title><link>https://example.org/bridge</link><guid isPermaLink='false'>bridge-1</guid>"
        "<dc:creator>Jane Roe</dc:creator><pubDate>Tue, 05 Jan 2021 10:00:00 +0100</pubDate><description>Short.</description>"
        "<content:encoded><![CDATA[<p>It <b>opened</b>.</p><h2>Cost</h2><script>x()</script>"
        "<figure><img src='a.png'><figcaption>The bridge.</figcaption></figure>"
        "<table><tr><th>Town<th>Year<tr><td>Orrin<td>1540</table>]]></content:encoded></item>"
    )
    assert facts(draft) == {
        "id": "bridge-1", "title": "Bridge opens", "author": "Jane Roe", "source": "The & Daily", "published": "Tue, 05 Jan 2021 10:00:00 +0100",
        "url": "https://example.org/bridge", "language": "en-GB",
    }  # fmt: skip
    assert draft.facts.published.told_by is Provenance.FEED
    assert draft.part == "bridge-1"
    assert [(part.kind, part.place, part.span.of(draft.text)) for part in draft.parts] == [
        (Kind.BODY, "entry 1", "It opened."),
        (Kind.HEADING, "entry 1", "Cost"),
        (Kind.CAPTION, "entry 1", "The bridge."),
        (Kind.TABLE_ROW, "entry 1", "Town: Orrin, Year: 1540."),
    ]


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{}"><channel><title>The Daily</title></channel>{}</rdf:RDF>'
ITEM = "<item><title>Bridge</title><link>https://example.org/b</link><description>It &amp;amp; opened.</description></item>"
ENTRY = (
    '<entry><title>Bridge</title><link rel="alternate" type="text/html" href="https://example.org/b"/>'
    '<content type="text/html" mode="escaped">It &amp;amp; opened.</content></entry>'
)
CDF_ITEM = '<ITEM HREF="https://example.org/b"><TITLE>Bridge</TITLE><ABSTRACT>It &amp;amp; opened.</ABSTRACT></ITEM>'
NETSCAPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'


@pytest.mark.parametrize(
    "feed",
    [
        RDF.format("http://my.netscape.com/rdf/simple/0.9/", ITEM),
        RDF.format("http://purl.org/rss/1.0/", ITEM.replace("<item>", "<item rdf:about='https://example.org/b'>")),
        f'{NETSCAPE}<rss version="0.91"><channel><title>The Daily</title>{ITEM}</channel></rss>',
        f'<?xml version="1.0"?>{NETSCAPE}<rss version="0.92"><channel><title>The Daily</title>{ITEM}</channel></rss>',
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>The Daily</title>{ENTRY}</feed>',
        f"<CHANNEL><TITLE>The Daily</TITLE>{CDF_ITEM}</CHANNEL>",
    ],
)
def test_feeds_of_every_form_are_read(feed):
    (draft,) = read(feed.encode(), "feed")
    told = [fact and fact.value for fact in (draft.facts.title, draft.facts.url, draft.facts.source)]
    assert (draft.text, told, draft.warnings) == ("It & opened.", ["Bridge", "https://example.org/b", "The Daily"], ())


def test_an_atom_entry_takes_the_feeds_author_and_names_where_it_was_taken_from():
    first, second = read(
        ATOM.format(
            items="<entry><id>urn:1</id><title>A</title><published>2021-01-05T10:00:00Z</published><updated>2021-02-01T10:00:00Z</updated>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>Two.</p></div></content></entry>"
            "<entry><id>urn:1</id><title>B</title><author><name>Jane Roe</name></author><author><name>John Roe</name></author>"
            "<source><title>The Other</title></source><summary>Three &lt; four.</summary></entry>"
        ).encode(),
        "feed",
    )
    assert facts(first) == {
        "id": "urn:1", "title": "A", "author": "The Desk", "source": "The Daily",
        "published": "2021-01-05T10:00:00Z", "updated": "2021-02-01T10:00:00Z", "language": "en",
    }  # fmt: skip
    assert (first.text, second.text) == ("One.\n\nTwo.", "Three < four.")
    assert (second.facts.author.value, second.facts.source.value) == ("Jane Roe, John Roe", "The Other")
    # two entries never have one name
    assert (first.part, second.part) == ("urn:1", "entry 2")


@pytest.mark.parametrize(
    ("dates", "published", "updated"),
    [
        ("<dc:date>2021-01-05T10:00:00+01:00</dc:date>", "2021-01-05T10:00:00+01:00", None),
        ("<pubDate>Tue, 05 Jan 2021 10:00:00 GMT</pubDate><dc:date>2021-02-01</dc:date>", "Tue, 05 Jan 2021 10:00:00 GMT", "2021-02-01"),
        ("", None, None),
    ],
)
def test_a_date_of_dublin_core_is_when_an_entry_was_published_unless_another_is(dates, published, updated):
    (draft,) = rss(f"<item><description>It opened.</description>{dates}</item>")
    assert (facts(draft).get("published"), facts(draft).get("updated")) == (published, updated)


@pytest.mark.parametrize(
    ("declared", "written", "text"),
    [
        ("koi8-r", "koi8-r", "Мост открыт."),
        ("Shift_JIS", "cp932", "①橋は開通した。"),
        ("iso-2022-jp", "iso-2022-jp", "橋は開通した。"),
        ("utf-16", "utf-16", "Мост открыт."),
        ("iso-8859-1", "utf-8", "The café “opened”."),
        ("utf-8", "cp1252", "The café opened."),
    ],
)
def test_letters_are_those_that_the_feed_shows_or_declares(declared, written, text):
    (draft,) = rss(f"<item><description>{text}</description></item>", declared, written)
    assert draft.text == text


def test_letters_that_are_not_certain_are_refused():
    with pytest.raises(InputError, match="UTF-8"):
        rss("<item><description>Мост</description></item>", "utf-8", "koi8-r")


def test_a_feed_that_is_cut_off_is_read_with_a_warning():
    whole = RSS.format(encoding="utf-8", items="<item><description>One &nbsp; two.</description></item><item><description>Three")
    first, second = read(whole.partition("</channel>")[0].encode(), "feed")
    assert first.text == "One \u00a0 two."
    assert "no sound XML (undefined entity)" in first.warnings[0]
    # of what is not whole nothing is taken
    assert (second.origin, second.reason) == ("entry 2", "the entry has no text")


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
        f'<!ENTITY j "{"ha" * 50_000}">',
        '<!ENTITY j SYSTEM "file:///etc/hostname">',
        '<!-- <x --><!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p; <!ENTITY j "ha">',
    ],
)
def test_entities_of_the_feeds_own_are_not_resolved(subset):
    items = "<item><description>One." + "&j;" * 10_000 + "</description></item>"
    (draft,) = read(f"<?xml version='1.0'?><!-- <a --><!DOCTYPE rss [{subset}]><rss><channel>{items}</channel></rss>".encode(), "feed")
    assert draft.text.startswith("One.")
    assert "ha" not in draft.text
    assert len(draft.text) < 50_000


def test_a_feed_that_looks_like_an_address_is_not_fetched():
    with pytest.raises(InputError, match="no feed"):
        list(read(b"http://127.0.0.1:1/feed.xml", "feed"))


def test_what_the_library_cannot_read_is_refused():
    with pytest.raises(InputError, match="the feed is damaged"):
        rss("<item><description>One &#99999999999; two.</description></item>")


def test_a_feed_that_is_nested_too_deeply_is_refused():
    with pytest.raises(InputError, match="nested too deeply"):
        rss("<item>" + "<a>" * 100_000)


def test_an_entry_that_is_nested_too_deeply_is_refused_and_the_others_are_read():
    deep = f"<item><guid>deep</guid><description>{'&lt;div&gt;' * 5_000}Text.</description></item>"
    items = rss(f"{deep}<item><description>One.</description></item>")
    assert [item.text if isinstance(item, Draft) else (item.origin, item.reason[:34]) for item in items] == [
        ("deep", "its elements are nested too deeply"),
        "One.",
    ]


def test_an_entry_without_a_text_is_refused_by_name():
    (refused,) = rss("<item><title>Bridge</title><link>https://example.org/b</link><description> <![CDATA[<img src='x'>]]> </description></item>")
    assert refused.reason == "the entry has no text but its title, 'Bridge'; add the page itself, https://example.org/b"

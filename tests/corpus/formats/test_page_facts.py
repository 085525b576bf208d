import json

import pytest

from rag.corpus.formats.html import read
from rag.types import Fact, Provenance
from tests.corpus.formats.pages import ALL, page

JSON_LD, OPENGRAPH, META, BYLINE, GUESSED = (
    Provenance.JSON_LD,
    Provenance.OPENGRAPH,
    Provenance.META,
    Provenance.BYLINE,
    Provenance.GUESSED,
)
DAY, OTHER = "2021-05-03T18:30:00+02:00", "2019-01-02"


def facts(head="", body=ALL, **options):
    (draft,) = read(page(body, f"<title>A bridge | The Orrin Daily</title>{head}", **options), "page.html")
    return draft.facts


def json_ld(value):
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(name, content, attribute="name"):
    return f'<meta {attribute}="{name}" content="{content}">'


ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "A bridge", "datePublished": DAY}


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x", "datePublished": OTHER}, ARTICLE]},
        {"@type": "WebPage", "datePublished": OTHER, "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Thing", "BlogPosting"]},
        {**ARTICLE, "@type": "http://schema.org/ReportageNewsArticle"},
    ],
)
def test_json_ld_of_an_article_goes_before_all_else(value):
    told = facts(json_ld(value) + meta("article:published_time", OTHER, "property") + meta("dc.date", OTHER))
    assert (told.published, told.title) == (Fact(DAY, JSON_LD), Fact("A bridge", JSON_LD))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jane Roe", "Jane Roe"),
        (["Jane Roe", "John Doe"], "Jane Roe, John Doe"),
        ({"@type": "Person", "name": "Jane Roe"}, "Jane Roe"),
        ([{"@type": "Person", "name": "Jane Roe"}, {"@type": "Organization", "name": "Staff"}], "Jane Roe, Staff"),
        ({"@type": "Person", "name": ["Jane Roe", "John Doe"]}, "Jane Roe, John Doe"),
        ("By Jane Roe &amp; John Doe", "Jane Roe & John Doe"),
    ],
)
def test_authors_in_json_ld(author, name):
    assert facts(json_ld({**ARTICLE, "author": author})).author == Fact(name, JSON_LD)


def test_all_that_json_ld_tells():
    address = "https://example.org/bridge"
    value = ARTICLE | {"dateModified": OTHER, "publisher": {"name": "The Orrin Daily"}, "mainEntityOfPage": {"@id": address}, "inLanguage": "de-AT"}
    told = facts(json_ld(value))
    assert [told.updated, told.source, told.url, told.language] == [
        Fact(OTHER, JSON_LD),
        Fact("The Orrin Daily", JSON_LD),
        Fact(address, JSON_LD),
        Fact("de", JSON_LD),
    ]


@pytest.mark.parametrize(
    "head",
    [
        json_ld({"@type": "WebSite", "datePublished": DAY}),
        json_ld({"@type": "WebPage", "datePublished": DAY}),
        json_ld({"@type": "JobPosting", "datePublished": DAY}),
        json_ld({**ARTICLE, "datePublished": None, "dateModified": DAY}),
        json_ld([ARTICLE, {**ARTICLE, "headline": "A mill", "datePublished": OTHER}]),
        json_ld({"@type": "ItemList", "itemListElement": [ARTICLE]}),
        json_ld({**ARTICLE, "datePublished": "10/11/2022"}),
        json_ld({**ARTICLE, "datePublished": "1970-01-01T00:00:00Z"}),
        meta("article:modified_time", DAY, "property"),
        meta("date", DAY),
        meta("dcterms.modified", DAY),
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-05-03",}</script>',
        "<meta itemscope itemtype='https://schema.org/Comment'>",
    ],
)
def test_what_does_not_date_an_article_leaves_its_date_to_guesses(head):
    published = facts(head).published
    assert published is None or published.told_by is GUESSED


def test_of_several_articles_that_of_the_pages_address_counts():
    other = {**ARTICLE, "headline": "A mill", "datePublished": OTHER, "url": "https://example.org/mill"}
    own = {**ARTICLE, "url": "https://www.example.org/bridge/"}
    told = facts(json_ld([other, own]) + '<link rel="canonical" href="https://example.org/bridge">')
    assert (told.title, told.published) == (Fact("A bridge", JSON_LD), Fact(DAY, JSON_LD))


@pytest.mark.parametrize(
    ("head", "told_by"),
    [
        (meta("article:published_time", DAY, "property"), OPENGRAPH),
        (meta("citation_publication_date", "2021/05/03"), META),
        (meta("DC.date.issued", "2021-05-03"), META),
        (meta("parsely-pub-date", DAY), META),
        (meta("sailthru.date", "Mon, 03 May 2021 16:30:00 +0000"), META),
        (meta("datePublished", DAY, "itemprop"), META),
    ],
)
def test_dates_told_in_other_data(head, told_by):
    published = facts(head).published
    assert (published.told_by, published.value in head) == (told_by, True)


def test_a_time_of_microdata_counts_where_it_is_of_an_article():
    time = f'<time itemprop="datePublished" datetime="{DAY}">May</time>'
    assert facts(body=ALL + time).published == Fact(DAY, META)
    comment = facts(body=f'{ALL}<div itemscope itemtype="https://schema.org/Comment">{time}</div>').published
    assert comment is None or comment.told_by is GUESSED


def test_a_date_that_is_only_seen_is_guessed_and_a_year_alone_is_none():
    assert facts(body=f"{ALL}<p class=date>May 3, 2021</p>").published == Fact("2021-05-03", GUESSED)
    assert facts(body=f"{ALL}<p>© 2018</p>").published is None


def test_a_title_is_without_the_sites_name():
    head = meta("og:title", "A bridge | The Orrin Daily", "property") + meta("og:site_name", "The Orrin Daily", "property")
    told = facts(head)
    assert (told.title, told.source) == (Fact("A bridge", OPENGRAPH), Fact("The Orrin Daily", OPENGRAPH))


def test_what_is_only_shown():
    told = facts(body=f'<article><h1>A bridge opens</h1><p class="byline">By Jane Roe</p>{ALL}</article>')
    assert (told.title, told.author) == (Fact("A bridge opens", GUESSED), Fact("Jane Roe", BYLINE))


def test_an_address_of_the_site_alone_goes_after_that_of_the_page():
    head = json_ld({**ARTICLE, "mainEntityOfPage": "https://example.org/"}) + '<link rel="canonical" href="https://example.org/bridge">'
    assert facts(head).url == Fact("https://example.org/bridge", META)


def test_the_source_is_guessed_by_the_address():
    assert facts('<link rel="canonical" href="https://www.example.org/bridge">').source == Fact("example.org", GUESSED)


def test_where_a_browser_saved_it_from():
    saved = facts(html="<!-- saved from url=(0026)https://example.org/bridge -->\n<html>")
    assert (saved.url, saved.language) == (Fact("https://example.org/bridge", META), None)

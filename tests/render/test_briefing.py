"""A briefing in every form: its words are the articles', literal, and nothing in it is anybody else's markup."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import feedparser
import pytest
from hypothesis import given, settings
from lxml import etree

from rag import article, render
from rag.types import Briefing, Filters, Searched, Span, Story
from tests.render.answers import HOSTILE, folded, naughty, pandoc, texts
from tests.render.test_html import checked

DAY = date(2024, 5, 2)
ATOM = {"a": "http://www.w3.org/2005/Atom", "h": "http://www.w3.org/1999/xhtml"}
BASE = "https://desk.example/"
TEXT = "Two ferries collided in fog. Fourteen people were hurt. Nobody drowned."


def made(id="ferry", title="Ferries collide", text=TEXT, **facts):
    return article(id, title, text, **{"source": "The Herald", "author": "The Herald's desk", "published": DAY, **facts})


def told(*stories, **facts):
    articles = sum(story.articles for story in stories)
    return Briefing(stories, facts.pop("total", len(stories)), Searched(articles, articles, DAY, DAY, 0, Filters(after=DAY)), **facts)


def story(of=None, *sentences, **facts):
    of = of or made()
    return Story(of, sentences or (Span(0, 28), Span(29, 55)), **facts)


def written(name, briefing, base=None):
    return render.BRIEFING_FORMATS[name].written(briefing, base)


def feed(briefing, base=BASE):
    """The feed as a strict parser reads it, and as the library for feeds does."""
    text = written("atom", briefing, base)
    read = feedparser.parse(text.encode())
    assert not read.bozo
    assert read.version == "atom10"
    return etree.fromstring(text.encode()), read


def test_a_reader_of_plain_text_gets_headline_sentences_and_who_tells_it_too():
    other = made("post", "Ferry crash", source="Evening Post", published=None)
    copy = made("wire", "Ferries collide", source="Coast Wire")
    assert written("text", told(story(others=(other,), copies=(copy,)))) == (
        "Stories since 2024-05-02\n\n1 story in 3 articles.\n\n"
        "Ferries collide\nThe Herald · The Herald's desk · 2024-05-02 · ferry\n"
        "    Two ferries collided in fog.\n    characters 0-28\n    Fourteen people were hurt.\n    characters 29-55\n"
        "also told by 1 article: Ferry crash (Evening Post, undated)\n"
        "also in 1 copy of this story: Ferries collide (Coast Wire, 2024-05-02)\n\n"
        "Read 3 articles (3 passages), 2024-05-02 to 2024-05-02; filters: from 2024-05-02."
    )


def test_a_briefing_says_of_which_days_it_is():
    of = told(story())

    def title(after, before, **facts):
        return render.briefing_title(replace(of, searched=replace(of.searched, filters=Filters(after, before)), **facts))

    assert title(DAY, DAY, is_newest=True) == "The newest stories: 2024-05-02"
    assert title(DAY, DAY) == "Stories of 2024-05-02"
    assert title(DAY, date(2024, 5, 4)) == "Stories from 2024-05-02 to 2024-05-04"
    assert title(DAY, None) == "Stories since 2024-05-02"


def test_what_is_not_shown_is_counted_and_silence_has_its_reason():
    of = told(story(), story(made("other")), total=40)
    of = replace(of, searched=replace(of.searched, articles=1_050), left_out=50)
    assert "40 stories in 1,000 articles, of which 2 are shown; 50 older articles of these days are left out." in written("text", of)
    assert "No article is left by the filters (from 2024-05-02). Widen or lift them." in written("text", told())
    assert "The archive is empty." in written("text", Briefing((), 0, Searched(0, 0, None, None, 0)))


def test_a_page_stands_alone_and_links_to_the_desk_where_that_is_known():
    of = story(made(url="https://herald.example/ferry"), others=(made("post", "Ferry crash"),))
    page = checked(written("html", told(of)))
    assert [text for _, text in page.all("h2")] == ["Ferries collide"]
    assert [attributes["href"] for attributes, _ in page.all("a")] == ["https://herald.example/ferry"]
    links = [attributes["href"] for attributes, _ in checked(written("html", told(of), BASE)).all("a")]
    assert links[0].startswith(f"{BASE}article?id=ferry&sha256=")
    assert links[0].endswith("&start=0&end=28#marked")
    assert links[2].endswith("&start=29&end=55#marked")


def test_every_form_has_every_sentence_as_it_stands():
    of = told(story())
    for name in render.BRIEFING_FORMATS:
        text = written(name, of)
        assert "Two ferries collided in fog" in text
        assert "Nobody drowned" not in text
    sentences = json.loads(written("json", of))["stories"][0]["sentences"]
    assert sentences == [{"text": TEXT[:28], "start": 0, "end": 28}, {"text": TEXT[29:55], "start": 29, "end": 55}]


def test_a_feed_reader_gets_an_entry_a_story():
    undated = story(made("b", "Another", published=None, author=None, source=None))
    root, read = feed(told(story(made(url="https://herald.example/ferry")), undated))
    assert (read.feed.title, read.feed.updated) == ("Stories since 2024-05-02", "2024-05-02T00:00:00Z")
    first, second = read.entries
    assert (first.title, first.author, first.updated) == ("Ferries collide", "The Herald's desk", "2024-05-02T00:00:00Z")
    assert first.link.startswith(f"{BASE}article?id=ferry&sha256=")
    assert {link.rel: link.href for link in first.links}["via"] == "https://herald.example/ferry"
    assert [found.text for found in root.findall(".//h:blockquote/h:p", ATOM)][:2] == [TEXT[:28], TEXT[29:55]]
    assert (second.author, second.title) == ("unknown", "Another")
    # RFC 4287, 4.1: what a feed and each of its entries has exactly once
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1
        assert element.findall("a:author/a:name", ATOM)


def test_an_entry_keeps_its_id_and_a_corrected_article_gets_another():
    ids = [feed(told(story(of)), base)[1].entries[0].id for of in (made(), made(), made(text=f"{TEXT} It rained.")) for base in (None, BASE)]
    assert ids[0] == ids[1] == ids[2] == ids[3] != ids[4] == ids[5]
    assert ids[0].startswith("urn:uuid:")


def test_an_empty_feed_is_one():
    _, read = feed(told())
    assert read.entries == []
    assert read.feed.updated == "2024-05-02T00:00:00Z"
    assert read.feed.id


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_literal_in_a_page_and_a_feed(hostile):
    of = made(text=f"{hostile} It rained.", title=f"A {hostile}", source=hostile)
    briefing = told(Story(of, (Span(0, len(of.text)),), others=(of,)))
    assert folded(of.text) in folded(" ".join(text for _, text in checked(written("html", briefing, BASE)).all("p")))
    root, read = feed(briefing)
    assert root.find(".//h:blockquote/h:p", ATOM).text == of.text
    assert root.find("a:entry/a:title", ATOM).text == of.title
    assert {etree.QName(each).localname for each in root.iter()} <= {
        "feed", "id", "title", "subtitle", "updated", "published", "author", "name", "entry", "link", "content", "div", "blockquote", "p", "a",
    }  # fmt: skip
    assert len(read.entries) == 1


def test_an_undated_story_of_a_feed_is_as_new_as_its_text():
    root, _ = feed(told(story(made(published=None), arrived=datetime(2026, 11, 27, 3, tzinfo=UTC)), story(made("b"))))
    assert [one.text for one in root.findall("a:entry/a:updated", ATOM)] == ["2026-11-27T03:00:00Z", "2024-05-02T00:00:00Z"]
    assert root.find("a:updated", ATOM).text == "2026-11-27T03:00:00Z"
    assert len(root.findall("a:entry/a:published", ATOM)) == 1


@settings(max_examples=30)
@given(texts)
def test_any_text_is_literal_in_a_feed(text):
    of = made(text=text)
    root, _ = feed(told(Story(of, (Span(0, len(of.text)),))))
    assert root.find(".//h:blockquote/h:p", ATOM).text == of.text


def test_naughty_strings_make_no_feed_invalid(shared):
    stories = [Story(made(f"n{number}", text=text), (Span(0, len(text)),)) for number, text in enumerate(naughty(shared))]
    _, read = feed(told(*stories))
    assert len(read.entries) == len(stories)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_literal_in_markdown(hostile):
    of = made(text=f"{hostile} It rained.", title=f"A {hostile}")
    briefing = told(Story(of, (Span(0, len(of.text)),)))
    plain = pandoc(written("markdown", briefing), "gfm", "plain", "--wrap=none")
    assert folded(of.title) in folded(plain)

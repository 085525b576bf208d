"""An article's address, sent and opened alone: the words that it names are marked and in sight, whatever became of the article."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, Span, article, render
from rag.types import Kind, Part
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, answered, ask, patient, served, visit
from tests.web.test_access import findings
from tests.web.test_doors import call
from tests.web.test_hostile import ALIEN, bundles, folded, made

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
FILLER = "\n\n".join(f"The ferry to the island sailed {n} times that year, and the harbour was dredged." for n in range(2, 60))
CAPTION, NOTE = "A photograph of the lighthouse.", "Correction: an earlier text gave another year."
WORDS = "The lighthouse at Cape Arle was painted red in 1932"
TEXT = f"{CAPTION}\n\n{FILLER}\n\n{WORDS}, and the keeper of Cape Arle lived there.\n\n{NOTE}\n\n{FILLER}"
EARLIER = f"The lighthouse at Cape Arle was painted blue.\n\n{FILLER}"
FACTS = {"source": "The Daily", "author": "A Reporter", "published": date(2022, 10, 19), "url": "https://news.example/arle?a=1&b=2"}


def lighthouse(text=TEXT):
    one = article("cape/arle", "The lighthouse at Cape Arle", text, **FACTS)
    named = ((CAPTION, Kind.CAPTION), (NOTE, Kind.CORRECTION))
    return replace(one, parts=tuple(Part(at(one, words), kind) for words, kind in named if words in text))


def at(one, words):
    start = one.text.index(words)
    return Span(start, start + len(words))


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        archive.add([lighthouse(EARLIER)])
        archive.add([lighthouse(), article("near", "Lights at Cape Arle", f"{FILLER}\n\nThe keeper moved to Cape Arle.", source="The Weekly")])
        archive.add([made(number, texts) for number, texts in enumerate(bundles()[:40])])
    return folder / "index"


@pytest.fixture(scope="module")
def articles(index):
    with Archive.open(index, Settings(), HashingEncoder(), read_only=True) as archive:
        return {one.id: one for one in archive.articles()}


@pytest.fixture(scope="module")
def address(index):
    with served(index, index.parent / "log", program=HASHING) as found:
        yield found


@pytest.fixture
def sheet(browser):
    """A page of its own, without scripts."""
    context = patient(browser.new_context(viewport=WIDE, java_script_enabled=False))
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_link_to_words_opens_their_article_at_them(browser, address, articles, size):
    one = articles["cape/arle"]
    context = patient(browser.new_context(viewport=size))
    page = context.new_page()
    alarms = []
    page.on("console", lambda line: alarms.append(line.text))
    page.goto(f"{address}/{render.article_link(one, at(one, WORDS))}")
    expect(page.get_by_role("heading", level=1)).to_have_text(one.title)
    assert page.locator("h1").count() == 1
    expect(page.locator(".cite").first).to_contain_text("The Daily · A Reporter · 2022-10-19 · characters ")
    expect(page.locator("mark")).to_have_text(WORDS)
    # a browser scrolls there in its own time
    expect(page.locator("mark")).to_be_in_viewport(ratio=1)
    box = page.locator("mark").bounding_box()
    assert 0 < box["y"] < size["height"] - box["height"]
    assert page.evaluate("scrollY") > 500
    assert page.locator(".text").evaluate("node => node.textContent") == one.text
    expect(page.locator(".furniture").first).to_have_text(CAPTION)
    expect(page.locator(".told", has_text="correction note")).to_contain_text(NOTE)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [finding for finding in findings(page) if finding[0] in ("serious", "critical")] == []
    assert page.locator("script").count() == 0
    assert alarms == []
    context.close()


def test_it_leads_to_the_page_that_it_was_read_from_to_related_stories_and_to_searches(sheet, address, articles):
    one = articles["cape/arle"]
    sheet.goto(f"{address}/{render.article_link(one, at(one, WORDS))}")
    original = sheet.get_by_role("link", name="Original page").get_attribute("href")
    assert original == f"{FACTS['url']}#:~:text=The%20lighthouse%20at%20Cape%20Arle%20was%20painted%20red%20in%201932"
    keyword = sheet.locator(".keywords a", has_text="Cape Arle")
    assert keyword.get_attribute("href") == render.find_link("Cape Arle")
    sheet.get_by_role("link", name="Lights at Cape Arle").click()
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Lights at Cape Arle")
    assert sheet.locator("mark").count() == 0


def test_several_words_may_be_marked(sheet, address, articles):
    one = articles["cape/arle"]
    sheet.goto(f"{address}/{render.article_link(one, at(one, WORDS), at(one, 'the keeper of Cape Arle'))}")
    expect(sheet.locator("mark")).to_have_text([WORDS, "the keeper of Cape Arle"])
    # as somebody writes it who has the offsets alone
    span = at(one, WORDS)
    sheet.goto(f"{address}/article?{urlencode({'id': one.id, 'start': span.start, 'end': span.end})}")
    expect(sheet.locator("mark")).to_have_text(WORDS)


def test_words_of_an_earlier_text_are_shown_in_it(sheet, address, articles):
    before = lighthouse(EARLIER)
    sheet.goto(f"{address}/{render.article_link(before, at(before, 'painted blue'))}")
    expect(sheet.locator("mark")).to_have_text("painted blue")
    expect(sheet.locator(".told")).to_contain_text("This article has changed since: this is the text that was quoted.")
    sheet.get_by_role("link", name="Read its present text").click()
    expect(sheet.locator(".text")).to_contain_text(WORDS)
    assert sheet.locator(".told", has_text="has changed").count() == 0


def test_it_prints_with_the_marked_words_and_without_the_ways_on(sheet, address, articles):
    one = articles["cape/arle"]
    sheet.goto(f"{address}/{render.article_link(one, at(one, WORDS))}")
    sheet.emulate_media(media="print")
    expect(sheet.get_by_text(FACTS["url"])).to_be_visible()
    for part in ("nav", "aside"):
        expect(sheet.locator(part).first).to_be_hidden()
    edge, colour = sheet.locator("mark").evaluate("node => [getComputedStyle(node).borderBottomStyle, getComputedStyle(document.body).color]")
    assert (edge, colour) == ("solid", "rgb(0, 0, 0)")


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 404, "has no article with this address"),
        ({"id": "unknown"}, 404, "has no article with this address"),
        ({"id": "cape/arle", "sha256": "0" * 64, "start": "1", "end": "2"}, 404, "does not have the text that was quoted any more"),
        ({"id": "cape/arle", "start": "1"}, 400, "have no beginning or no end"),
        ({"id": "cape/arle", "start": "2", "end": "1"}, 400, "have no beginning or no end"),
        ({"id": "cape/arle", "start": "-1", "end": "9"}, 400, "have no beginning or no end"),
        ({"id": "cape/arle", "start": "1", "end": "9" * 5_000}, 400, "have no beginning or no end"),
        ({"id": "cape/arle", "start": "1", "end": "99999999"}, 400, "names words beyond the article"),
        ({"id": "cape/arle", "at": "<script>alert(1)</script>"}, 400, "have no beginning or no end"),
    ],
)
def test_an_address_that_leads_nowhere_says_why_and_where_to_go(sheet, address, fields, status, said):
    answer = sheet.goto(f"{address}/article?{urlencode(fields)}")
    assert answer.status == status
    expect(sheet.get_by_role("heading", level=1)).to_have_text("Nothing to show at this address")
    expect(sheet.get_by_text(said)).to_be_visible()
    assert sheet.get_by_role("link", name="Ask the articles").get_attribute("href") == "./"
    if fields.get("sha256"):
        sheet.get_by_role("link", name="Read the article’s present text").click()
        expect(sheet.locator(".text")).to_contain_text(WORDS)


def test_a_link_to_a_quote_and_to_what_a_reader_selects_is_copied(browser, address, articles):
    one = articles["cape/arle"]
    with visit(browser, address, WIDE, permissions=["clipboard-read", "clipboard-write"]) as page:

        def copied(button):
            button.click()
            expect(page.locator("#status")).to_have_text("The link is copied.")
            page.locator("#status").evaluate("line => { line.textContent = ''; }")
            return page.evaluate("navigator.clipboard.readText()")

        card = ask(page, "When was the lighthouse at Cape Arle painted red?").locator(".card", has_text="painted red").first
        words = card.locator(".words").first.text_content()
        card.locator(".menu summary").click()
        link = copied(card.get_by_role("button", name=re.compile("Copy a link to these words")))
        assert link == f"{address}/{render.article_link(one, at(one, words))}"
        card.locator(".check").click()
        answered(page, "open")
        pane = page.locator("#article")
        assert copied(pane.get_by_role("button", name="Copy a link to these words")) == link
        selected = pane.get_by_role("button", name="Copy a link to the selected words")
        expect(selected).to_be_hidden()
        pane.locator(".here").first.evaluate("node => getSelection().setBaseAndExtent(node.firstChild, 4, node.firstChild, 14)")
        span = Span(at(one, words).start + 4, at(one, words).start + 14)
        assert copied(selected) == f"{address}/{render.article_link(one, span)}"
        page.goto(link)
        expect(page.locator("mark")).to_have_text(words)
        # back to the desk, where a keyword is a search
        page.goto(address)
        page.get_by_role("tab", name="Articles").click()
        page.get_by_role("button", name=one.title, exact=True).click()
        answered(page, "article")
        assert copied(pane.get_by_role("button", name="Copy a link to this article")) == f"{address}/{render.article_link(one)}"
        pane.locator(".keywords").get_by_role("button", name="Cape Arle").click()
        expect(page.get_by_role("tab", name="Search")).to_have_attribute("aria-selected", "true")
        expect(page.locator("#search")).to_contain_text("Lights at Cape Arle")


def test_hostile_articles_are_shown_as_typed(sheet, address, articles):
    hostile = [one for one in articles.values() if re.fullmatch(r"h\d+", one.id)]
    assert len(hostile) > 2
    for one in hostile:
        sheet.goto(f"{address}/{render.article_link(one, Span(0, 40), Span(20, 90))}")
        # a locator reads it from outside, where no script of the page may run
        shown = [sheet.locator(part).first.text_content() for part in (".text", "h1", ".cite bdi")]
        assert (shown[0], folded(shown[1]), folded(shown[2])) == (one.text, one.title, one.source)
        assert sheet.locator("mark").all_text_contents() == [one.text[:20], one.text[20:40], one.text[40:90]]
        assert sheet.locator(f"body :is({ALIEN})").count() == 0


def test_it_has_the_desk_s_own_door_and_policy(address, articles):
    asked = f"/{render.article_link(articles['cape/arle'])}"
    status, headers, _ = call(address, "GET", asked)
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert (status, rules.pop("style-src")[:8]) == (200, "'sha256-")
    assert rules == {"default-src": "'none'", "img-src": "'self'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
    assert call(address, "GET", asked, headers={"Host": "evil.example"})[0] == 403
    assert call(address, "POST", asked)[0] == 404

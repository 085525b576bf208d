"""Today: what is new, story by story, each sentence where it stands in its article."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest
from playwright.sync_api import expect

from rag import Archive, Settings
from rag.desks import Desks, Sought
from rag.errors import InputError
from rag.types import Filters
from rag.web.actions import perform
from rag.web.desk import Desk
from rag.web.news import News
from rag.web.tabs.today import TAB
from rag.web.visit import Visit
from tests.briefing.news import ARTICLES, SECOND
from tests.web.conftest import PHONE, WIDE, patient, served, visit
from tests.web.test_access import findings


@pytest.fixture(scope="module")
def town(chromium, tmp_path_factory, encoder):
    """The page over two days of a town's news."""
    folder = tmp_path_factory.mktemp("town")
    with Archive.open(folder / "index", Settings(), encoder) as archive:
        archive.add(ARTICLES)
    with served(folder / "index", folder / "log") as found:
        yield found


def today(page):
    page.get_by_role("tab", name="Today").click()
    panel = page.locator("#today")
    panel.locator(".story").first.wait_for()
    return panel


def test_a_reader_sees_each_event_once_and_checks_a_sentence_in_its_article(browser, town):
    with visit(browser, town) as page:
        panel = today(page)
        expect(panel.locator("h2")).to_have_text(f"The newest stories: {SECOND}")
        expect(panel.locator(".story")).to_have_count(3)
        ferry = panel.locator(".story").first
        expect(ferry.locator("h3")).to_contain_text("erries")
        expect(ferry.get_by_text("Also reported by 2 articles")).to_be_visible()
        expect(ferry.get_by_text("1 copy of this story")).to_be_visible()
        first = ferry.locator("blockquote").first.inner_text()
        ferry.locator("h3 button").click()
        article = page.locator("#article")
        expect(article.locator(".text mark, .text .here").first).to_be_visible()
        assert first in article.locator(".text").inner_text()
        assert "".join(article.locator(".text .here").all_inner_texts()) == first
        sentence = ferry.locator("blockquote").nth(1).inner_text()
        ferry.get_by_role("button", name="Check in the article").nth(1).click()
        expect(article.locator(".text .here").first).to_contain_text(sentence[:20])


def test_a_reader_chooses_a_day_and_has_its_address(browser, town):
    with visit(browser, town) as page:
        panel = today(page)
        panel.get_by_label("Since", exact=True).fill("2024-05-01")
        panel.get_by_role("button", name="Show").click()
        expect(panel.locator(".story")).to_have_count(5)
        expect(panel.locator("h2")).to_have_text("Stories since 2024-05-01")
        page.wait_for_url("**/?today=2024-05-01")
        panel.get_by_role("button", name="The newest day").click()
        expect(panel.locator(".story")).to_have_count(3)
    with visit(browser, f"{town}/?today=2024-05-01") as page:
        expect(page.locator("#today .story")).to_have_count(5)


def test_a_reader_takes_the_briefing_away_in_each_form(browser, town):
    with visit(browser, town) as page:
        panel = today(page)
        for label, words in (
            ("Markdown", "> "),
            ("Web page", "<!DOCTYPE html>"),
            ("JSON", '"stories"'),
            ("Atom feed", "http://www.w3.org/2005/Atom"),
        ):
            with page.expect_download() as download:
                panel.get_by_role("button", name=f"Save as {label}").click()
            assert words in download.value.path().read_text()
        with page.context.expect_page() as opened:
            panel.get_by_role("link", name="A page to print").click()
        printed = opened.value
        expect(printed.locator("h1")).to_have_text(f"The newest stories: {SECOND}")
        expect(printed.locator("figure")).to_have_count(3)
        printed.locator("h2 a").first.click()
        expect(printed.locator("mark").first).to_be_visible()


def test_a_feed_reader_follows_the_page_s_own_feed(town, browser):
    context = patient(browser.new_context())
    answered = context.request.get(f"{town}/briefing?since=2024-05-01&format=atom")
    assert answered.headers["content-type"] == "application/atom+xml"
    read = feedparser.parse(answered.body())
    assert (read.bozo, len(read.entries)) == (False, 5)
    assert context.request.get(f"{town}/briefing?format=docx").status == 400
    assert context.request.get(f"{town}/briefing?since=yesterday").status in (400, 404)
    context.close()


def test_a_copied_sentence_has_its_citation(browser, town):
    with visit(browser, town, permissions=["clipboard-read", "clipboard-write"]) as page:
        story = today(page).locator(".story").first
        sentence = story.locator("blockquote").first.inner_text()
        story.get_by_role("button", name="Copy").first.click()
        expect(page.locator("#status")).to_have_text("Copied with its citation.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"“{sentence}”\n")
        assert "characters " in copied


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_today_keeps_nobody_out(browser, town, size):
    with visit(browser, town, size) as page:
        panel = today(page)
        panel.locator("details summary").first.click()
        assert [one for one in findings(page) if one[0] in ("serious", "critical")] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_nothing_of_that_day_has_its_reason(browser, town):
    with visit(browser, f"{town}/?today={date(2030, 1, 1)}") as page:
        expect(page.locator("#today .hint").first).to_contain_text("No article is left by the filters (from 2030-01-01).")


@pytest.fixture
def here(archive, tmp_path):
    """A visitor of the town's archive, without models, and the desk of one who was here an hour ago."""
    archive.add(ARTICLES)
    desks = Desks.open(tmp_path / "index")
    yield Visit(archive, can_write=True, desks=desks), Desk(since=datetime.now(UTC) - timedelta(hours=1))
    desks.close()


def test_what_came_in_since_the_last_visit_is_told(here):
    visitor, desk = here
    lately = TAB.steps["lately"](desk, {}, visitor)
    shown = TAB.show(lately, visitor)
    assert "Stories that came in since" in shown
    assert "Astronomers find a comet" in shown
    assert TAB.address(lately) == "./?today=visit"
    assert TAB.arrive([("today", "visit")], desk, visitor).today == lately.today
    # who was never here is told of the newest day
    assert "Since my last visit" not in TAB.show(Desk(), visitor)
    assert not TAB.arrive([("today", "visit")], Desk(), visitor).today.lately
    with pytest.raises(InputError, match="first visit"):
        TAB.steps["lately"](Desk(), {}, visitor)


def test_what_is_saved_says_how_much_is_new_in_it(here):
    visitor, _ = here
    visitor.desks.save("", Sought.SEARCH, "ferry", Filters(), "./?find=ferry")
    visitor.desks.save("", Sought.SEARCH, "ferry", Filters(before=date(2023, 1, 1)), "./?find=ferry&before=2023-01-01")
    was_here = datetime(2024, 5, 2, 8, tzinfo=UTC)
    shown = TAB.show(Desk(since=was_here), visitor)
    assert '<a href="./?find=ferry" dir="auto">ferry</a> <span class="figure">4 new articles since 2024-05-02</span>' in shown
    assert "nothing new since 2024-05-02" in shown
    assert "nothing new since 2024-05-03" in TAB.show(Desk(since=was_here + timedelta(days=1)), visitor)


def test_briefings_that_many_fetch_at_once_are_made_one_after_the_other(here, monkeypatch):
    visitor, _ = here
    made, most, counted = visitor.archive.briefing, [], threading.Semaphore(8)

    def briefing(*days):
        with counted:
            most.append(counted._value)
            time.sleep(0.01)
            return made(*days)

    monkeypatch.setattr(visitor.archive, "briefing", briefing)
    news = News(visitor.archive)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(news.briefing, [{"since": f"2024-05-0{day}"} for day in (1, 2, 1, 2)]))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert set(most) == {7}


def test_what_is_saved_is_not_asked_again_with_every_question(here):
    visitor, desk = here
    asked = perform({"do": "ask", "more": "Who was on the ferry?"}, desk, visitor)
    assert asked.keepings > desk.keepings
    assert TAB.view(asked) == TAB.view(desk)
    saved = perform({"do": "save", "turn": "0"}, asked, visitor)
    assert TAB.view(saved) != TAB.view(asked)
    (one,) = visitor.desks.saved("")
    assert TAB.view(perform({"do": "unsave", "more": one.number}, saved, visitor)) != TAB.view(saved)


@pytest.mark.parametrize(
    "more", ["", "0-10", "0-10 x ferry-herald", "9-2 {sha256} ferry-herald", "0-99999 {sha256} ferry-herald", "0-10 {sha256} gone"]
)
def test_a_sentence_that_is_not_there_is_refused(here, more):
    visitor, desk = here
    sha256 = visitor.archive.article("ferry-herald").sha256
    with pytest.raises(InputError):
        TAB.steps["story"](desk, {"more": more.format(sha256=sha256)}, visitor)

"""Conversations stay: over a reload, a restart and another browser, until somebody deletes them."""

import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article
from rag.cli import main
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, PHONE, WIDE, ask, served, visit
from tests.web.test_access import findings

BRIDGE = "When was the bridge opened?"
WORDS = "The bridge was opened in 1932, on a Monday."


@contextmanager
def writing(index):
    with Archive.open(index, Settings(), HashingEncoder()) as archive:
        yield archive


@pytest.fixture
def index(tmp_path):
    with writing(tmp_path / "index") as archive:
        archive.add([article("a", "A bridge", WORDS), article("b", "A lock", "The lock was paid for by the county.")])
    return tmp_path / "index"


@contextmanager
def served_and_visited(browser, index, *options, path="", **how):
    with served(index, index.parent / "log", *options, program=HASHING) as address, visit(browser, f"{address}/{path}", **how) as page:
        yield page, address


def questions(page):
    return page.locator(".turn .question").all_text_contents()


def marked(page):
    """The quote's words in the opened article."""
    page.locator("#article .here").first.wait_for()
    return "".join(page.locator("#article .here").all_text_contents())


def conversations(page):
    """The tab, opened."""
    page.get_by_role("tab", name="Conversations").click()
    tab = page.locator("#conversations")
    tab.get_by_role("status").wait_for()
    return tab


def test_a_reload_shows_the_same_turns_at_once(browser, index):
    with served_and_visited(browser, index) as (page, _):
        ask(page, BRIDGE)
        ask(page, "Who paid for the lock?")
        expect(page).to_have_url(re.compile(r"/\?conversation=\d+$"))
        before = page.locator(".turns").inner_text()
        page.reload()
        page.locator(".turn").nth(1).wait_for()
        assert page.locator(".turns").inner_text() == before
        ask(page, "Where is the lock?")
        page.reload()
        page.locator(".turn").nth(2).wait_for()
        assert questions(page) == [BRIDGE, "Who paid for the lock?", "Where is the lock?"]


def test_a_reload_leads_to_the_tab_and_the_conversation_that_were_open(browser, index):
    with served_and_visited(browser, index) as (page, _):
        ask(page, BRIDGE)
        page.get_by_role("tab", name="Articles").click()
        expect(page).to_have_url(re.compile(r"/\?conversation=\d+&tab=articles$"))
        page.reload()
        expect(page.locator(".shelf")).to_be_visible()
        page.get_by_role("tab", name="Ask").click()
        expect(page.locator(".turn .question")).to_have_text([BRIDGE])


def test_a_restart_and_another_browser_find_the_conversation(browser, index):
    with served_and_visited(browser, index) as (page, address):
        ask(page, BRIDGE)
        expect(page).to_have_url(re.compile(r"/\?conversation=\d+$"))
        before, place = page.locator(".turns").inner_text(), page.url.removeprefix(f"{address}/")
    with served_and_visited(browser, index, path=place) as (page, address):
        page.locator(".turn").wait_for()
        assert page.locator(".turns").inner_text() == before
        page.locator(".check").first.click()
        assert marked(page) == WORDS
        with visit(browser, address) as other:
            other.get_by_role("button", name="Go on").click()
            other.locator(".turn").wait_for()
            assert other.locator(".turns").inner_text() == before
            expect(other).to_have_url(page.url)


def test_two_windows_of_one_conversation_lose_no_turn(browser, index):
    with served_and_visited(browser, index) as (page, _):
        ask(page, BRIDGE)
        expect(page).to_have_url(re.compile(r"/\?conversation=\d+$"))
        with visit(browser, page.url) as other:
            other.locator(".turn").wait_for()
            ask(other, "Who paid for the lock?")
            ask(page, "Where is the lock?")
        page.reload()
        page.locator(".turn").nth(2).wait_for()
        assert questions(page) == [BRIDGE, "Who paid for the lock?", "Where is the lock?"]


def test_conversations_are_listed_by_day_found_renamed_and_deleted(browser, index):
    with served_and_visited(browser, index) as (page, address):
        ask(page, BRIDGE)
        ask(page, "On which day?")
        page.get_by_role("button", name="New conversation").click()
        page.locator(".welcome").wait_for()
        expect(page).to_have_url(f"{address}/")
        ask(page, "Who paid for the lock?")
        tab = conversations(page)
        expect(tab.get_by_role("heading", name="Today")).to_be_visible()
        expect(tab.locator("li .title")).to_have_text(["Who paid for the lock?", BRIDGE])
        expect(tab.locator("li .figure").last).to_have_text(re.compile(r"2 questions, \d\d:\d\d"))
        tab.get_by_role("searchbox", name="Find").fill("WHICH day")
        tab.get_by_role("button", name="Find").click()
        expect(tab.locator("li .title")).to_have_text([BRIDGE])
        tab.get_by_role("button", name=f"Rename {BRIDGE}").click()
        title = tab.get_by_label("Title")
        expect(title).to_be_focused()
        title.fill("<b>The river</b>")
        title.press("Enter")
        expect(page.locator("#status")).to_have_text("The conversation is renamed.")
        tab.get_by_role("searchbox", name="Find").fill("")
        tab.get_by_role("button", name="Find").click()
        expect(tab.locator("li .title")).to_have_text(["Who paid for the lock?", "<b>The river</b>"])
        tab.get_by_role("button", name="Delete Who paid for the lock?").click()
        tab.get_by_role("button", name="Keep").click()
        expect(tab.locator("li .title")).to_have_count(2)
        tab.get_by_role("button", name="Delete Who paid for the lock?").click()
        tab.get_by_role("button", name="Yes, delete").click()
        expect(tab.locator("li .title")).to_have_text(["<b>The river</b>"])
        # it was the one on the desk
        page.get_by_role("tab", name="Ask").click()
        expect(page.locator(".turn")).to_have_count(0)
        conversations(page).get_by_role("button", name="<b>The river</b>", exact=True).click()
        expect(page.locator(".turn .question")).to_have_text([BRIDGE, "On which day?"])


def test_a_conversation_is_taken_away_from_the_list_and_proved(browser, index, tmp_path, capsys):
    with served_and_visited(browser, index) as (page, _):
        ask(page, BRIDGE)
        ask(page, "Who paid for the lock?")
        tab = conversations(page)
        tab.get_by_text("Export").click()
        with page.expect_download() as download:
            tab.get_by_role("button", name="JSON", exact=True).click()
        download.value.save_as(tmp_path / "taken.json")
    assert [one["question"] for one in json.loads(Path(tmp_path / "taken.json").read_text())] == [BRIDGE, "Who paid for the lock?"]
    assert main(["verify", str(tmp_path / "taken.json"), "--index", str(index)]) == 0
    capsys.readouterr()


def test_an_answer_reopened_says_which_articles_have_changed_and_opens_what_was_quoted(browser, index):
    with served_and_visited(browser, index) as (page, address):
        ask(page, BRIDGE)
        expect(page).to_have_url(re.compile(r"/\?conversation=\d+$"))
        place = page.url.removeprefix(f"{address}/")
    with writing(index) as archive:
        archive.add([article("a", "A bridge", "The bridge was opened in 1933, on a Tuesday.")])
    with served_and_visited(browser, index, path=place) as (page, _):
        card = page.locator(".card", has_text=WORDS).first
        expect(card).to_contain_text("This article has changed since")
        card.locator(".check").click()
        assert marked(page) == WORDS
        expect(page.locator("#article .text")).to_have_text(WORDS)
    with writing(index) as archive:
        archive.remove(["a"])
    with served_and_visited(browser, index, path=place) as (page, _):
        card = page.locator(".card", has_text=WORDS).first
        expect(card).to_contain_text("This article has been removed from the archive since")
        card.locator(".check").click()
        expect(page.locator("#article .text")).to_have_text(WORDS)


def test_a_question_is_saved_and_asked_again_from_the_list(browser, index):
    with served_and_visited(browser, index) as (page, _):
        turn = ask(page, BRIDGE)
        turn.get_by_text("Export", exact=True).click()
        turn.get_by_role("button", name="Save this question").click()
        expect(page.locator("#status")).to_contain_text("The question is saved")
        saved = conversations(page).get_by_role("region", name="Saved questions and searches")
        saved.get_by_role("link", name=BRIDGE).click()
        page.locator(".turn").wait_for()
        assert questions(page) == [BRIDGE]
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".welcome").get_by_role("link", name=BRIDGE)).to_be_visible()
        saved = conversations(page).get_by_role("region", name="Saved questions and searches")
        saved.get_by_role("button", name=f"Remove from what is saved: {BRIDGE}").click()
        expect(saved).to_have_count(0)


def test_a_read_only_page_keeps_nothing_and_says_so(browser, index):
    with served_and_visited(browser, index, "--read-only") as (page, address):
        ask(page, BRIDGE)
        expect(page).to_have_url(f"{address}/")
        expect(conversations(page)).to_have_text("This page is read-only: no conversation is kept.")
    assert not list(index.glob("desks*"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_list_keeps_nobody_out(browser, index, size):
    with served_and_visited(browser, index, size=size) as (page, _):
        turn = ask(page, BRIDGE)
        turn.get_by_text("Export", exact=True).click()
        turn.get_by_role("button", name="Save this question").click()
        expect(page.locator("#status")).to_contain_text("saved")
        page.get_by_role("button", name="New conversation").click()
        page.locator(".welcome").wait_for()
        ask(page, "Who paid for the lock, and for what, and how much of it, and when, and to whom?" * 3)
        tab = conversations(page)
        tab.get_by_text("Export").first.click()
        # the open menu lies over the conversation below
        page.keyboard.press("Escape")
        tab.get_by_role("button", name=f"Delete {BRIDGE}").click()
        tab.get_by_role("button", name="Yes, delete").wait_for()
        found = findings(page)
        tab.get_by_role("button", name=f"Rename {BRIDGE}").or_(tab.get_by_role("button", name=re.compile("^Rename Who"))).first.click()
        tab.get_by_label("Title").wait_for()
        found += findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert not [one for one in found if one[0] in ("serious", "critical")]

"""The list of all notes, answers under them, and the way from a note to its words, in a real browser."""

from contextlib import closing

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, Span, article
from rag.serving.people import add_person
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, PHONE, WIDE, patient, served, visit
from tests.web.test_access import findings

LONG = "The harbour was quiet. " * 200 + "The bridge opened in 1932."


@pytest.fixture
def shared(browser, tmp_path):
    """A page over an archive with notes, and that archive."""
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder()) as archive:
        archive.add([article("a", "A bridge <b>opens</b>", LONG, source="Paper"), article("b", "A ferry", "The ferry sank in 1950.")])
        start = LONG.index("bridge")
        archive.write_note("b", Span(4, 9), "which ferry?", author="Bo")
        archive.write_note("a", Span(start, start + 6), "compare with <i>December</i>")
        with served(tmp_path / "index", tmp_path / "log", program=HASHING) as found, visit(browser, found) as page:
            page.get_by_role("tab", name="Notes").click()
            expect(page.locator("#notes .thread")).to_have_count(2)
            yield page, archive


def test_all_notes_are_listed_newest_first_and_answered_in_place(shared):
    page, archive = shared
    threads = page.locator("#notes .thread")
    day = archive.notes()[0].made.date().isoformat()
    expect(page.locator("#notes h2")).to_have_text([day])
    expect(threads.first).to_contain_text("A bridge <b>opens</b>")
    expect(threads.first).to_contain_text("compare with <i>December</i>")
    expect(threads.nth(1)).to_contain_text(f"{day} · Bo")
    # the page's visitor is not Bo
    expect(threads.nth(1).get_by_role("button", name="Remove the note")).to_have_count(0)
    threads.nth(1).locator("summary").click()
    threads.nth(1).get_by_label("Your answer").fill("The red one.")
    threads.nth(1).get_by_role("button", name="Answer").click()
    expect(threads.nth(1).locator(".answers li")).to_contain_text(["The red one."])
    answer = archive.notes("b")[1]
    assert (answer.text, answer.answers, answer.author) == ("The red one.", 1, None)
    threads.nth(1).get_by_role("button", name="Remove the answer").click()
    expect(page.get_by_role("button", name="Yes, remove")).to_be_focused()
    page.get_by_role("button", name="Yes, remove").click()
    expect(threads.nth(1).locator(".answers li")).to_have_count(0)
    assert len(archive.notes()) == 2


def test_notes_are_found_as_somebody_types(shared):
    page, _ = shared
    box = page.get_by_role("searchbox", name="Find").and_(page.locator("#notes input"))
    box.press_sequentially("ferr")
    expect(page.locator("#notes .thread")).to_have_count(1)
    expect(page.locator("#notes")).to_contain_text("1 note with these words")
    expect(box).to_be_focused()
    box.press_sequentially("yy")
    expect(page.locator("#notes")).to_contain_text("0 notes with these words")
    expect(box).to_have_value("ferryy")


def test_a_note_leads_to_its_words_in_the_article(shared):
    page, _ = shared
    page.locator("#notes .thread").first.get_by_role("button", name="bridge", exact=True).click()
    here = page.locator("#article .here")
    expect(here).to_have_text("bridge")
    expect(here).to_be_in_viewport()
    thread = page.locator("#article .thread")
    expect(thread).to_contain_text("compare with <i>December</i>")
    thread.locator("summary").click()
    thread.get_by_label("Your answer").fill("Same in May.")
    thread.get_by_role("button", name="Answer").click()
    expect(thread.locator(".answers li")).to_contain_text(["Same in May."])
    expect(page.locator("#notes .answers li")).to_contain_text(["Same in May."])


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_notes_keep_nobody_out(shared, size):
    page, _ = shared
    page.set_viewport_size(size)
    page.locator("#notes summary").first.click()
    page.locator("#notes").get_by_role("button", name="Remove the note").click()
    expect(page.get_by_role("button", name="Yes, remove")).to_be_visible()
    assert [one for one in findings(page) if one[0] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_notes_are_theirs_who_wrote_them(browser, tmp_path):
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder()) as archive:
        archive.add([article("a", "A bridge", "The bridge opened in 1932.")])
        archive.write_note("a", Span(4, 10), "which one?", author="otto")
        add_person(tmp_path / "users", "maria", "four words of maria")
        with (
            served(tmp_path / "index", tmp_path / "log", "--users", tmp_path / "users", program=HASHING) as address,
            closing(patient(browser.new_context())) as context,
        ):
            page = context.new_page()
            page.goto(address)
            page.get_by_label("Name").fill("maria")
            page.get_by_label("Password").fill("four words of maria")
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("tab", name="Notes").click()
            thread = page.locator("#notes .thread")
            expect(thread).to_contain_text("otto")
            thread.locator("summary").click()
            thread.get_by_label("Your answer").fill("The old one.")
            thread.get_by_role("button", name="Answer").click()
            expect(thread.locator(".answers li")).to_contain_text(["maria"])
            assert archive.notes()[1].author == "maria"
            # hers, and not his
            expect(thread.get_by_role("button", name="Remove the answer")).to_be_visible()
            expect(thread.get_by_role("button", name="Remove the note")).to_have_count(0)

"""What a person who searches sees: lines with the words marked, counts that narrow, pages, a table, and addresses that lead back."""

import base64
import csv
import json
import re
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article
from rag.question import is_search
from rag.types import Filters, Ranking
from rag.web.actions import perform
from rag.web.desk import Desk, SearchView
from rag.web.tabs.search import TAB
from rag.web.visit import Visit
from tests.fakes import HashingEncoder
from tests.web.conftest import HASHING, PHONE, WIDE, served, visit
from tests.web.test_access import findings


def box(page):
    return page.locator("#search input[name=words]")


def search(page, words):
    """Types words into the tab's box, a letter at a time, and waits until what is shown is theirs."""
    page.get_by_role("tab", name="Search").click()
    box(page).wait_for()
    box(page).fill("")
    box(page).press_sequentially(words, delay=20)
    page.wait_for_function("words => new URLSearchParams(location.search).get('find') === words", arg=words)


def total(page):
    return page.locator("#search .total")


def lines(page):
    return page.locator("#search .findings li")


@contextmanager
def many(browser, tmp_path):
    """The page over 45 articles that say one thing, a day apart."""
    with Archive.open(tmp_path / "index", Settings(), HashingEncoder()) as archive:
        texts = (f"The harbour of town number {n} was closed on that day, said harbour master {n}." for n in range(45))
        archive.add([article(f"n{n}", f"Notice {n}", text, published=date(2020, 1, 1) + timedelta(n)) for n, text in enumerate(texts)])
    with served(tmp_path / "index", tmp_path / "log", program=HASHING) as address, visit(browser, address) as page:
        yield page


def test_what_is_typed_is_found_while_the_keyboard_stays_in_the_box_and_its_words_are_marked(page):
    search(page, "police")
    expect(total(page)).to_have_text("1–4 of 4: 4 articles, 8 passages with these words.")
    assert page.evaluate("document.activeElement.name") == "words"
    first = lines(page).first
    expect(first.locator(".cite")).to_have_text("Sample Wire · Pullquote samples · 2022-12-05")
    expect(first.locator("blockquote mark")).to_have_text(["police"])
    box(page).press_sequentially(" border")
    expect(total(page)).to_contain_text("2 articles, 3 passages with these words")
    assert box(page).input_value() == "police border"


def test_a_line_opens_its_article_at_the_snippet_which_is_marked(page):
    search(page, "missionaries")
    shown = lines(page).first.locator("blockquote").inner_text()
    lines(page).first.get_by_role("button").first.click()
    expect(page.locator("#article h2")).to_have_text(lines(page).first.locator("h3").inner_text())
    here = "".join(page.locator("#article .here").all_text_contents())
    assert here.split() == shown.split()
    expect(page.locator("#article .here").first).to_be_in_viewport()
    expect(page.locator("#article .answer strong").first).to_have_text("missionaries")


def test_a_count_narrows_can_be_taken_off_and_leaves_as_many_as_it_says(page):
    search(page, "police")
    source = page.locator("#search .facets").get_by_role("button", name="Sample Daily")
    assert source.locator(".figure").inner_text() == "2"
    source.click()
    expect(total(page)).to_contain_text("2 articles")
    expect(page).to_have_url(re.compile(r"[?&]source=Sample\+Daily"))
    page.get_by_role("button", name="Take off Sample Daily").click()
    expect(total(page)).to_contain_text("4 articles")


def test_the_articles_found_are_those_that_may_answer_once_that_is_asked_for(page):
    search(page, "Safeguard")
    page.get_by_role("button", name="Ask within these").click()
    expect(page.locator("#filters summary")).to_contain_text("having Safeguard; 2 of 12 articles remain")
    page.get_by_label("Question", exact=True).fill("How many people died in Haiti?")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(page.locator(".turn .searched")).to_contain_text("Searched 2 articles")


def test_all_of_it_is_had_as_a_table(page):
    search(page, "police")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    with Path(saved.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == lines(page).locator("h3").all_inner_texts()


def test_a_table_has_so_many_lines_as_a_browser_takes(archive, make, monkeypatch):
    archive.add([make(str(n), f"The bridge of town {n} was opened.") for n in range(7)])
    monkeypatch.setattr("rag.web.tabs.search._TOGETHER", 2)
    monkeypatch.setattr("rag.web.tabs.search._MOST_LINES", 4)
    found = perform({"do": "find", "words": "bridge", "passages": "true"}, Desk(), Visit(archive, can_write=True))
    desk = perform({"do": "table"}, found, Visit(archive, can_write=True))
    assert desk.said.startswith("The first 4 of 7 lines: the file is written")
    assert base64.b64decode(json.loads(desk.file)["base64"]).count(b"opened") == 4


def test_every_passage_is_a_line_where_that_is_asked_for(page):
    search(page, "police")
    page.get_by_label("Every passage").check()
    expect(total(page)).to_have_text(re.compile(r"1–(\d) of \1: 4 articles, \1 passages with these words\."))
    assert lines(page).count() > 4
    assert all("polic" in text.lower() for text in lines(page).locator("blockquote").all_inner_texts())


def test_pages_have_the_true_total_and_make_the_whole_list(browser, tmp_path):
    with many(browser, tmp_path) as page:
        search(page, "harbour")
        page.get_by_label("Sort by").first.select_option("oldest")
        expect(lines(page).locator("h3").first).to_have_text("Notice 0")
        titles = []
        for stretch in ("1–20", "21–40", "41–45"):
            expect(total(page)).to_have_text(f"{stretch} of 45: 45 articles, 45 passages with these words.")
            titles += lines(page).locator("h3").all_inner_texts()
            if stretch != "41–45":
                page.locator("#search").get_by_role("button", name="Next page").click()
        assert titles == [f"Notice {n}" for n in range(45)]
        expect(page.locator("#search").get_by_role("button", name="Next page")).to_be_disabled()


def test_words_that_ask_nothing_are_searched_for_and_asked_all_the_same_by_a_click(page):
    page.get_by_label("Question", exact=True).fill("airport")
    page.get_by_label("Question", exact=True).press("Enter")
    expect(lines(page).first).to_be_visible()
    expect(page.locator("#status")).to_contain_text("asks nothing")
    expect(box(page)).to_have_value("airport")
    page.get_by_role("button", name="Ask it all the same").click()
    expect(page.locator(".turn .question")).to_have_text("airport")


def test_three_words_that_ask_for_all_on_a_topic_are_a_question(archive, make):
    archive.add([make("a", "The harbour was closed on Monday. Rain fell.")])
    desk = perform({"do": "typed", "more": "Latest on harbour"}, Desk(), Visit(archive, can_write=False))
    assert (desk.tab, desk.turns[0].understood.question) == ("ask", "Latest on harbour")


def test_a_line_opens_the_article_that_it_shows_also_where_the_list_has_moved_since(archive, make):
    archive.add([make(f"n{n}", f"The harbour was closed by order {n}.", published=date(2020, 1, n)) for n in (1, 2)])
    visit, desk = Visit(archive, can_write=False), Desk(search=SearchView("harbour", ranking=Ranking.NEWEST))
    shown = re.findall(r'data-do="finding" data-more="([^"]+)"', TAB.show(desk, visit))
    archive.add([make("newer", "The harbour was opened again.", published=date(2020, 1, 3))])
    assert [perform({"do": "finding", "more": more}, desk, visit).opened.article.id for more in shown] == ["n2", "n1"]


def test_a_year_leaves_as_many_as_it_counts_where_undated_articles_were_left_too(archive, make):
    archive.add([make(f"n{n}", "The harbour was closed.", published=date(2020, 1, n)) for n in (1, 2)])
    archive.add([make("undated", "A harbour opened.")])
    view = SearchView("harbour", Filters(after=date(2020, 1, 1), undated=True))
    desk = perform({"do": "narrow", "more": "year 2020"}, Desk(search=view), Visit(archive, can_write=False))
    assert archive.counted(**asdict(desk.search.filters)).articles == 2


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"do": "find", "words": "rain", "order": "best"}, "cannot be sorted"),
        ({"do": "narrow", "more": "month 2020-13"}, "no month"),
        ({"do": "narrow", "more": "year x"}, "no month"),
        ({"do": "narrow", "more": "having "}, "without words"),
        ({"do": "narrow", "more": "having " + "bridge " * 2_000}, "more than 10,000 characters"),
        ({"do": "finding", "more": "0-7 0 a"}, "no longer in the list"),
        ({"do": "found", "more": "x"}, "no number"),
        ({"do": "table"}, "nothing is searched for"),
    ],
)
def test_what_cannot_be_found_is_refused_with_the_reason_and_changes_nothing(archive, make, action, reason):
    archive.add([make("a", "The harbour was closed on Monday. Rain fell.")])
    before = Desk(search=SearchView("harbour" if action["do"] == "finding" else ""))
    after = perform(action, before, Visit(archive, can_write=False))
    assert reason in after.said
    assert after.search == before.search


def test_an_address_leads_back_to_a_search(browser, address):
    with visit(browser, f"{address}/?find=police&source=Sample+Daily&order=oldest") as page:
        expect(total(page)).to_contain_text("1–2 of 2: 2 articles")
        expect(box(page)).to_have_value("police")
        expect(lines(page).locator(".cite").first).to_contain_text("2010-02-10")
        expect(page.get_by_role("button", name="Take off Sample Daily")).to_be_visible()
        # what is asked is asked of all articles
        expect(page.locator("#filters summary")).to_have_text("Filters: none")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_search_keeps_nobody_out(browser, address, size):
    with visit(browser, f"{address}/?find=overseas+police&source=Sample+Daily&source=Sample+Wire", size) as page:
        lines(page).first.wait_for()
        assert not [one for one in findings(page) if one[0] in ("serious", "critical")]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("words", ["cholera", "Boris Johnson", "overseas police stations", "“service centres”", "PGMP-15"])
def test_one_to_three_words_ask_nothing(words):
    assert is_search(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "?",
        "And in Ireland?",
        "And in Ireland",
        "But cholera",
        "cholera?",
        "Who won",
        "Why",
        "Is it true",
        "the latest on Haiti",
    ],
)
def test_what_asks_or_goes_on_is_a_question(words):
    assert not is_search(words)

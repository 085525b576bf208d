"""A question about a whole topic, one in another language and one that is too long, as a person meets them on the page."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from rag import Archive, article
from tests.web.conftest import PHONE, ask, served, visit
from tests.web.test_access import findings

TOLL = {"2021-03-02": "12", "2021-03-03": "19", "2021-03-08": "27"}


@pytest.fixture(scope="module")
def landslide(chromium, tmp_path_factory, encoder):
    """The page over three reports of a landslide, from three papers, and one of something else."""
    folder = tmp_path_factory.mktemp("landslide")
    with Archive.open(folder / "index", encoder=encoder) as archive:
        archive.add(
            article(
                day,
                f"Landslide in Arle: {toll} dead",
                f"The landslide in Arle killed {toll} people, the police said. Roads are shut, and a school took in families.",
                source=f"Paper {n}",
                published=date.fromisoformat(day),
            )
            for n, (day, toll) in enumerate(TOLL.items(), start=1)
        )
        archive.add([article("chess", "Chess", "Players met for a tournament of nine rounds of chess.", published=date(2021, 3, 9))])
    with served(folder / "index", folder / "log") as found:
        yield found


def test_the_articles_on_a_topic_are_dated_cards_newest_first_below_a_line_of_time(browser, landslide):
    with visit(browser, landslide) as page:
        turn = ask(page, "What happened with the landslide in Arle?")
        expect(turn.locator(".outcome")).to_have_text("3 articles on “the landslide in Arle”, newest first:")
        expect(page.locator("#status")).to_have_text("3 articles on “the landslide in Arle”, newest first.")
        cards = turn.locator(".cards").first.locator(".card")
        expect(cards.locator(".day")).to_have_text(sorted(TOLL, reverse=True))
        expect(cards.first.locator("blockquote .words")).to_have_text("The landslide in Arle killed 27 people, the police said.")
        expect(cards.first.locator(".cite")).to_have_text(re.compile(r"Landslide in Arle: 27 dead · Paper 3 · very likely$"))
        line = turn.locator("svg.timeline")
        assert [label.split(" · ")[0] for label in line.locator("text").all_text_contents()] == list(TOLL)
        first, second, third = (float(x) for x in line.locator("circle").evaluate_all("all => all.map(one => one.getAttribute('cx'))"))
        assert 4 < (third - second) / (second - first) < 6
        assert line.bounding_box()["y"] < cards.first.bounding_box()["y"] < cards.last.bounding_box()["y"]
        assert not [one for one in findings(page) if one[0] in ("serious", "critical")]
        cards.last.get_by_role("button", name="Check in the article").click()
        # the first card's article is open beside the list already
        expect(page.locator("#article h2")).to_have_text("Landslide in Arle: 12 dead")
        assert "".join(page.locator("#article .here").all_text_contents()) == "The landslide in Arle killed 12 people, the police said."


def test_a_list_keeps_nobody_out_on_a_phone(browser, landslide):
    with visit(browser, landslide, PHONE) as page:
        expect(ask(page, "The latest on the landslide").locator(".card .day")).to_have_count(3)
        assert not [one for one in findings(page) if one[0] in ("serious", "critical")]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_three_words_about_a_topic_are_a_question_and_no_search(browser, landslide):
    with visit(browser, landslide) as page:
        expect(ask(page, "News on Arle").locator(".outcome")).to_have_text("3 articles on “Arle”, newest first:")


def test_a_question_in_another_language_is_told_that_english_is_understood(page):
    turn = ask(page, "Wie viele Menschen wohnen in der Hauptstadt von Australien?")
    expect(turn.locator(".outcome")).to_contain_text("Questions are understood in English only: ask this in English.")


def test_a_question_that_is_too_long_is_not_cut_but_left_in_its_box_with_what_is_wrong(page):
    box = page.get_by_label("Question", exact=True)
    long = "Who ordered the inquiry? " * 500
    box.fill(long)
    box.press("Enter")
    expect(page.locator("#status")).to_contain_text("the question has 12,499 characters; the most is 10,000")
    expect(box).to_have_value(long)
    expect(page.locator(".turn")).to_have_count(0)


def test_a_long_question_is_folded_and_can_be_read_whole(page):
    asked = "How many overseas police stations does China operate, according to the group that counted them? " * 8
    turn = ask(page, asked)
    expect(turn.locator("h2.question")).to_have_text(re.compile(r"^How many overseas police stations .{100,170} …$"))
    whole = turn.locator("details.long p")
    expect(whole).to_be_hidden()
    turn.get_by_text("The whole question (767 characters)").click()
    expect(whole).to_be_visible()
    expect(whole).to_have_text(asked.strip())
    assert not [one for one in findings(page) if one[0] in ("serious", "critical")]

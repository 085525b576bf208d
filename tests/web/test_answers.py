"""The words that answer, leads and near misses as a person meets them on the page, in a real browser; the answers are made by hand."""

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article
from rag.corpus.canonical_text import canonical
from tests.fakes import HashingEncoder
from tests.web.conftest import PHONE, WIDE, ask, opened_beside, served, visit
from tests.web.test_access import findings
from tests.web.test_hostile import ALIEN, OWN, folded

LEAD, QUOTE = "The keeper of the lock spoke on Monday.", "She said the lock cost 5 dollars in all,\nand that it was dear."
HOSTILE = [*OWN, "\u202ebackwards\u202c", "e\u0301*\u200b_", "\u05e9\u05dc\u05d5\u05dd", "</strong></blockquote>", "**5** __5__"]


def archive_of(folder, *articles):
    with Archive.open(folder / "index", Settings(), HashingEncoder()) as archive:
        archive.add(articles)
    return folder / "index"


@pytest.fixture(scope="module")
def made(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("answers")
    lock = article("lock", "A lock opens", f"{LEAD}\n\nIt rained.\n\n{QUOTE}", source="The Daily")
    rain = [article(f"rain-{n}", f"Rain {n}", f"It rained {n} times in May.") for n in range(5)]
    hostile = [article(f"h{n}", f"Zeppelin {n}", f"A zeppelin flew.\n\nIt said:{text}, and then {text} again.") for n, text in enumerate(HOSTILE)]
    with served(archive_of(folder, lock, *rain, *hostile), folder / "log", program="tests.web.answering_app") as address:
        yield address


@pytest.fixture
def page(browser, made):
    with visit(browser, made, permissions=["clipboard-read", "clipboard-write"]) as opened:
        yield opened


def asked(page, question):
    """Asks through the page's own event, since a box of one line would drop line ends; the turn that it makes."""
    turns = page.locator(".turn").count()
    page.locator("#conversation").evaluate(
        """(node, text) => { const button = document.createElement('button'); button.dataset.do = 'ask'; button.dataset.more = text;
        const inside = node.querySelector('.welcome, .turns'); inside.append(button); button.click(); button.remove(); }""",
        question,
    )
    turn = page.locator(".turn").nth(turns)
    turn.wait_for()
    opened_beside(page)
    return turn


def weight(locator):
    return int(locator.evaluate("node => getComputedStyle(node).fontWeight"))


def test_the_words_that_answer_are_bold_inside_their_quote(page):
    card = ask(page, "What did the lock cost: 5 dollars").locator(".card").first
    words = card.locator("blockquote .words").last
    assert words.evaluate("node => node.textContent") == QUOTE
    expect(words.locator("strong")).to_have_text("5 dollars")
    assert (weight(words), weight(words.locator("strong"))) == (400, 700)
    # nothing but the weight sets them apart: no other colour that could be too pale
    colours = words.locator("strong").evaluate("node => [getComputedStyle(node).color, getComputedStyle(node.parentElement).color]")
    assert colours[0] == colours[1]


def test_a_quote_without_such_words_has_nothing_bold(page):
    card = ask(page, "What did the lock cost?").locator(".card").first
    expect(card.locator("blockquote").first).to_be_visible()
    assert card.locator("strong").count() == 0


def test_the_opened_article_has_them_bold_too_and_its_text_is_unchanged(page):
    ask(page, "What did the lock cost: 5 dollars").locator(".check").first.click()
    here = page.locator("#article .here")
    here.first.wait_for()
    assert "".join(here.evaluate_all("all => all.map(one => one.textContent)")) == QUOTE
    assert page.locator("#article .text strong").all_text_contents() == ["5 dollars"]
    assert weight(page.locator("#article .text strong")) == 700
    assert page.locator("#article .text").evaluate("node => node.textContent") == f"{LEAD}\n\nIt rained.\n\n{QUOTE}"


def test_a_lead_is_a_quotation_of_its_own_and_copied_as_such(page):
    card = ask(page, "What did the lock cost: 5 dollars").locator(".card").first
    assert card.locator("blockquote .words").evaluate_all("all => all.map(one => one.textContent)") == [LEAD, QUOTE]
    expect(card.locator(".gap")).to_have_text("[…]")
    card.get_by_role("button", name="Copy, with its citation: quote 1").click()
    expect(page.locator("#status")).to_have_text("Copied with its citation.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{LEAD}” […] “{QUOTE}”\nA lock opens · The Daily · undated · characters 0-39 […] 53-")


def test_what_is_selected_and_copied_is_plain_words(page):
    card = ask(page, "What did the lock cost: 5 dollars").locator(".card").first
    card.evaluate(
        """node => { const range = document.createRange(), quotations = node.querySelectorAll('blockquote');
        range.setStartBefore(quotations[0].firstChild); range.setEndAfter(quotations[1].lastChild);
        getSelection().removeAllRanges(); getSelection().addRange(range); }"""
    )
    page.keyboard.press("Control+C")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [line for line in copied.split("\n") if line.strip()] == [LEAD, "[…]", *QUOTE.split("\n")]


def test_where_the_articles_may_not_answer_three_are_in_sight_and_the_rest_is_folded(page):
    turn = ask(page, "Maybe rain fell: rained")
    expect(turn.locator(".outcome")).to_have_text("The articles may not answer this; the nearest:")
    expect(page.locator("#status")).to_have_text("The articles may not answer this.")
    cards = turn.locator(".card")
    assert [card.is_visible() for card in cards.all()] == [True, True, True, False, False]
    expect(turn.locator("details.near > summary")).to_have_text("2 more that come near")
    assert turn.locator(".sure").all_text_contents() == [
        "comes near (very likely)", "comes near (likely)", "comes near (possible)", "comes near (unlikely)", "comes near (very unlikely)",
    ]  # fmt: skip
    assert turn.locator(".number").count() == 0
    turn.locator("details.near > summary").click()
    # each card leads to its own article, also those that were folded
    for n in (1, 3):
        titles = cards.nth(n).locator("cite").inner_text()
        cards.nth(n).locator(".check").click()
        expect(page.locator("#article h2")).to_have_text(titles)
        expect(page.locator("#article .place")).to_contain_text(f"{n + 1} of 5: comes near (")


def test_where_nothing_comes_near_all_is_folded(page):
    turn = ask(page, "Never did rain fall: rained")
    expect(turn.locator(".outcome")).to_have_text("The articles do not answer this: nothing in them comes near the question.")
    expect(turn.locator("details.near > summary")).to_have_text("The nearest sentences, which do not answer (5)")
    assert not any(card.is_visible() for card in turn.locator(".card").all())


def test_hostile_words_that_answer_are_shown_as_typed_and_nothing_runs(page):
    for text in HOSTILE:
        turn = asked(page, f"What did the zeppelin say: {text}")
        shown = turn.locator("strong.answer").evaluate_all("all => all.map(one => one.textContent)")
        assert canonical(text) in shown
        assert set(shown) == {canonical(text)}
        quoted = turn.locator("blockquote .words").evaluate_all("all => all.map(one => one.textContent)")
        assert f"It said:{canonical(text)}, and then {canonical(text)} again." in quoted
        assert folded(turn.locator(".question").text_content()) == folded(f"What did the zeppelin say: {text}")
        assert turn.locator(f":is({ALIEN})").count() == 0
        # no question is taken for a follow-up
        page.get_by_role("button", name="New conversation").click()
        page.locator(".welcome").wait_for()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_answer_keeps_anybody_out(browser, made, size):
    with visit(browser, made, size) as page:
        ask(page, "What did the lock cost: 5 dollars").locator(".check").first.click()
        page.locator("#article .here").first.wait_for()
        if size is PHONE:
            # there it lies over the page
            page.get_by_role("button", name="Close the article").click()
            expect(page.locator("#article article")).to_have_count(0)
        ask(page, "Maybe rain fell: rained").locator("details.near > summary").click()
        grave = [one for one in findings(page) if one[0] in ("serious", "critical")]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert not grave

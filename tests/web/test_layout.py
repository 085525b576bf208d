"""How the page lies before a person: what stays in sight, what opens beside what, what a key does."""

import re

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article
from tests.web.conftest import PHONE, WIDE, ask, is_there, served, visit
from tests.web.test_access import findings

POLICE = "How many overseas police stations does China operate?"
MIDDLE = {"width": 1024, "height": 768}


def box(page):
    return page.get_by_label("Question", exact=True)


@pytest.mark.parametrize("size", [WIDE, MIDDLE, PHONE], ids=["wide", "middle", "phone"])
def test_tabs_contents_and_the_question_stay_in_sight_however_far_one_reads(browser, address, size):
    with visit(browser, address, size) as page:
        ask(page, POLICE).locator("details.near > summary").click()
        page.mouse.move(100, 300)
        page.mouse.wheel(0, 5_000)
        page.wait_for_function("scrollY > 0 || document.querySelector('#left').scrollTop > 0")
        for seen in (page.get_by_role("tab", name="Ask"), page.get_by_text("12 articles", exact=False).first, box(page), page.get_by_text("Filters")):
            expect(seen.first).to_be_in_viewport()
        for name in ("Articles", "Add"):
            page.get_by_role("tab", name=name).click()
            expect(box(page)).to_be_in_viewport()
        # one line high, and its label is for those who do not see it
        assert box(page).bounding_box()["height"] < 50
        assert page.locator("#question [data-testid=block-info]").bounding_box()["width"] <= 1


def test_the_contents_of_the_archive_unfold_by_source(phone):
    phone.locator(".contents summary").click()
    expect(phone.locator(".contents .sheet")).to_contain_text("Published from 2010-01-15 to 2022-12-05")
    expect(phone.locator(".contents tr", has_text="Sample Wire").locator("td")).to_have_text("5")


def test_a_question_stands_as_a_turn_before_its_answer_with_the_shape_of_cards(page):
    # the server's answer is held back
    held = []

    def hold(route):
        held.append(route)

    page.route("**/queue/join*", hold)
    box(page).fill(hostile := "Who <b>won</b> the 2022 World Cup?")
    box(page).press("Enter")
    expect(page.locator(".pending .question")).to_have_text(hostile)
    expect(page.locator(".pending .bones i").first).to_be_visible()
    expect(page.locator(".welcome")).to_be_hidden()
    expect(box(page)).to_have_value("")
    assert page.locator(".turn").count() == 0
    is_there(page, held)
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")
    expect(page.locator(".turn .question")).to_have_text(hostile)
    expect(page.locator(".pending")).to_have_count(0)


def test_where_nothing_comes_back_the_question_is_in_its_box_again_and_the_line_says_so(browser, address):
    with visit(browser, address) as page:
        page.clock.install()
        page.route("**/queue/join*", lambda route: None)
        box(page).fill(POLICE)
        box(page).press("Enter")
        expect(page.locator(".pending")).to_be_visible()
        page.clock.run_for(46_000)
        expect(page.locator(".pending")).to_have_count(0)
        expect(page.locator("#status")).to_contain_text("Nothing has come back yet")
        expect(box(page)).to_have_value(POLICE)


def test_bones_stand_still_for_who_wants_no_motion(browser, address):
    with visit(browser, address, reduced_motion="reduce") as page:
        page.route("**/queue/join*", lambda route: None)
        box(page).fill(POLICE)
        box(page).press("Enter")
        assert page.locator(".pending i").first.evaluate("node => getComputedStyle(node).animationName") == "none"


def test_the_first_quote_s_article_opens_beside_its_answer_and_follows_the_next(page):
    ask(page, POLICE)
    expect(page.locator("#article h2")).to_have_text("Rights group counts dozens of Chinese police stations abroad")
    expect(page.locator("#card-0-0")).to_have_class(re.compile("beside"))
    # who types goes on typing, and the line still says what the answer came to
    expect(box(page)).to_be_focused()
    expect(page.locator("#status")).to_contain_text("2 quotes from 2 articles.")
    ask(page, "When did the Deepwater Horizon explode?")
    expect(page.locator("#card-1-0")).to_have_class(re.compile("beside"))
    expect(page.locator("#article h2")).not_to_have_text(re.compile("police"))


def test_an_article_that_was_opened_by_hand_while_waiting_stays(page):
    held = []

    def hold(route):
        # the question, and not what is done meanwhile
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/queue/join*", hold)
    box(page).fill(POLICE)
    box(page).press("Enter")
    page.locator(".pending").wait_for()
    is_there(page, held)
    page.locator(".newest button", has_text="airport opens").click()
    expect(page.locator("#article h2")).to_contain_text("airport opens")
    held[0].continue_()
    page.locator(".turn").wait_for()
    page.wait_for_timeout(1_500)
    expect(page.locator("#article h2")).to_contain_text("airport opens")


def test_headline_source_and_day_stay_while_the_article_scrolls(browser, address):
    for size in (WIDE, MIDDLE, PHONE):
        with visit(browser, address, size) as page:
            ask(page, POLICE).locator(".check").first.click()
            page.locator("#article .here").first.wait_for()
            page.locator("#right").evaluate("pane => pane.scrollTo(0, pane.scrollHeight)")
            expect(page.locator("#article h2")).to_be_in_viewport()
            expect(page.locator("#article .cite")).to_be_in_viewport()


def test_a_wide_screen_is_used_and_lines_stay_short_enough_to_read(page):
    # the newest articles, until one is opened
    expect(page.locator(".newest li").first).to_contain_text("More than 100 Chinese police stations abroad")
    ask(page, POLICE)
    page.locator("#article .here").first.wait_for()
    left, right = page.locator("#left").bounding_box(), page.locator("#right").bounding_box()
    assert 0.4 < left["width"] / WIDE["width"] < 0.5
    assert right["x"] + right["width"] == WIDE["width"]
    longest = page.locator("#article .text").evaluate(
        """node => { const lines = new Map(), range = document.createRange();
        const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT); let text;
        while ((text = walk.nextNode())) for (let n = 0; n < text.length; n++) { range.setStart(text, n); range.setEnd(text, n + 1);
        const box = range.getBoundingClientRect(), line = Math.round(box.bottom / 8); if (box.width) lines.set(line, (lines.get(line) ?? 0) + 1); }
        return Math.max(...lines.values()); }"""
    )
    assert 50 < longest <= 80
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="Close the article").click()
    expect(page.locator("#article article")).to_have_count(0)
    assert page.locator(".shelf").bounding_box()["width"] > 0.7 * WIDE["width"]


def test_the_quote_is_the_largest_on_its_card_and_what_one_can_do_is_one_quiet_menu(page):
    card = ask(page, POLICE).locator(".card").first
    sizes = card.evaluate(
        """card => [...card.querySelectorAll('blockquote, .cite, .speaker, button, summary')]
        .map(one => [one.localName, parseFloat(getComputedStyle(one).fontSize)])"""
    )
    assert all(size < sizes[0][1] for name, size in sizes if name != "blockquote")
    expect(card.get_by_role("button")).to_have_text(["Check in the article", "Copy"])
    card.get_by_label("More for quote 1").click()
    expect(card.locator(".sheet").get_by_role("button")).to_have_text(["Copy a link", "Answers it", "Does not answer"])
    page.keyboard.press("Escape")
    expect(card.locator(".sheet")).to_be_hidden()


def test_articles_are_set_in_the_face_that_ships_with_the_page(page):
    ask(page, POLICE)
    for weight in (400, 700):
        page.wait_for_function(f"document.fonts.check('{weight} 20px \"Source Serif 4\"')")
    assert sorted(page.evaluate("[...document.fonts].filter(face => face.status === 'loaded').map(face => face.weight)"))[:1] == ["400"]
    assert page.locator(".card blockquote").first.evaluate("node => getComputedStyle(node).fontFamily").startswith('"Source Serif 4"')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_native_controls_are_as_light_or_dark_as_the_page(browser, address, scheme):
    with visit(browser, address, color_scheme=scheme) as page:
        for node in ("body", "[name=after]"):
            assert page.locator(node).first.evaluate("node => getComputedStyle(node).colorScheme") == scheme


def test_an_archive_of_one_s_own_offers_questions_that_it_answers(browser, tmp_path, encoder):
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(
            article(f"a{n}", title, f"{title}. The council of {title.split()[1]} met on Monday. {title.split()[1]} has 900 people, the council said.")
            for n, title in enumerate(["In Orrin a lock opens", "Why Cape Arle painted its lighthouse", "Around Velmore trains run late"])
        )
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
        offered = page.locator(".examples button").all_text_contents()
        assert 1 <= len(offered) <= 3
        page.locator(".examples button").first.click()
        expect(page.locator(".turn .card").first).to_be_visible()


def test_on_a_phone_an_article_lies_over_the_page_and_gives_the_focus_back(phone):
    turn = ask(phone, POLICE)
    # nothing opens by itself
    phone.wait_for_timeout(500)
    expect(phone.locator("#article article")).to_have_count(0)
    turn.locator(".check").first.click()
    sheet = phone.get_by_role("dialog", name="The opened article")
    expect(sheet).to_be_visible()
    assert sheet.bounding_box() == {"x": 0, "y": 0, **PHONE}
    assert phone.locator("#left, #dock, #heading").evaluate_all("nodes => nodes.map(node => node.inert)") == [True] * 3
    phone.keyboard.press("Escape")
    expect(phone.locator("#article article")).to_have_count(0)
    expect(phone.locator("#card-0-0 button").first).to_be_focused()
    assert not phone.locator("#left").evaluate("node => node.inert")


def test_on_a_phone_a_long_quote_is_folded_and_nothing_of_it_is_cut(browser, tmp_path, encoder):
    sentence = "The lock at Orrin cost 5 dollars, " + ", ".join(f"which the keeper said in week {n}" for n in range(24)) + "."
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add([article("lock", "A lock opens", f"{sentence}\n\nIt rained.")])
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found, PHONE) as page:
        card = ask(page, "What did the lock at Orrin cost?").locator(".card").first
        expect(card.get_by_role("button", name="Show all")).to_be_visible()
        assert card.bounding_box()["height"] < PHONE["height"]
        words = card.locator(".words").last.text_content()
        # the longest that a quote is
        assert len(words) > 500
        assert words in sentence
        assert words in card.locator("[data-copy]").get_attribute("data-copy")
        card.get_by_role("button", name="Show all").click()
        assert card.bounding_box()["height"] > PHONE["height"] / 2
        expect(card.get_by_role("button", name="Show all")).to_have_count(0)


def test_keys_ask_go_through_quotes_and_close(page):
    ask(page, POLICE)
    page.locator("#card-0-0.beside").wait_for()
    # a key that is typed is a letter
    box(page).press("j")
    expect(box(page)).to_have_value("j")
    box(page).fill("")
    page.locator("#card-0-0").focus()
    page.keyboard.press("j")
    expect(page.locator("#card-0-1")).to_be_focused()
    expect(page.locator("#article h2")).to_contain_text("More than 100")
    page.locator("#card-0-1.beside").wait_for()
    expect(page.locator("#card-0-1")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#card-0-0")).to_be_focused()
    # its article is there too, or it might come after what follows
    page.locator("#card-0-0.beside").wait_for()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#article article")).to_have_count(0)


def test_the_keys_are_listed_by_one_of_them(page):
    page.locator(".contents summary").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog.locator("kbd")).to_have_text(["/", "j", "k", "Esc", "?"])
    assert not [one for one in findings(page) if one[0] in ("serious", "critical")]
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_page_is_packed_and_a_face_is_kept_by_the_browser(page, address):
    page_itself = page.request.get(address, headers={"Accept-Encoding": "gzip"})
    assert page_itself.headers["content-encoding"] == "gzip"
    assert "script-src 'self'" in page_itself.headers["content-security-policy"]
    face = page.request.get(f"{address}/fonts/source-serif-4-latin-400.woff2")
    assert (face.status, face.headers["content-type"], face.headers["cache-control"]) == (200, "font/woff2", "public, max-age=604800")
    assert page.request.get(f"{address}/fonts/OFL.txt").status == 404

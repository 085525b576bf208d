"""What a person sees and does on the page, in a real browser."""

import json
import re
from datetime import date

import pytest
from playwright.sync_api import expect

from rag import Archive, Settings, article, read_articles
from rag.cli import main
from rag.evaluation import feedback_gold, read_gold
from tests.conftest import ROOT
from tests.forks import started
from tests.web.conftest import HASHING, PHONE, WIDE, answered, ask, is_there, opened_beside, patient, served, visit

POLICE = "How many overseas police stations does China operate?"
FIRST = "China had 54 overseas police stations, officially known as service centres, as of June 21, 2022, according to Safeguard Defenders."


def test_the_first_page_explains_itself_and_one_of_its_examples_is_not_answered(page):
    welcome = page.locator(".welcome")
    expect(welcome).to_contain_text("the articles’ own words")
    page.get_by_role("button", name="Who won the 2022 World Cup?").click()
    expect(page.locator(".turn .outcome")).to_contain_text("The articles do not answer this")


def test_an_answer_is_cards_with_words_citation_speaker_and_confidence(page):
    turn = ask(page, POLICE)
    card = turn.locator(".card").first
    expect(card.locator("blockquote .words")).to_have_text(FIRST)
    expect(card.locator(".number")).to_have_text("[1]")
    expect(card.locator(".cite")).to_contain_text(
        "Rights group counts dozens of Chinese police stations abroad · Sample Daily · Pullquote samples · 2022-10-19"
    )
    expect(card.locator(".speaker")).to_have_text("The article attributes this to Safeguard Defenders")
    expect(card.locator(".sure")).to_have_text(re.compile("likely|possible"))
    assert re.fullmatch(r"confidence 0\.\d\d of 1", card.locator(".sure").get_attribute("title"))
    expect(page.locator("#status")).to_have_text(re.compile(r"\d quotes from 2 articles\."))


def test_differing_values_open_the_answer_each_with_its_day_and_quote(page):
    turn = ask(page, POLICE)
    rows = turn.locator(".difference tbody tr")
    expect(rows).to_have_text([re.compile(r"2022-12-05\s*more than 100\s*\[2\] Sample Wire"), re.compile(r"2022-10-19\s*54\s*\[1\] Sample Daily")])
    assert turn.locator(".difference").bounding_box()["y"] < turn.locator(".card").first.bounding_box()["y"]
    rows.first.get_by_role("button").click()
    expect(page.locator("#article .text")).to_be_visible()
    expect(page.locator("#article h2")).to_contain_text("More than 100")
    assert "more than 100 police stations" in "".join(page.locator("#article .here").all_text_contents())


def test_three_dated_values_are_drawn_on_a_line_of_time(browser, tmp_path, encoder):
    counts = {"2021-03-02": "12", "2021-03-03": "19", "2021-03-08": "27"}
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(
            article(
                day,
                f"Landslide in the valley, {day}",
                f"The landslide in the valley killed {count} people, the police said. Roads are shut.",
                published=date.fromisoformat(day),
            )
            for day, count in counts.items()
        )
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
        turn = ask(page, "How many people did the landslide in the valley kill?")
        points = turn.locator(".timeline text")
        assert [label.split(" · ")[0] for label in points.all_text_contents()] == list(counts)
        assert [label.split(" · ")[1].split(" ")[0] for label in points.all_text_contents()] == list(counts.values())
        first, second, third = (float(x) for x in points.evaluate_all("all => all.map(one => one.getAttribute('x'))"))
        # one day lies between the first two, five between the last two
        assert 4 < (third - second) / (second - first) < 6


def test_a_card_opens_its_article_at_the_quote_which_is_marked_by_its_offsets(page):
    turn = ask(page, POLICE)
    turn.locator(".card").first.locator("blockquote").click()
    here = page.locator("#article .here")
    expect(here.first).to_be_in_viewport()
    assert "".join(here.all_text_contents()) == FIRST
    passage = "".join(page.locator("#article .passage").all_text_contents())
    assert FIRST in passage
    text = page.locator("#article .text").evaluate("node => node.textContent")
    expected = next(one for one in read_articles(ROOT / "seeds") if one.id == "seeds/police-centres-2022-10-19")
    assert text == expected.text
    expect(page.locator("#article .place")).to_have_text(re.compile(r"1 of \d"))
    page.get_by_role("button", name="Next quote").click()
    expect(page.locator("#article .place")).to_have_text(re.compile(r"2 of \d"))
    assert "more than 100" in "".join(page.locator("#article .here").all_text_contents())
    page.get_by_role("button", name="Previous quote").click()
    expect(page.locator("#article .place")).to_have_text(re.compile(r"1 of \d"))
    assert "".join(page.locator("#article .here").all_text_contents()) == FIRST


def test_silence_folds_the_nearest_sentences_away(page):
    turn = ask(page, "Who won the 2022 World Cup?")
    expect(turn.locator(".outcome")).to_contain_text("The articles do not answer this: nothing in them comes near the question.")
    near = turn.locator("details.near")
    expect(near.locator(".card").first).not_to_be_visible()
    near.locator("> summary").click()
    expect(near.locator(".card").first).to_be_visible()
    expect(near.locator(".sure").first).to_have_text(re.compile(r"comes near \((very )?unlikely\)"))


def test_a_follow_up_says_what_was_searched_and_one_click_undoes_it(page):
    ask(page, "How many overseas police stations does China operate in Spain?")
    turn = ask(page, "And in Ireland?")
    expect(turn.locator(".carried q")).to_have_text("How many overseas police stations does China operate in Ireland?")
    turn.get_by_role("button", name="Search only my words").click()
    expect(page.locator(".turn").nth(1).locator(".carried")).to_have_count(0)
    expect(page.locator(".turn").nth(1).locator(".question")).to_have_text("And in Ireland?")


def test_filters_are_seen_counted_and_lifted_with_one_button(page):
    page.locator(".filters summary").click()
    page.get_by_label("Published from").fill("2012-01-01")
    page.get_by_label("Sample Wire (5)").check()
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator(".filters .state")).to_have_text(": from 2012-01-01, source Sample Wire; 2 of 12 articles remain")
    turn = ask(page, "How many people were on the Deepwater Horizon when it blew up?")
    expect(turn.locator(".excluded")).to_contain_text("Your filters leave out 10 articles.")
    turn.get_by_role("button", name="Clear the filters and ask again").click()
    expect(page.locator(".turn .card").first).to_contain_text("126")
    expect(page.locator(".filters .state")).to_have_text(": none")


def test_a_filter_that_leaves_nothing_says_so(page):
    page.locator(".filters summary").click()
    page.get_by_label("Published from").fill("2035-01-01")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator("#status")).to_have_text("The filters leave 0 articles.")
    turn = ask(page, POLICE)
    expect(turn.locator(".outcome")).to_have_text("No article is left by the filters (from 2035-01-01). Widen or lift them.")


def test_what_days_leave_out_is_told_and_two_boxes_let_it_in(browser, tmp_path, unsure):
    with served(tmp_path / "index", tmp_path / "log", program=HASHING) as found, visit(browser, found) as page:
        page.locator(".filters summary").click()
        page.get_by_label("Published from").fill("2020-01-01")
        page.get_by_role("button", name="Apply the filters").click()
        expect(page.locator(".filters .state")).to_have_text(": from 2020-01-01; 1 of 3 articles remain")
        turn = ask(page, "Which bridge opened?")
        expect(turn.locator(".searched")).to_contain_text(
            "Left out: 2 undated articles (tick “Undated articles too”), 1 of them guessed to be of these days (tick “Guessed days too”)."
        )
        page.locator(".filters summary").click()
        unticked = page.get_by_label("Undated articles too").screenshot()
        page.get_by_label("Guessed days too").check()
        page.get_by_label("Undated articles too").check()
        page.get_by_role("button", name="Apply the filters").click()
        expect(page.locator(".filters .state")).to_have_text(": from 2020-01-01, guessed days too, undated articles too; 3 of 3 articles remain")
        expect(page.get_by_label("Undated articles too")).to_be_checked()
        # a tick is seen
        page.locator(".filters summary").click()
        assert page.get_by_label("Undated articles too").screenshot() != unticked
        again = ask(page, "Which bridge opened?")
        expect(again.locator(".searched")).to_contain_text("2 undated (1 with a guessed day)")
        expect(again.locator(".searched")).not_to_contain_text("Left out")
        page.get_by_role("button", name="Clear filters").click()
        expect(page.get_by_label("Undated articles too")).not_to_be_checked()


def test_as_of_a_day_later_articles_are_not_known(page):
    page.locator(".filters summary").click()
    page.get_by_label("As known on").fill("2022-11-01")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator(".filters .state")).to_contain_text("until 2022-11-01; 11 of 12 articles remain")
    turn = ask(page, POLICE)
    expect(turn.locator(".card").first).to_contain_text("54")
    expect(turn).not_to_contain_text("more than 100")


def test_days_in_the_wrong_order_are_refused_with_the_reason(page):
    page.locator(".filters summary").click()
    page.get_by_label("Published from").fill("2022-01-01")
    page.get_by_label("until", exact=True).fill("2021-01-01")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator("#status")).to_contain_text("the first day (2022-01-01) is later than the last (2021-01-01)")


def test_an_address_asks_again_with_its_filters(browser, address):
    with visit(browser, f"{address}/?q=How+many+overseas+police+stations+does+China+operate%3F&before=2022-11-01") as page:
        turn = page.locator(".turn")
        expect(turn.locator(".question")).to_have_text(POLICE)
        expect(turn).not_to_contain_text("more than 100")
        link = turn.get_by_role("button", name="Copy a link that asks this again", include_hidden=True).get_attribute("data-link")
        assert link == "?q=How+many+overseas+police+stations+does+China+operate%3F&before=2022-11-01"


def test_the_shelf_lists_sorts_finds_and_opens_articles(page):
    page.get_by_role("tab", name="Articles").click()
    rows = page.locator(".shelf tbody tr")
    expect(rows).to_have_count(12)
    expect(rows.first).to_contain_text("2022-12-05")
    page.get_by_label("Find", exact=True).fill("haiti")
    page.get_by_label("Sort by").select_option("oldest")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("2010-01-15")
    rows.first.get_by_role("button").first.click()
    opened = page.locator("#article article")
    expect(opened.locator("h2")).to_contain_text("Red Cross")
    expect(opened.locator(".cite")).to_contain_text("2010-01-15")
    assert opened.locator(".keywords .words").count() >= 3
    sentences = opened.locator(".sentences button")
    expect(sentences).to_have_count(3)
    text = opened.locator(".text").evaluate("node => node.textContent")
    assert all(sentence in text for sentence in sentences.all_text_contents())
    sentences.last.click()
    expect(opened.locator("[data-names~='gist-2']")).to_be_in_viewport()
    related = opened.locator(".related li")
    days = [text[:10] for text in related.all_text_contents()]
    assert days
    assert days == sorted(days, reverse=True)
    related.first.get_by_role("button").click()
    expect(page.locator("#article h2")).not_to_contain_text("Red Cross")


@pytest.mark.parametrize(
    ("kind", "suffix", "inside"),
    [("Markdown", "md", "54"), ("Web page", "html", "<!DOCTYPE html>"), ("BibTeX", "bib", "@article"), ("CSL-JSON", "csl.json", "article-newspaper")],
)
def test_an_answer_is_taken_away_in_each_form(page, tmp_path, kind, suffix, inside):
    turn = ask(page, POLICE)
    turn.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        turn.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename.endswith(suffix)
    download.value.save_as(tmp_path / "file")
    assert inside in (tmp_path / "file").read_text()


def test_a_conversation_taken_away_as_json_is_verified(page, tmp_path, encoder, capsys):
    ask(page, POLICE)
    ask(page, "Who won the 2022 World Cup?")
    page.get_by_text("Export the conversation").click()
    with page.expect_download() as download:
        page.locator(".whole").get_by_role("button", name="JSON", exact=True).click()
    download.value.save_as(tmp_path / "answers.json")
    assert [answer["outcome"] for answer in json.loads((tmp_path / "answers.json").read_text())] == ["answered", "nothing_found"]
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds"))
    status = main(["verify", str(tmp_path / "answers.json"), "--index", str(tmp_path / "index")])
    assert status == 0, capsys.readouterr()


def test_a_quote_is_copied_with_its_citation(browser, address):
    with visit(browser, address, permissions=["clipboard-read", "clipboard-write"]) as page:
        ask(page, POLICE).get_by_role("button", name="Copy, with its citation: quote 1").click()
        expect(page.locator("#status")).to_have_text("Copied with its citation.")
        copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"“{FIRST}”\n")
    assert "Sample Daily · Pullquote samples · 2022-10-19 · characters 289-419" in copied


def test_what_was_copied_stays_said_when_the_answer_s_article_opens_by_itself(browser, address):
    held = []
    with visit(browser, address) as page:
        page.route("**/queue/join*", lambda route: held.append(route) if "beside" in (route.request.post_data or "") else route.continue_())
        page.get_by_label("Question", exact=True).fill(POLICE)
        page.get_by_label("Question", exact=True).press("Enter")
        page.get_by_role("button", name="Copy, with its citation: quote 1").click()
        expect(page.locator("#status")).to_have_text("Copied with its citation.")
        is_there(page, held)
        held[0].continue_()
        answered(page, "beside")
        expect(page.locator("#status")).to_have_text("Copied with its citation.")
        # but not beside the next answer
        page.unroute("**/queue/join*")
        ask(page, POLICE)
        expect(page.locator("#status")).to_have_text(re.compile(r"^\d quotes? from "))


def test_quotes_that_only_come_near_are_never_passed_off_as_answers(page):
    turn = ask(page, "Who won the 2022 World Cup?")
    turn.locator("details.near > summary").click()
    card = turn.locator(".card").first
    expect(card.get_by_role("button")).to_have_text(["Check in the article", "Copy"])
    card.get_by_role("button", name="Check in the article").click()
    expect(page.locator("#article .place")).to_have_text(re.compile(r"1 of \d: comes near \("))


def test_an_open_article_stays_right_when_its_answer_is_asked_anew(page):
    ask(page, "How many overseas police stations does China operate in Spain?")
    turn = ask(page, "And in Ireland?")
    if turn.locator("details.near").count():
        turn.locator("details.near > summary").click()
    turn.locator(".check").last.click()
    # the answer's first quote has opened by itself
    expect(page.locator("#article .place")).to_have_text(re.compile(r"([2-9]) of \1\b"))
    marked = page.locator("#article .here").all_text_contents()
    turn.get_by_role("button", name="Search only my words").click()
    expect(page.locator(".turn").nth(1).locator(".carried")).to_have_count(0)
    assert page.locator("#article .here").all_text_contents() == marked
    place = page.locator("#article .place").inner_text()
    page.get_by_role("button", name="Previous quote").click()
    expect(page.locator("#article .place")).not_to_have_text(place)


def test_lifted_filters_leave_no_box_ticked(page):
    page.locator(".filters summary").click()
    page.get_by_label("Sample Wire (5)").check()
    page.get_by_label("Published from").fill("2012-01-01")
    page.get_by_role("button", name="Apply the filters").click()
    expect(page.locator("#status")).to_contain_text("The filters leave")
    page.locator(".filters summary").click()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#status")).to_have_text("The filters are cleared.")
    expect(page.get_by_label("Sample Wire (5)")).not_to_be_checked()
    expect(page.get_by_label("Published from")).to_have_value("")
    page.locator(".filters summary").click()
    page.get_by_label("until", exact=True).fill("2012-01-01")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("until", exact=True)).to_have_value("")


def test_what_is_unfolded_stays_so_when_more_is_asked(page):
    turn = ask(page, "Who won the 2022 World Cup?")
    turn.locator("details.near > summary").click()
    ask(page, POLICE)
    expect(page.locator(".turn").first.locator("details.near")).to_have_attribute("open", "")


def test_an_address_with_a_filter_that_cannot_be_asks_nothing(browser, address):
    with visit(browser, f"{address}/?q=Who&after=2022-13-01") as page:
        expect(page.locator("#status")).to_contain_text("'2022-13-01' is not a day")
        expect(page.locator(".turn")).to_have_count(0)


def test_the_original_is_linked_to_the_very_words(browser, tmp_path, encoder):
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add([article("f", "A ferry sinks", "The ferry sank in 1950. Nobody was hurt.", url="https://example.org/ferry")])
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
        ask(page, "When did the ferry sink?").locator(".check").first.click()
        link = page.get_by_role("link", name="Original page")
        expect(link).to_have_attribute("href", "https://example.org/ferry#:~:text=The%20ferry%20sank%20in%201950.")
        assert "noreferrer" in link.get_attribute("rel")


def test_a_visitor_never_sees_another_s_conversation(browser, address):
    with visit(browser, address) as one, visit(browser, address) as other:
        ask(one, POLICE)
        ask(other, "Who won the 2022 World Cup?")
        # a browser's own is there again
        one.reload()
        expect(one.locator(".question")).to_have_text([POLICE])
        expect(other.locator(".question")).to_have_text(["Who won the 2022 World Cup?"])


def test_an_answer_leaves_the_turns_before_it_as_they_are(page):
    ask(page, POLICE).evaluate("node => { node.made = 'before'; }")
    ask(page, "Who won the 2022 World Cup?")
    assert page.locator(".turn").evaluate_all("nodes => nodes.map(node => node.made)") == ["before", None]
    expect(page.locator(".question")).to_have_text([POLICE, "Who won the 2022 World Cup?"])


def test_a_turn_that_never_came_is_there_with_the_next(page):
    ask(page, POLICE).evaluate("node => node.remove()")
    ask(page, "Who won the 2022 World Cup?")
    expect(page.locator(".question")).to_have_text([POLICE, "Who won the 2022 World Cup?"])


def test_the_keyboard_alone_asks_opens_and_comes_back(page):
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    page.keyboard.type(POLICE)
    page.keyboard.press("Enter")
    page.locator(".card").first.wait_for()
    opened_beside(page)
    check = page.get_by_role("button", name="Check in the article: quote 1")
    check.focus()
    outline = check.evaluate("node => { const look = getComputedStyle(node); return [look.outlineStyle, parseFloat(look.outlineWidth)]; }")
    assert outline[0] == "solid"
    assert outline[1] >= 2
    page.keyboard.press("Enter")
    expect(page.locator("#article mark.here").first).to_be_focused()
    page.get_by_role("button", name="Close the article").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#article article")).to_have_count(0)
    expect(page.locator("#card-0-0 button").first).to_be_focused()


def test_a_phone_shows_the_best_quote_first_and_never_scrolls_sideways(phone):
    turn = ask(phone, POLICE)
    expect(turn.locator(".question")).to_be_in_viewport()
    turn.locator(".check").first.click()
    expect(phone.locator("#article .here").first).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Close the article").click()
    expect(phone.locator("#card-0-0")).to_be_in_viewport()


def test_the_question_box_is_always_in_sight(page, phone):
    for opened in (page, phone):
        ask(opened, POLICE)
        expect(opened.get_by_label("Question", exact=True)).to_be_in_viewport()
        expect(opened.locator(".filters summary")).to_be_in_viewport()


def test_waiting_is_never_without_words(page):
    page.get_by_label("Question", exact=True).fill(POLICE)
    seen = page.evaluate_handle(
        "() => { const seen = []; new MutationObserver(() => seen.push(document.querySelector('#status')?.textContent))"
        ".observe(document.querySelector('#said'), {subtree: true, childList: true, characterData: true}); return seen; }"
    )
    page.get_by_label("Question", exact=True).press("Enter")
    page.locator(".turn").wait_for()
    assert "Searching the articles…" in seen.json_value()


@pytest.fixture
def own(browser, tmp_path, encoder):
    """A page over an archive that a test may change, and that archive."""
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds" / "police-centres-2022-10-19.txt", ROOT / "seeds" / "haiti-2010-01-15.txt"))
        with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
            yield page, archive


def test_files_are_added_with_a_line_for_each_and_replaced_by_name(own, tmp_path):
    page, archive = own
    (tmp_path / "bridge.txt").write_text("title: A bridge opens\nsource: Sample Wire\n\nThe bridge over the strait opened in 1932.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "rows.jsonl").write_text('{"id": "r1", "title": "One", "text": "The ferry sank in 1950."}\n')
    page.get_by_role("tab", name="Add").click()
    with page.expect_file_chooser() as chooser:
        page.locator("#files button").first.click()
    chooser.value.set_files([tmp_path / "bridge.txt", tmp_path / "picture.png", tmp_path / "rows.jsonl"])
    lines = page.locator(".fates li")
    # what is refused is known before what has to be read by the model
    expect(lines).to_have_text(
        [re.compile("refused picture.png: there is no reader for .png files"), re.compile("added bridge.txt"), re.compile("added r1")],
    )
    expect(page.locator("#added [role=status]")).to_have_text("1 refused, 2 added")
    # the last that the page is told of it
    expect(page.locator("#files .file-preview")).to_have_count(0)
    page.get_by_role("tab", name="Ask").click()
    expect(ask(page, "When did the bridge over the strait open?").locator(".card").first).to_contain_text("opened in 1932")
    assert {article.id for article in archive.articles()} >= {"uploads/bridge.txt", "r1"}


def test_a_file_that_is_too_large_is_a_line_like_the_others_which_are_added(own, tmp_path):
    page, archive = own
    (tmp_path / "<b>huge.txt").write_bytes(b"a" * (21 * 1024 * 1024))
    (tmp_path / "bridge.txt").write_text("The bridge over the strait opened in 1932.")
    page.get_by_role("tab", name="Add").click()
    with page.expect_file_chooser() as chooser:
        page.locator("#files button").first.click()
    chooser.value.set_files([tmp_path / "<b>huge.txt", tmp_path / "bridge.txt"])
    expect(page.locator("#add-panel .fates li")).to_have_text(
        ["refused <b>huge.txt: it has 21 MB; at most 20 MB of a file are taken", re.compile("added bridge.txt")]
    )
    assert archive.article("uploads/bridge.txt")
    # of what is dropped too, once the box is empty: Gradio's list of files takes files as well, and would go while it does
    expect(page.locator("#added [role=status]")).to_have_text("1 added")
    expect(page.locator("#files .file-preview")).to_have_count(0)
    page.locator("#files button").first.evaluate(
        """(box) => { const dropped = new DataTransfer();
        for (const n of [1, 2, 3]) dropped.items.add(new File([new Uint8Array(19 * 1024 * 1024)], `${n}.txt`));
        dropped.items.add(new File([new Uint8Array(30 * 1024 * 1024)], "vast.txt"));
        window.dropped = dropped.files.length;
        box.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: dropped })); }"""
    )
    refused = page.locator("#add-panel .fates .refused")
    expect(refused.nth(0)).to_have_text("refused 3.txt: at most 50 MB are taken at a time; add it next")
    expect(refused.nth(1)).to_have_text("refused vast.txt: it has 30 MB; at most 20 MB of a file are taken")


def test_an_article_is_removed_only_when_asked_twice(own):
    page, archive = own
    page.get_by_role("tab", name="Articles").click()
    row = page.locator(".shelf tbody tr", has_text="Rights group counts")
    row.get_by_role("button", name="Remove Rights group").click()
    row.get_by_role("button", name="Keep").click()
    expect(row.get_by_role("button", name="Remove Rights group")).to_be_visible()
    assert archive.status().articles == 2
    row.get_by_role("button", name="Remove Rights group").click()
    row.get_by_role("button", name="Yes, remove").click()
    expect(page.locator(".shelf tbody tr")).to_have_count(1)
    assert archive.status().articles == 1


def test_a_note_is_pinned_to_a_selection_and_kept(own):
    page, archive = own
    page.get_by_role("tab", name="Articles").click()
    page.get_by_role("button", name="Rights group counts dozens", exact=False).first.click()
    page.get_by_text("Pin a note").click()
    words = "54 overseas police stations"
    page.locator("#article .text").evaluate(
        """(node, words) => { const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT); let text;
        while ((text = walk.nextNode())) { const at = text.data.indexOf(words); if (at >= 0) {
        document.getSelection().setBaseAndExtent(text, at, text, at + words.length); return; } } }""",
        words,
    )
    expect(page.locator("[data-chosen]")).to_have_text(f"“{words}”")
    page.get_by_label("Note", exact=True).fill("compare with December")
    page.get_by_role("button", name="Pin the note").click()
    expect(page.locator(".notes li")).to_contain_text("compare with December")
    expect(page.locator("#article .pinned")).to_have_text(words)
    (note,) = archive.notes("seeds/police-centres-2022-10-19")
    assert (note.words, note.text) == (words, "compare with December")
    page.get_by_role("button", name="Remove the note").click()
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator(".notes li")).to_have_count(0)


def test_an_earlier_text_is_opened_plainly_marked_and_left_again(own):
    page, archive = own
    turn = ask(page, POLICE)
    old = archive.article("seeds/police-centres-2022-10-19")
    archive.add([article(old.id, old.title, old.text.replace("54", "55"), source=old.source, published=old.published)])
    day = archive.editions(old.id)[0].replaced.date()
    marked = f"Earlier text, replaced on {day}: no longer quoted."
    # what was quoted before is shown as it was
    turn.locator(".check").first.click()
    expect(page.locator("#article .outcome")).to_contain_text(marked)
    assert "".join(page.locator("#article .here").all_text_contents()) == FIRST
    page.get_by_role("button", name="Open the present text").click()
    expect(page.locator("#article .outcome")).to_have_count(0)
    expect(page.locator("#article .text")).to_contain_text("China had 55 overseas")
    editions = page.locator("#article .editions")
    editions.get_by_text(f"Its text was replaced on {day}; 1 earlier text").click()
    editions.get_by_role("button", name=f"The text until {day}").click()
    expect(page.locator("#article .outcome")).to_contain_text(marked)
    text = page.locator("#article .text.earlier")
    assert text.evaluate("node => node.textContent") == old.text
    quiet = page.locator("#article .cite").evaluate("node => getComputedStyle(node).color")
    assert text.evaluate("node => getComputedStyle(node).color") == quiet
    # a note would be pinned to words that are quoted no more
    expect(page.get_by_text("Pin a note")).to_have_count(0)


def test_a_correction_note_is_told_with_the_quote_and_shown_in_the_article(browser, tmp_path, encoder):
    note = "Correction, May 3: An earlier version of this article said that the ferry sank in 1951."
    (tmp_path / "ferry.jsonl").write_text(
        json.dumps({"id": "f", "title": "A ferry sinks", "text": f"The ferry sank in 1950. Nobody was hurt.\n\n{note}"})
    )
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(read_articles(tmp_path / "ferry.jsonl"))
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
        card = ask(page, "When did the ferry sink?").locator(".card").first
        expect(card.locator(".corrected")).to_have_text(f"The article has a correction note: {note}")
        card.locator(".check").click()
        page.locator("#article .corrected").get_by_role("button", name=note).click()
        expect(page.locator("#article .text .correction")).to_be_focused()
        expect(page.locator("#article .text .correction")).to_have_text(note)


def test_feedback_becomes_gold_that_the_evaluation_reads(own, tmp_path):
    page, archive = own
    turn = ask(page, POLICE)
    turn.get_by_label("More for quote 1").click()
    turn.get_by_role("button", name="Answers it: quote 1").click()
    expect(page.locator("#status")).to_contain_text("noted in this archive")
    rows = feedback_gold(archive.feedback())
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (gold,) = read_gold(tmp_path / "gold.jsonl")
    assert gold.question == POLICE
    assert gold.answers == (FIRST,)


def test_read_only_hides_and_refuses_all_writing(browser, tmp_path, encoder):
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        archive.add(read_articles(ROOT / "seeds" / "police-centres-2022-10-19.txt"))
    with served(tmp_path / "index", tmp_path / "log", "--read-only") as found, visit(browser, found) as page:
        expect(page.get_by_role("tab", name="Add")).to_have_count(0)
        turn = ask(page, POLICE)
        turn.get_by_label("More for quote 1").click()
        expect(turn.get_by_role("button", name="Copy a link to these words: quote 1")).to_be_visible()
        expect(turn.get_by_role("button", name="Answers it: quote 1")).to_have_count(0)
        page.get_by_role("tab", name="Articles").click()
        expect(page.get_by_role("button", name="Remove")).to_have_count(0)
        # a visitor who sends it all the same
        page.locator(".shelf [data-do='article']").first.evaluate("node => { node.dataset.do = 'removing'; }")
        page.locator(".shelf [data-do='removing']").first.click()
        answered(page, "removing")
        page.locator(".shelf button").first.evaluate("node => { node.dataset.do = 'remove'; }")
        page.locator(".shelf [data-do='remove']").first.click()
        expect(page.locator("#status")).to_contain_text("read only")
        assert (
            page.request.post(f"{found}/gradio_api/upload", multipart={"files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}}).status
            == 404
        )
    with Archive.open(tmp_path / "index", Settings(), encoder) as archive:
        assert archive.status().articles == 1


def test_an_empty_archive_says_how_to_add(browser, tmp_path):
    with served(tmp_path / "index", tmp_path / "log") as found, visit(browser, found) as page:
        expect(page.locator(".welcome")).to_contain_text("pullquote add FILE-OR-FOLDER")


def test_a_password_is_asked_for(browser, tmp_path):
    (tmp_path / "password").write_text("open sesame\n")
    (tmp_path / "password").chmod(0o600)
    with served(tmp_path / "index", tmp_path / "log", "--auth", f"editor:{tmp_path / 'password'}") as found:
        page = patient(browser.new_page(viewport=WIDE))
        assert page.request.get(f"{found}/gradio_api/app_id").status == 401
        page.goto(found)
        expect(page.get_by_text("Login").first).to_be_visible()
        page.locator("input").nth(0).fill("editor")
        page.locator("input").nth(1).fill("open sesame")
        page.get_by_role("button", name="Login").click()
        expect(page.locator(".welcome")).to_be_visible()
        page.close()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--auth", "editor"], "is not of the form user:password-file"),
        (["--auth", "editor:nowhere"], "the password file nowhere cannot be read"),
        (["--allow-host", "https://archive.example"], "--allow-host 'https://archive.example' is no host's name"),
    ],
)
def test_a_login_or_a_name_that_cannot_be_is_refused(options, reason, tmp_path, capsys):
    assert main(["serve", "--index", str(tmp_path), *options]) == 2
    assert reason in capsys.readouterr().err


def test_an_address_beyond_this_machine_is_warned_of_loudly(tmp_path):
    with served(tmp_path / "index", tmp_path / "log", "--host", "0.0.0.0"):
        pass
    said = (tmp_path / "log").read_text()
    assert "WARNING: 0.0.0.0 is not only this machine's" in said
    assert "All of them share one desk: each can read, and delete, what others asked" in said


def test_a_port_that_is_taken_is_named(address, tmp_path):
    port = address.rpartition(":")[2]
    with (tmp_path / "said").open("w") as out:
        server = started("app.py", "--port", port, "--index", tmp_path / "none", out=out, err=out)
    server.join(120)
    said = (tmp_path / "said").read_text()
    assert server.exitcode == 2
    assert f"port {port} on 127.0.0.1 cannot be used" in said
    assert "Traceback" not in said

"""report.html in a real browser: nothing leaves it, nothing of the texts runs, and it filters."""

import json
import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from rag.evaluation import Change, evaluate, page, read_gold
from rag.evaluation.journal import ANSWERS, read_answers
from rag.evaluation.judged import Judged
from rag.evaluation.page import write_page
from tests.conftest import ROOT
from tests.evaluation.pages import ABOUT, FATES, page_of, row
from tests.web.conftest import patient
from tests.web.test_access import findings
from tests.web.test_hostile import OWN

WIDE, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
# 1 right, 2 later, 3 silent, 4 missed, 5 wrong, 6 untold
MIXED = [row(f"{fate}-{n}", fate, f"text of {fate} {n}") for count, fate in enumerate(FATES, start=1) for n in range(count)]


def judged(one):
    return Judged.of_row(one)


def compared(before, now):
    """As `comparing.compare` gives it."""
    pair = SimpleNamespace(before=judged(before), now=judged(now))
    changes = {"R@1": Change(0.25, 0.75, 0.0002, 4), "aurc": Change(0.5, 0.625, 0.2, 4), "auroc": Change(None, None, None, 0)}
    return SimpleNamespace(changes=changes, better=[pair], worse=[], unpaired=1)


@contextmanager
def opened(browser, path, size=WIDE, **options):
    """The page as a file; whatever it asks for, says in a dialog or stumbles over is an error."""
    context = patient(browser.new_context(viewport=size, **options))
    view = context.new_page()
    requests, alarms = [], []
    view.on("request", lambda request: requests.append(request.url))
    view.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    view.on("pageerror", lambda error: alarms.append(str(error)))
    # what the security policy blocks is told there
    view.on("console", lambda message: alarms.append(message.text))
    view.goto(path.as_uri())
    try:
        yield view
    finally:
        context.close()
    assert requests == [path.as_uri()]
    assert alarms == []


@pytest.fixture
def written(tmp_path):
    def write(html):
        path = tmp_path / "report.html"
        path.write_text(html, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def evaluated(seeds, tmp_path_factory):
    """The page of a real evaluation of the seeds."""
    folder = tmp_path_factory.mktemp("evaluated")
    report = evaluate(seeds, read_gold(ROOT / "seeds" / "gold.jsonl"), folder, about={"gold file": "gold.jsonl", "left out": {}})
    for name in ("report.html", "again.html"):
        with (folder / name).open("w", encoding="utf-8") as out:
            write_page(report, read_answers(folder / ANSWERS), out)
    return folder, report


def shown(view):
    return view.locator(".questions > article:visible").count()


def button(view, fate):
    return view.locator(f".filters [data-fate={fate}]")


def test_the_same_report_gives_the_same_bytes(evaluated):
    folder, _ = evaluated
    assert (folder / "report.html").read_bytes() == (folder / "again.html").read_bytes()


def test_a_real_report_has_every_question_measure_and_plot(browser, evaluated):
    folder, report = evaluated
    with opened(browser, folder / "report.html") as view:
        assert shown(view) == len(report.questions) == 68
        assert view.locator("#measures ~ .scroll tbody tr").count() == len(report.measures)
        assert view.locator("figure > svg[role=img]").count() == 4
        counts = {one.get_attribute("data-fate"): int(one.locator(".count").inner_text()) for one in view.locator(".filters [data-fate]").all()}
        assert counts == {fate.name.lower(): [one.fate for one in report.questions].count(fate) for fate in {one.fate for one in report.questions}}
        expect(view.locator("header")).to_contain_text("68 gold questions were asked of 12 articles")
        expect(view.locator("header")).to_contain_text("Nothing was left out.")


def test_buttons_show_the_fates_that_they_count(browser, written):
    with opened(browser, written(page_of(MIXED))) as view:
        status = view.locator(".filters [role=status]")
        expect(status).to_have_text("21 of 21 shown")
        for count, fate in enumerate(FATES, start=1):
            button(view, fate).click()
            expect(button(view, fate)).to_have_attribute("aria-pressed", "true")
            assert button(view, fate).locator(".count").inner_text() == str(count)
            assert view.locator(f".questions > article[data-fate={fate}]:visible").count() == shown(view) == count
            button(view, fate).click()
        button(view, "right").click()
        button(view, "wrong").click()
        expect(status).to_have_text("6 of 21 shown")
        view.get_by_role("button", name="Show all").click()
        expect(status).to_have_text("21 of 21 shown")
        assert view.locator("[aria-pressed=true]").count() == 0


def test_a_wrong_first_quote_and_a_text_are_filters_too_and_all_hold_together(browser, written):
    with opened(browser, written(page_of(MIXED))) as view:
        status = view.locator(".filters [role=status]")
        first = view.get_by_role("button", name="only where the first quote is wrong")
        first.click()
        expect(status).to_have_text("7 of 21 shown")
        assert first.locator(".count").inner_text() == "7"
        assert view.locator(".questions > article:visible:not([data-fate=later], [data-fate=wrong])").count() == 0
        view.get_by_role("searchbox", name="Text").fill("  TEXT of\twrong 3 ")
        expect(status).to_have_text("1 of 21 shown")
        button(view, "later").click()
        expect(status).to_have_text("0 of 21 shown")
        # by the keyboard too
        view.get_by_role("button", name="Show all").focus()
        view.keyboard.press("Enter")
        expect(status).to_have_text("21 of 21 shown")


def test_without_script_everything_is_there(browser, written):
    with opened(browser, written(page_of(MIXED)), java_script_enabled=False) as view:
        assert shown(view) == 21
        expect(view.locator(".filters")).to_be_hidden()
        near = view.locator("#q6 details")
        near.locator("summary").click()
        expect(near.locator("blockquote").last).to_be_visible()


def test_a_quote_is_a_quotation_of_its_own_in_which_the_words_that_answer_are_bold(browser, written):
    with opened(browser, written(page_of([row("a", "right", quote="54 stations.", lead="It counted.", answer="54")]))) as view:
        assert view.locator("#q1 .quote :is(blockquote, .gap)").all_text_contents() == ["It counted.", "[…]", "54 stations."]
        assert view.locator("#q1 blockquote strong").all_text_contents() == ["54"]
    assert "<strong>" not in page_of([row("a", "right", quote="54 stations.")]).partition("<blockquote>")[2].partition("</blockquote>")[0]


def test_a_question_says_in_words_what_became_of_it(browser, written):
    rows = [row("a", "later", "gold", question="Asked?", quote="the quote", lead="the lead", title="Title"), row("b", "silent"), row("c", "untold")]
    with opened(browser, written(page_of(rows))) as view:
        later = view.locator("#q1")
        for words in ("Asked?", "right, but not first", "Has the answer", "the lead […] the quote", "Title", "undated", "0–9 […] 20–40", "0.50"):
            expect(later).to_contain_text(words)
        expect(later).to_contain_text("search ranks it 1 of 1")
        expect(view.locator("#q2")).to_contain_text("Not answerable: silence is right.")
        # the gold knows no answer there, so no quote has or lacks it
        for silent in ("#q2", "#q3"):
            expect(view.locator(silent)).not_to_contain_text("the answer ·")


def test_the_head_tells_what_was_left_out_and_manages_without_being_told_anything(browser, written):
    with opened(browser, written(page_of(MIXED[:1]))) as view:
        expect(view.locator("header")).to_contain_text("1 gold question was asked of 2 articles (4 passages, generation 3 of the archive)")
        expect(view.locator("header")).to_contain_text("1 question of the file did not fit the archive and was left out.")
    assert "1 gold question was asked." in page_of(MIXED[:1], about={})
    assert "2 questions of them in an earlier run" in page_of(MIXED[:3], about=ABOUT | {"resumed": 2})


def test_better_and_worse_stand_side_by_side(browser, written):
    before, now = row("right-0", "wrong", quote="what it said"), MIXED[0]
    with opened(browser, written(page_of(MIXED, compared(before, now)))) as view:
        section = view.locator("section[aria-labelledby=compared]")
        cells = section.locator("table").first.locator("tbody tr").all_inner_texts()
        assert [re.split(r"\s*\t\s*", cell) for cell in cells] == [
            ["R@1", "0.250", "0.750", "< 0.001", "4", "better"],
            ["auroc", "–", "–", "–", "0", "not told"],
            ["aurc", "0.500", "0.625", "0.200", "4", "worse, as chance may have it"],
        ]
        (pair,) = section.locator(".pairs tbody tr").all()
        assert pair.locator("td").all_inner_texts() == ["answered wrongly\nwhat it said", "right\ntext of right 0"]
        pair.get_by_role("link").click()
        expect(view.locator("#q1")).to_be_in_viewport()


def test_of_too_many_questions_those_that_went_wrong_are_kept(monkeypatch):
    monkeypatch.setattr(page, "MOST_QUESTIONS", 9)
    html = page_of(MIXED)
    assert "The page has 9 of 21 questions" in html
    # 5 wrong, 4 missed
    assert [html.count(f'<article id="q{number}"') for number in range(1, 22)] == [0] * 6 + [1] * 9 + [0] * 6
    assert "The page has" not in page_of(MIXED[:9])


def test_only_addresses_that_are_safe_are_links():
    assert 'href="https://example.org/a"' in page_of([row("a", "right", url="https://example.org/a")])
    for url in ("javascript:alert(1)", "https://user@example.org/", "data:text/html,x"):
        assert url not in page_of([row("a", "right", url=url)])


def hostile(texts):
    return [row(text, list(FATES)[n % len(FATES)], text, answer=text) for n, text in enumerate(texts)]


def read(text):
    """As a browser reads it: line ends alike, and no NUL, which HTML cannot hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def test_hostile_strings_stay_text(browser, written, request):
    texts = list(OWN)
    try:
        texts += json.loads((request.getfixturevalue("shared") / "hostile" / "blns.json").read_text())
    except pytest.skip.Exception:
        assert len(texts) == 30
    texts = [text for text in dict.fromkeys(texts) if text.strip()]
    rows = hostile(texts)
    about = ABOUT | {"gold file": OWN[1], "left out": {OWN[0]: OWN[1]}, OWN[4]: {OWN[8]: OWN[12]}}
    now = [one | {"id": text} for one, text in zip(rows, texts, strict=True)]
    comparison = SimpleNamespace(changes={}, better=[SimpleNamespace(before=judged(one), now=judged(one)) for one in now], worse=[], unpaired=0)
    with opened(browser, written(page_of(rows, comparison, about))) as view:
        found = view.evaluate(
            """() => [...document.querySelectorAll('.questions > article')].map(one => [
                one.querySelector('h3 .words').textContent,
                ...[...one.querySelectorAll('.quote blockquote .words')].map(words => words.textContent),
                one.querySelector('cite').textContent,
                one.querySelector('.answers .words').textContent])"""
        )
        # the question, the lead, the quote, the title, the gold's answer
        assert found == [[read(text)] * 5 for text in texts]
        assert view.locator(".quote blockquote strong").all_text_contents() == [read(text) for text in texts]
        assert view.locator(".pairs q .words").all_text_contents() == [read(text) for text in texts[:500] for _ in ("before", "now")]
        assert view.locator("script").count() == view.locator("style").count() == 1
        assert view.locator("img, iframe, object, embed, base, link, form, main script, main style, main meta").count() == 0
        assert view.locator("article svg, [onerror], [onload], [onmouseover]").count() == 0
        assert view.title() == " ".join(f"Evaluation of {OWN[1]}".split())
        assert view.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]
        # a filter that reads all of them runs none of them
        view.get_by_role("searchbox", name="Text").fill("<script>alert(2)</script>")
        expect(view.locator("#q2")).to_be_visible()
        expect(view.locator("#q1")).to_be_hidden()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_view_keeps_anybody_out(browser, written, size):
    rows = [*MIXED, *hostile(OWN)]
    path = written(page_of(rows, compared(row("right-0", "wrong"), MIXED[0])))
    # axe is put in past the security policy, which is tested elsewhere
    with opened(browser, path, size, bypass_csp=True) as view:
        view.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        view.add_style_tag(content="article { content-visibility: visible !important; }")
        button(view, "wrong").click()
        button(view, "missed").click()
        found = findings(view)
        assert view.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [one for one in found if one[0] in ("serious", "critical")] == []


def test_it_prints(browser, written):
    with opened(browser, written(page_of(MIXED))) as view:
        view.emulate_media(media="print")
        expect(view.locator(".filters")).to_be_hidden()
        # what is folded is on paper
        expect(view.locator("#q6 details blockquote").last).to_be_visible()
        assert len(view.pdf()) > 10_000

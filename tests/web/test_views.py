"""The parts of the page as HTML, read as a browser would."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from rag import Answer, Outcome, Quote, Span
from rag.desks import Turn, Understood
from rag.types import Box, Difference, Fact, Facts, Kind, Part, Provenance, Searched, Seconds, Value
from rag.web import pane
from rag.web.desk import Desk, Opened
from rag.web.tabs import articles, ask
from rag.web.visit import Visit


class Shown(HTMLParser):
    """The text of an HTML fragment, and the elements in it."""

    def __init__(self, html):
        super().__init__()
        self.text, self.elements = "", []
        self.feed(str(html))

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)


@pytest.fixture
def desk(make):
    bold, plain = make("a", "The <b>keeper</b>  spoke. It rained. She said: “It cost $3m.”", source="<i>S</i>"), make("b", "It cost $5m.")
    quotes = (
        Quote(bold, Span(37, 61), 1, 1, Span(0, 61), speaker=Span(0, 17), lead=Span(0, 25), answer=Span(56, 59)),
        Quote(plain, Span(0, 12), 1, 0.5, Span(0, 12)),
    )
    difference = Difference("cost", (Value("$3m", 0, Span(56, 59), None), Value("$5m", 1, Span(8, 11), None)))
    answer = Answer("How much?", Outcome.ANSWERED, quotes, (), Searched(2, 2, None, None, 2), Seconds(), (difference,))
    return Desk(turns=(Turn(Understood("How much?", "How much?", (), None), answer),), opened=Opened(bold, quotes, 2, 0))


def test_a_lead_a_speaker_and_differences_are_shown_as_they_stand(desk, archive):
    html = ask.show(desk, Visit(archive, can_write=True))
    shown = Shown(html)
    quotations = [Shown(one).text for one in re.findall(r"<blockquote.*?</blockquote>", html, re.DOTALL)]
    assert quotations == ["[1] The <b>keeper</b>  spoke.", "She said: “It cost $3m.”", "[2] It cost $5m."]
    assert re.search(r"spoke\.\s+\[…\]\s+She said", shown.text)
    assert "The article attributes this to The <b>keeper</b>" in shown.text
    assert "<i>S</i> · undated" in shown.text
    rows = [[Shown(cell).text for cell in re.findall(r"<td.*?</td>", row)] for row in re.findall(r"<tr><td>.*?</tr>", html)]
    assert rows == [["undated", "$3m", "[1] <i>S</i>"], ["undated", "$5m", "[2] Title of b"]]
    assert not {"b", "i", "svg"} & set(shown.elements)
    assert re.findall(r"<strong.*?</strong>", html) == ['<strong class="answer">$3m</strong>']


def test_turns_that_the_page_has_are_not_made_again(desk, archive):
    later = replace(desk, turns=(*desk.turns, replace(desk.turns[0], understood=Understood("How long?", "How long?", (), None))))
    whole, rest = (ask.show(later, Visit(archive, can_write=True), kept=kept) for kept in (0, 1))
    assert re.findall(r'data-kept="(.)"|id="turn-(.)"', whole) == [("0", ""), ("", "0"), ("", "1")]
    assert re.findall(r'data-kept="(.)"|id="turn-(.)"', rest) == [("1", ""), ("", "1")]


def test_what_is_damaged_is_said_before_what_is_quoted(desk, archive):
    (turn,) = desk.turns
    answer = replace(turn.answer, searched=replace(turn.answer.searched, damaged=("<i>c</i>",)))
    html = ask.show(replace(desk, turns=(replace(turn, answer=answer),)), Visit(archive, can_write=True))
    assert 'role="alert"' in html
    assert "Not read, because damaged: <i>c</i>" in Shown(html).text.partition("[1]")[0]


def test_differences_are_shown_in_the_order_in_which_they_are_given(desk, archive):
    answer = desk.turns[0].answer
    days = [date(2022, 12, 5), date(2022, 10, 19), date(2022, 3, 2)]
    values = tuple(Value(f"${n}m", 0, Span(56, 59), day) for n, day in enumerate(days))
    turned = replace(desk, turns=(replace(desk.turns[0], answer=replace(answer, differences=(Difference("cost", values),))),))
    html = ask.show(turned, Visit(archive, can_write=False))
    assert re.findall(r"<tr><td>(.*?)</td>", html) == ["2022-12-05", "2022-10-19", "2022-03-02"]
    # the line of time runs from left to right all the same
    assert re.findall(r"<text.*?>(\S+) · ", html) == ["2022-03-02", "2022-10-19", "2022-12-05"]
    assert "in order of publication, 2022-03-02 to 2022-12-05" in html


@pytest.mark.parametrize(("outcome", "open", "folded"), [(Outcome.WEAK_EVIDENCE, 3, 2), (Outcome.NOTHING_FOUND, 0, 5)])
def test_near_misses_are_in_sight_only_where_they_may_answer(make, archive, outcome, open, folded):
    rain = make("r", "Rain. " * 5)
    near = tuple(Quote(rain, Span(6 * n, 6 * n + 5), 1, 0.3, Span(0, 5)) for n in range(5))
    answer = Answer("Rain?", outcome, (), near, Searched(1, 1, None, None, 1), Seconds())
    desk = Desk(turns=(Turn(Understood("Rain?", "Rain?", (), None), answer),), opened=Opened(rain, near, 0, 4))
    html = ask.show(desk, Visit(archive, can_write=True))
    before, details, rest = html.partition('<details class="near">')
    assert (before.count("<li class"), rest.count("<li class"), bool(details)) == (open, folded, True)
    assert [int(n) for n in re.findall(r'id="card-0-(\d)"', html)] == list(range(5))
    assert html.count("comes near (unlikely)") == 5
    assert "5 of 5: comes near (unlikely)" in pane.show(desk, Visit(archive, can_write=False))


def test_the_article_is_its_text_with_lead_and_quote_marked_and_nothing_else(desk, archive):
    html = pane.show(desk, Visit(archive, can_write=False))
    text = re.search(r'<div class="text".*?>(.*?)</div>', html, re.DOTALL)[1]
    assert Shown(text).text == desk.opened.article.text
    marked = "".join(Shown(one).text for one in re.findall(r"<mark.*?</mark>", text))
    assert marked == desk.turns[0].answer.quotes[0].text
    quoted = "".join(Shown(one).text for one in re.findall(r'<(?:span|mark) tabindex="-1" class="[^"]*quote[^"]*">.*?</(?:span|mark)>', text))
    assert quoted == "The <b>keeper</b>  spoke." + marked
    assert re.findall(r"<strong>.*?</strong>", text) == ["<strong>$3m</strong>"]
    assert "has since been removed" in html


def test_the_page_of_a_quote_and_a_guessed_day_are_told_and_furniture_is_quiet(make, archive):
    parts = (Part(Span(0, 10), Kind.BYLINE, "page 1", Box(1, 1, 2, 3, 4)), Part(Span(11, 24), Kind.BODY, "page 7", Box(7, 1, 2, 3, 4)))
    facts = Facts(published=Fact("May <1932>", Provenance.GUESSED))
    made = replace(make("a", "By a desk.\nIt was opened."), parts=parts, facts=facts, published=None)
    quote = Quote(made, Span(11, 24), 1, 1, Span(0, 24))
    answer = Answer("Was it?", Outcome.ANSWERED, (quote,), (), Searched(1, 1, None, None, 1), Seconds())
    desk = Desk(turns=(Turn(Understood("Was it?", "Was it?", (), None), answer),), opened=Opened(made, (quote,), 1, 0))
    assert "undated, about May <1932> · p. 7" in Shown(ask.show(desk, Visit(archive, can_write=True))).text
    article = pane.show(desk, Visit(archive, can_write=True))
    assert re.findall(r'class="[^"]*furniture[^"]*">([^<]*)', article) == ["By a desk."]
    assert "undated, about May <1932>" in Shown(article).text


def test_what_comes_near_beside_quotes_that_answer_is_folded(desk, archive):
    answer = desk.turns[0].answer
    beside = replace(desk, turns=(replace(desk.turns[0], answer=replace(answer, near_misses=answer.quotes)),))
    before, _, rest = ask.show(beside, Visit(archive, can_write=True)).partition('<details class="near"><summary>2 more that come near</summary>')
    assert (before.count("<li class"), rest.count("<li class")) == (2, 2)
    assert re.findall(r'id="card-0-(\d)"', rest) == ["2", "3"]


def test_who_may_not_write_is_offered_nothing_to_write(desk, archive):
    for part in (ask.show, pane.show):
        assert "Answers it" not in part(desk, Visit(archive, can_write=False))
        assert "Pin a note" not in part(desk, Visit(archive, can_write=False))


def test_a_note_opens_the_earlier_text_that_it_is_pinned_to(make, archive):
    old, now = make("a", "The bridge opened."), make("a", "The tunnel closed.")
    archive.add([old])
    archive.write_note("a", Span(4, 10), "mine")
    archive.add([now])
    html = pane.show(Desk(opened=Opened(now)), Visit(archive, can_write=True))
    assert f'<button type="button" class="words" data-do="edition" data-more="{old.sha256}">bridge</button>' in html
    earlier = pane.show(Desk(opened=Opened(old)), Visit(archive, can_write=True))
    assert 'data-go="note-1"' in earlier
    assert re.findall(r'class="pinned" data-names="note-1">([^<]*)', earlier) == ["bridge"]
    archive.remove(["a"])
    assert "disabled>bridge</button>" in pane.show(Desk(opened=Opened(now)), Visit(archive, can_write=True))


def test_copies_are_named_as_text_and_lead_no_one_to_take_them_for_confirmation(desk, archive):
    (turn,) = desk.turns
    copy = replace(turn.answer.quotes[0].article, id="b", title="Same <b>story</b>", source="<i>P</i>", published=date(2022, 1, 2))
    quotes = (replace(turn.answer.quotes[0], copies=(copy,)), turn.answer.quotes[1])
    html = ask.show(replace(desk, turns=(replace(turn, answer=replace(turn.answer, quotes=quotes)),)), Visit(archive, can_write=True))
    shown = Shown(html)
    assert "also in 1 copy of this story: Same <b>story</b> (<i>P</i>, 2022-01-02)" in shown.text
    assert "The quotes are of 2 articles, 1 origin: copies of one story do not confirm each other." in shown.text
    assert "The articles give different values for cost (2 articles, 1 origin):" in shown.text
    assert not {"b", "i"} & set(shown.elements)


def test_an_opened_article_leads_to_its_copies_and_the_shelf_counts_origins(make, archive):
    story = " ".join(f"word{n}" for n in range(60))
    archive.add([make("a", story), make("b", f"{story} more", title="<i>Again</i>"), make("c", "It cost $5m.")])
    html = pane.show(Desk(opened=Opened(archive.article("a"))), Visit(archive, can_write=False))
    assert "Copies of this story (1)" in html
    assert re.search(r'data-do="article" data-more="b" dir="auto">&lt;i&gt;Again', html)
    assert "3 articles, 2 origins" in articles.TAB.show(Desk(), Visit(archive, can_write=False))

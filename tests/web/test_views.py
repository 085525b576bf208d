"""The parts of the page as HTML, read as a browser would."""

import re
from html.parser import HTMLParser

import pytest

from rag import Answer, Outcome, Quote, Span
from rag.followup import Understood
from rag.types import Difference, Searched, Seconds, Value
from rag.web import views
from rag.web.desk import Desk, Opened, Turn


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
        Quote(bold, Span(37, 61), 1, 1, Span(0, 61), speaker=Span(0, 17), lead=Span(0, 25)),
        Quote(plain, Span(0, 12), 1, 0.5, Span(0, 12)),
    )
    difference = Difference("cost", (Value("$3m", 0, Span(56, 59), None), Value("$5m", 1, Span(8, 11), None)))
    answer = Answer("How much?", Outcome.ANSWERED, quotes, (), Searched(2, 2, None, None, 2), Seconds(), (difference,))
    return Desk(turns=(Turn(Understood("How much?", "How much?", (), None), answer),), opened=Opened(bold, quotes, 2, 0))


def test_a_lead_a_speaker_and_differences_are_shown_as_they_stand(desk, archive):
    html = views.conversation(desk, archive, can_write=True)
    shown = Shown(html)
    quotations = [Shown(one).text for one in re.findall(r"<blockquote.*?</blockquote>", html, re.DOTALL)]
    assert quotations == ["[1] The <b>keeper</b>  spoke.", "She said: “It cost $3m.”", "[2] It cost $5m."]
    assert re.search(r"spoke\.\s+\[…\]\s+She said", shown.text)
    assert "The article attributes this to The <b>keeper</b>" in shown.text
    assert "<i>S</i> · undated" in shown.text
    rows = [[Shown(cell).text for cell in re.findall(r"<td.*?</td>", row)] for row in re.findall(r"<tr><td>.*?</tr>", html)]
    assert rows == [["undated", "$3m", "[1] <i>S</i>"], ["undated", "$5m", "[2] Title of b"]]
    assert not {"b", "i", "svg"} & set(shown.elements)


def test_the_article_is_its_text_with_lead_and_quote_marked_and_nothing_else(desk, archive):
    html = views.article(desk, archive, can_write=False)
    text = re.search(r'<div class="text".*?>(.*?)</div>', html, re.DOTALL)[1]
    assert Shown(text).text == desk.opened.article.text
    marked = "".join(Shown(one).text for one in re.findall(r"<mark.*?</mark>", text))
    assert marked == desk.turns[0].answer.quotes[0].text
    quoted = "".join(Shown(one).text for one in re.findall(r'<(?:span|mark) tabindex="-1" class="[^"]*quote[^"]*">.*?</(?:span|mark)>', text))
    assert quoted == "The <b>keeper</b>  spoke." + marked
    assert "has since been removed" in html


def test_who_may_not_write_is_offered_nothing_to_write(desk, archive):
    for part in (views.conversation, views.article):
        assert "Answers it" not in part(desk, archive, can_write=False)
        assert "Pin a note" not in part(desk, archive, can_write=False)

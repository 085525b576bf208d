import base64
import hashlib
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from rag import render
from rag.types import Difference, Outcome, Span, Value
from tests.render.answers import HOSTILE, answered, naughty, texts, whole

ALLOWED = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "style": set(), "body": set(),
    "main": set(), "section": set(), "p": {"class", "dir"}, "figure": {"class"}, "blockquote": set(), "figcaption": set(),
    "span": {"class"}, "bdi": set(), "a": {"href", "rel"}, "footer": set(), "table": set(), "caption": set(), "thead": set(), "tbody": set(),
    "tr": set(), "th": {"scope"}, "td": set(), "strong": set(), "details": set(), "summary": set(), "h1": {"dir"}, "h2": {"dir"},
}  # fmt: skip


class Page(HTMLParser):
    """A page's elements, with the text of each innermost one; an end tag without its start fails."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.declarations, self.others = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs), []))
        assert len(attrs) == len(self.found[-1][1])
        if tag != "meta":
            self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open:
            self.open[-1][2].append(data)

    def handle_decl(self, decl):
        self.declarations.append(decl)

    def handle_comment(self, data):
        self.others.append(data)

    handle_pi = unknown_decl = handle_comment

    def all(self, tag):
        return [(attributes, "".join(text)) for name, attributes, text in self.found if name == tag]


def checked(text):
    """The page, of which nothing is outside what a sheet is made of."""
    page = Page(text)
    assert page.declarations == ["DOCTYPE html"]
    assert page.others == []
    for tag, attributes, _ in page.found:
        assert attributes.keys() <= ALLOWED[tag]
    for attributes, _ in page.all("a"):
        assert re.match("https?://", attributes["href"])
        assert attributes["rel"] == "noopener noreferrer nofollow"
    return page


def quoted(page):
    """The words of each quotation; those that answer stand in an element of their own."""
    return [text for attributes, text in page.all("p") if "dir" in attributes]


def test_the_page_stands_alone_under_a_strict_policy():
    page = checked(render.html_document([answered(whole("It is open.", url="https://example.org/a"))]))
    assert page.all("html")[0][0] == {"lang": "en"}
    assert page.all("title")[0][1] == "Is it open?"
    (style,) = [text for _, text in page.all("style")]
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [attributes["content"] for attributes, _ in page.all("meta") if "http-equiv" in attributes]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert [attributes["href"] for attributes, _ in page.all("a")] == ["https://example.org/a", "https://example.org/a#:~:text=It%20is%20open."]


def test_a_sheet_shows_what_the_answer_has(make):
    made = make("a", "The keeper\nspoke. It rained. It's  open.", title="Lock", author="Staff")
    quote = replace(whole("x"), article=made, span=Span(29, 40), lead=Span(0, 17), speaker=Span(4, 10))
    value = Value("open", 0, Span(35, 39), None)
    page = checked(render.html_document([answered(quote, differences=(Difference("lock", (value,)),))]))
    assert [text for _, text in page.all("p")][:3] == ["The keeper\nspoke.", "[…]", "It's  open."]
    assert [text for _, text in page.all("span")] == ["[1]"]
    assert [text for _, text in page.all("bdi")] == [
        "undated", "open", "1", "Lock", "keeper", "Lock", "Staff", "undated", "characters 0-17 […] 29-40",
    ]  # fmt: skip
    assert "attributed to:  · characters 4-10" in [text for _, text in page.all("p")]
    assert page.all("footer")[0][1].startswith("Searched 1 article")


def test_silence_gives_its_reason_and_near_misses_without_a_number():
    page = checked(render.html_document([answered(outcome=Outcome.WEAK_EVIDENCE, near=(whole("It rained."),))]))
    assert [text for _, text in page.all("p")][:3] == ["The articles may not answer this; the nearest:", "It rained.", "very likely (0.95)"]
    assert quoted(page) == ["It rained."]
    assert page.all("span") == page.all("details") == []


def test_where_the_articles_may_not_answer_all_but_three_are_folded():
    near = tuple(whole(f"Rain {n}.") for n in range(5))
    html = render.html_document([answered(outcome=Outcome.WEAK_EVIDENCE, near=near)])
    (folded,) = re.findall("<details>(.*?)</details>", html, re.DOTALL)
    assert "<summary>2 more that come near</summary>" in folded
    assert quoted(checked(html)) == [quote.text for quote in near]
    assert [text for text in (f"Rain {n}." for n in range(5)) if text in folded] == ["Rain 3.", "Rain 4."]
    far = render.html_document([answered(outcome=Outcome.NOTHING_FOUND, near=near)])
    assert far.count("<details>") == 1
    assert "The nearest passages, which do not answer:" in far.partition("<details>")[0]


def test_what_comes_near_beside_quotes_that_answer_is_folded():
    html = render.html_document([answered(whole("It is open."), near=(whole("It rained."), whole("It snowed.")))])
    checked(html)
    before, _, folded = html.partition("<details><summary>2 more that come near</summary>")
    assert "It rained." not in before
    assert "which do not answer" not in html
    assert folded.index("It rained.") < folded.index("It snowed.") < folded.index("</details>")


def test_the_words_that_answer_are_bold_inside_their_quotation():
    page = render.html_document([answered(replace(whole("It cost <b>5</b> & more."), answer=Span(8, 16)))])
    assert '<blockquote><p dir="auto">It cost <strong>&lt;b&gt;5&lt;/b&gt;</strong> &amp; more.</p></blockquote>' in page


def test_a_lead_is_a_quotation_of_its_own(make):
    made = make("a", "The keeper spoke. It rained. She left.")
    quote = replace(whole("x"), article=made, span=Span(29, 38), lead=Span(0, 17), answer=Span(33, 37))
    assert (
        '<blockquote><p dir="auto">The keeper spoke.</p></blockquote><p class="gap">[…]</p>'
        '<blockquote><p dir="auto">She <strong>left</strong>.</p></blockquote>'
    ) in render.html_document([answered(quote)])


def test_a_conversation_is_one_page():
    page = checked(render.html_document([answered(whole("One.")), answered(whole("Two."), question="And then?")]))
    assert [text for _, text in page.all("h1")] == ["Is it open?", "And then?"]
    assert quoted(page) == ["One.", "Two."]


def test_an_address_that_is_not_safe_is_text():
    bad = replace(whole("x").article, url="javascript:alert(1)")
    page = checked(render.html_document([answered(replace(whole("x"), article=bad))]))
    assert page.all("a") == []
    assert page.all("bdi")[-1][1] == "javascript:alert(1)"


def test_hostile_words_stay_words(shared):
    strings = [*HOSTILE, *naughty(shared)]
    quotes = [whole(text, title=text.replace("\n", " ")[:500], source=text.replace("\n", " ")) for text in strings]
    assert quoted(checked(render.html_document([answered(*quotes, question="</title><script>x</script>")]))) == [quote.text for quote in quotes]


@settings(max_examples=300)
@given(texts)
def test_every_text_is_literal(text):
    facts = {"title": "x", "author": " ".join(text.split()) or None}
    value = Value(text, 0, Span(0, len(text)), None)
    page = checked(render.html_document([answered(whole(text, **facts), question=text, differences=(Difference(text, (value,)),))]))
    assert quoted(page) == [text]
    assert page.all("h1")[0][1] == page.all("title")[0][1] == page.all("bdi")[1][1] == text


@settings(max_examples=300)
@given(texts, st.data())
def test_every_answer_is_literal(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    html = render.html_document([answered(replace(whole(text), answer=Span(start, end)))])
    checked(html)
    (words,) = re.findall('<p dir="auto">(.*?)</p>', html, re.DOTALL)
    assert re.findall("<.*?>", words) == (["<strong>", "</strong>"] if start < end else [])
    assert unescape(re.sub("<.*?>", "", words)) == text
    assert [unescape(bold) for bold in re.findall("<strong>(.*?)</strong>", words, re.DOTALL)] == [text[start:end]] * (start < end)
